"""Whatever comes in is in NFC and without what nobody sees."""

import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from assessments.filetypes.names import safe_name
from cities.models import Opd
from cities.roles import Role
from kla.middleware import ComposedText
from tests.factories.cities import MembershipFactory

NFD = unicodedata.normalize("NFD", "Café")


def passed(request):
    ComposedText(lambda _request: HttpResponse()).process_view(request, None, (), {})
    return request


def test_every_field_every_search_and_every_file_name_is_composed():
    file = SimpleUploadedFile(f"{NFD}.pdf", b"x")
    request = passed(
        RequestFactory().post(
            f"/?q={NFD}", {"a-name": f"\u202e{NFD}\u200b", "other": [NFD, "x"], "f": file}
        )
    )

    assert request.GET["q"] == "Café"
    assert request.POST["a-name"] == "Café"
    assert request.POST.getlist("other") == ["Café", "x"]
    assert request.FILES["f"].name == "Café.pdf"


def test_a_password_stays_as_it_was_typed_and_an_address_shows_what_is_hidden():
    sent = {"password": NFD, "oldpassword": NFD, "new-password1": NFD, "again": NFD}
    request = passed(RequestFactory().post("/", {**sent, "email": "a@b.id\u200b"}))

    assert {name: request.POST[name] for name in sent} == sent
    assert request.POST["email"] == "a@b.id\u200b"


def test_the_stored_name_of_an_upload_is_composed():
    assert safe_name(f"{NFD}.pdf") == "Café.pdf"


@pytest.mark.django_db
def test_an_opd_is_stored_composed(client):
    admin = MembershipFactory(role=Role.ADMIN_KOTA)
    client.force_login(admin.user)

    client.post(
        f"/kota/{admin.city.slug}/opd/tambah/",
        {"code": "X1", "name": f"Dinas {NFD}\u200b", "kind": "perangkat_daerah"},
    )

    assert list(Opd.objects.filter(code="X1").values_list("name", flat=True)) == ["Dinas Café"]
