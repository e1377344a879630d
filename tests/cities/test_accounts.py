"""What site administrators do with accounts, and which cities are told."""

from datetime import UTC, datetime

import pytest
from allauth.account.forms import default_token_generator as user_tokens
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cities.models import CityActivity, CityTrailEvent, User
from cities.services.accounts import edit_account, set_account_active
from cities.services.reset_letters import send_reset_letters
from tests.factories.cities import (
    PASSWORD,
    CityFactory,
    MembershipFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LIST = "cities:person_list"


@pytest.fixture
def site_admin():
    return SiteAdminFactory()


@pytest.fixture
def siti():
    return UserFactory(name="Siti", email="siti@example.id")


def edit(user, by, **changes):
    facts = {"name": user.name, "email": user.email, "is_site_admin": user.is_superuser}
    return edit_account(user=user, **facts | changes, by=by, at=AT)


def told():
    rows = CityActivity.objects.order_by("city__name", "position").select_related("city")
    return [(row.city.name, row.deed, row.target, row.before, row.after) for row in rows]


def test_a_change_is_told_to_each_city_of_the_person_and_no_other(site_admin, siti):
    for name in ("Kota A", "Kota B"):
        MembershipFactory(user=siti, city__name=name)
    MembershipFactory(city__name="Kota C")

    edit(siti, site_admin, name="Siti Aminah", email="Aminah@Example.id")

    line = (
        CityTrailEvent.ACCOUNT_CHANGED,
        "Siti <siti@example.id>",
        {"name": "Siti", "email": "siti@example.id"},
        {"name": "Siti Aminah", "email": "aminah@example.id"},
    )
    assert told() == [("Kota A", *line), ("Kota B", *line)]


def test_what_changes_nothing_is_told_to_nobody(site_admin, siti):
    MembershipFactory(user=siti)

    edit(siti, site_admin)
    set_account_active(user=siti, is_active=True, by=site_admin, at=AT)

    assert told() == []


def test_every_city_that_takes_part_hears_of_a_new_site_administrator(site_admin, siti):
    MembershipFactory(user=siti, city__name="Kota A")
    MembershipFactory(city__name="Kota B")
    CityFactory(name="Kota C")  # known, but nobody works there

    edit(siti, site_admin, is_site_admin=True)
    edit(User.objects.get(pk=siti.pk), site_admin, is_site_admin=False)

    siti.refresh_from_db()
    assert (siti.is_superuser, siti.is_staff) == (False, False)
    changes = [({"site_admin": "tidak"}, {"site_admin": "ya"})]
    changes.append(changes[0][::-1])
    assert [(city, before, after) for city, _deed, _target, before, after in told()] == [
        ("Kota A", *changes[0]),
        ("Kota A", *changes[1]),
        ("Kota B", *changes[0]),
        ("Kota B", *changes[1]),
    ]


def test_a_closed_account_is_out_with_the_very_next_request_and_back_when_opened(site_admin):
    member = MembershipFactory(pimpinan=True, city__name="Kota A", user__name="Siti")
    url = reverse("assessments:city_dashboard", args=[member.city.slug])
    client = Client()
    client.force_login(member.user)
    assert client.get(url).status_code == 200

    set_account_active(user=member.user, is_active=False, by=site_admin, at=AT)
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    assert not Client().login(email=member.user.email, password=PASSWORD)

    set_account_active(user=member.user, is_active=True, by=site_admin, at=AT)
    assert Client().login(email=member.user.email, password=PASSWORD)
    assert [(deed, before, after) for _city, deed, _target, before, after in told()] == [
        (CityTrailEvent.ACCOUNT_DEACTIVATED, {"state": "Aktif"}, {"state": "Nonaktif"}),
        (CityTrailEvent.ACCOUNT_ACTIVATED, {"state": "Nonaktif"}, {"state": "Aktif"}),
    ]
    assert member.user.memberships.count() == 1


def close(user, by):
    set_account_active(user=user, is_active=False, by=by, at=AT)


def step_down(user, by):
    edit(user, by, is_site_admin=False)


@pytest.mark.parametrize("deed", [close, step_down])
def test_nobody_takes_the_site_from_themselves(site_admin, deed):
    with pytest.raises(ValidationError) as refusal:
        deed(site_admin, by=site_admin)

    site_admin.refresh_from_db()
    assert refusal.value.code == "own_account"
    assert (site_admin.is_active, site_admin.is_superuser) == (True, True)


def test_one_may_mend_ones_own_name(site_admin):
    edit(site_admin, site_admin, name="Nama Benar")

    assert User.objects.get(pk=site_admin.pk).name == "Nama Benar"


def test_an_e_mail_of_somebody_else_is_refused_in_any_case(site_admin, siti):
    MembershipFactory(user=siti)
    UserFactory(email="budi@example.id")

    with pytest.raises(ValidationError) as refusal:
        edit(siti, site_admin, email="BUDI@example.id")

    siti.refresh_from_db()
    assert refusal.value.messages == ["E-mail ini sudah terdaftar."]
    assert siti.email == "siti@example.id"
    assert told() == []


def test_the_address_of_before_opens_nothing_any_more(client, site_admin, siti):
    user_tokens.make_token(siti)  # whoever asks for a link leaves the address with allauth
    assert EmailAddress.objects.filter(user=siti).exists()

    edit(siti, site_admin, email="baru@example.id")

    client.post(reverse("account_reset_password"), {"email": "siti@example.id"})
    send_reset_letters(now=timezone.now)
    assert mail.outbox == []
    client.post(reverse("account_reset_password"), {"email": "baru@example.id"})
    send_reset_letters(now=timezone.now)
    assert [letter.to for letter in mail.outbox] == [["baru@example.id"]]
    assert not Client().login(email="siti@example.id", password=PASSWORD)
    assert Client().login(email="baru@example.id", password=PASSWORD)


# --- The pages --------------------------------------------------------------------------------


@pytest.fixture
def desk(client, site_admin):
    client.force_login(site_admin)
    return client


def names(response):
    return [one.name for one in response.context["page_obj"]]


@pytest.fixture
def four_people(site_admin):
    User.objects.filter(pk=site_admin.pk).update(name="Zul", last_login=AT)
    ani = MembershipFactory(
        of_opd=True, city__name="Kota Metro", city__code="18.72", user__name="Ani"
    )
    MembershipFactory(
        user=ani.user, pimpinan=True, city__name="Kota Bandar Lampung", city__code="18.71"
    )
    MembershipFactory(city=ani.city, pimpinan=True, user__name="Budi", user__email="b@example.id")
    UserFactory(name="Cici Metro", is_active=False, last_login=AT)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Ani", "Budi", "Cici Metro", "Zul"]),
        ({"q": "METRO"}, ["Cici Metro"]),
        ({"q": "b@example"}, ["Budi"]),
        ({"kota": "metro"}, ["Ani", "Budi"]),
        ({"kota": "18.71"}, ["Ani"]),
        ({"peran": "pimpinan"}, ["Ani", "Budi"]),
        ({"kota": "metro", "peran": "pimpinan"}, ["Budi"]),
        ({"keadaan": "nonaktif"}, ["Cici Metro"]),
        ({"keadaan": "belum"}, ["Ani", "Budi"]),
        ({"keadaan": "situs"}, ["Zul"]),
        ({"keadaan": "apa", "peran": "raja"}, ["Ani", "Budi", "Cici Metro", "Zul"]),
        ({"q": "\x00"}, ["Ani", "Budi", "Cici Metro", "Zul"]),
        ({"urut": "baru"}, ["Cici Metro", "Budi", "Ani", "Zul"]),
    ],
)
def test_everybody_is_found_by_name_city_role_and_state(
    client, site_admin, four_people, query, expected
):
    client.force_login(site_admin)
    User.objects.filter(name__in=["Ani", "Budi"]).update(last_login=None)

    assert names(client.get(reverse(LIST), query)) == expected


