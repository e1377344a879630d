"""Links of the bucket: for a moment, for whom every question of access was answered, if at all."""

from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from assessments.choices import Sensitivity
from assessments.models import SupportingDocument
from tests.assessments.situations import hand_in, staff_of
from tests.backups.conftest import s3_address  # noqa: F401  # a fixture
from tests.factories.cities import MembershipFactory
from tests.site.test_bucket_storage import storage as bucket  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def seconds():
    return 60


@pytest.fixture
def document(settings, bucket, s3_address, seconds, answer, staff):  # noqa: F811
    """Handed in by `staff`, in a bucket."""
    options = {
        "bucket_name": "dokumen",
        "location": "kota",
        "endpoint_url": s3_address,
        "region_name": "us-east-1",
        "access_key": "kla",
        "secret_key": "rahasia",
        "signed_seconds": seconds,
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "kla.bucket_storage.BucketStorage", "OPTIONS": options}
    }
    assert storages["default"].signed_seconds == seconds
    [evidence] = hand_in(answer, by=staff.user)
    return evidence.document


def ask(client, document, method="get"):
    address = reverse("assessments:document_download", args=[document.city.slug, document.pk])
    return getattr(client, method)(address)


def content_of(response):
    return b"".join(response.streaming_content)


def test_whoever_may_open_it_is_led_to_the_bucket(client, document, staff):
    client.force_login(staff.user)

    response = ask(client, document)

    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    link = urlsplit(response["Location"])
    asked = parse_qs(link.query)
    assert link.path == f"/dokumen/kota/{document.file.name}"
    assert asked.get("X-Amz-Expires", ["60"]) == ["60"]
    with urlopen(response["Location"]) as answer:
        assert len(answer.read()) == document.size
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == document.media_type


def test_a_stranger_and_another_opd_get_no_link(client, document, year):
    for person in (MembershipFactory(verifikator=True).user, staff_of(year, "DINKES").user):
        client.force_login(person)
        response = ask(client, document)
        assert response.status_code == 404
        assert "Location" not in response


def test_nobody_without_an_account_gets_one(client, document):
    assert ask(client, document)["Location"].startswith("/masuk/")


@pytest.mark.parametrize(
    "facts",
    [{"sensitivity": Sensitivity.values[0]}, {"damaged_since": timezone.now()}],
    ids=["sensitive", "damaged"],
)
def test_a_sensitive_or_damaged_one_passes_through_the_site(client, document, staff, facts):
    SupportingDocument.objects.filter(pk=document.pk).update(**facts)
    client.force_login(staff.user)

    response = ask(client, document)

    assert response.status_code == 200
    assert len(content_of(response)) == document.size


def test_a_question_about_it_alone_gets_no_link(client, document, staff):
    client.force_login(staff.user)

    assert ask(client, document, "head").status_code == 200


@pytest.mark.parametrize("seconds", [0])
def test_without_the_setting_everything_passes_through_the_site(client, document, staff, seconds):
    client.force_login(staff.user)

    response = ask(client, document)

    assert response.status_code == 200
    assert len(content_of(response)) == document.size