def test_a_persons_data_is_changed_on_its_page(desk, siti):
    url = reverse("cities:person_edit", args=[siti.pk])
    MembershipFactory(user=siti, city__name="Kota Metro", pimpinan=True)

    assert "Kota Metro" in desk.get(url).content.decode()
    response = desk.post(url, {"name": "Siti Aminah", "email": "Siti@Example.id"}, follow=True)

    siti.refresh_from_db()
    assert (siti.name, siti.email, siti.is_superuser) == ("Siti Aminah", "siti@example.id", False)
    assert response.redirect_chain == [(reverse(LIST), 302)]


def test_a_refusal_stands_on_the_form(desk, site_admin, siti):
    UserFactory(email="budi@example.id")
    data = {"name": "Siti", "email": "budi@example.id"}
    own = {"name": "Saya", "email": site_admin.email}

    taken = desk.post(reverse("cities:person_edit", args=[siti.pk]), data)
    stepped_down = desk.post(reverse("cities:person_edit", args=[site_admin.pk]), own)

    assert taken.context["form"].non_field_errors() == ["E-mail ini sudah terdaftar."]
    assert stepped_down.context["form"].non_field_errors() == [
        "Ini akun Anda sendiri. Mintalah administrator situs lain melakukannya."
    ]


def test_an_account_is_closed_and_opened_from_the_list(desk, siti):
    closed = desk.post(reverse("cities:person_deactivate", args=[siti.pk]), follow=True)
    siti.refresh_from_db()
    assert not siti.is_active
    assert "Akun Siti dinonaktifkan: pemiliknya tidak dapat masuk lagi." in (
        closed.content.decode()
    )

    opened = desk.post(reverse("cities:person_activate", args=[siti.pk]), follow=True)
    siti.refresh_from_db()
    assert siti.is_active
    assert "Akun Siti aktif kembali." in opened.content.decode()


def test_ones_own_account_is_not_offered_to_be_closed_and_stays_open(desk, site_admin, siti):
    own = reverse("cities:person_deactivate", args=[site_admin.pk])
    page = desk.get(reverse(LIST)).content.decode()

    assert own not in page
    assert reverse("cities:person_deactivate", args=[siti.pk]) in page
    assert "Ini akun Anda sendiri." in desk.post(own, follow=True).content.decode()
    site_admin.refresh_from_db()
    assert site_admin.is_active
