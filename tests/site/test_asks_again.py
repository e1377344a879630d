"""Deeds of weight ask for the password again, and nothing typed is lost on the way."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver

from cities.models import Membership, User
from cities.roles import Role
from tests.factories.cities import PASSWORD, MembershipFactory, SiteAdminFactory
from tests.site.test_second_factor import code, with_factor

pytestmark = pytest.mark.django_db

COVERED = {
    "api:service_create",
    "api:service_token_create",
    "api:token_create",
    "api:webhook_create",
    "api:webhook_delete",
    "api:webhook_edit",
    "api:webhook_renew",
    "assessments:stage_reopen",
    "cities:email_change",
    "cities:invitation_create",
    "cities:member_edit",
    "cities:member_import_confirm",
    "cities:member_remove",
    "cities:member_replace",
    "cities:member_reset_factor",
    "cities:person_activate",
    "cities:person_deactivate",
    "cities:person_edit",
    "cities:person_reset_factor",
}


@pytest.fixture
def admin(client):
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)
    return member


def proven(client, *, minutes_ago):
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - minutes_ago * 60}
    ]
    session.save()


def covered(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from covered(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and getattr(entry.callback, "asks_again", False):
            yield f"{space}{entry.name}"


def test_these_pages_ask_again_and_no_others():
    assert set(covered(get_resolver())) == COVERED


def address_of(admin, other, name):
    return f"/kota/{admin.city.slug}/anggota/{other.pk}/{name}/"


def test_within_fifteen_minutes_nothing_is_asked(client, admin):
    other = MembershipFactory(city=admin.city, verifikator=True)
    proven(client, minutes_ago=14.9)

    assert client.get(address_of(admin, other, "ubah")).status_code == 200


def test_after_fifteen_minutes_the_password_comes_before_the_form(client, admin):
    other = MembershipFactory(city=admin.city, verifikator=True)
    address = address_of(admin, other, "ubah")
    proven(client, minutes_ago=15.1)

    asked = client.get(address)
    assert asked.url == f"/akun/konfirmasi/?next={address.replace('/', '%2F')}"
    assert client.post(asked.url, {"password": "salah"}).status_code == 200
    assert client.get(address).status_code == 302

    assert client.post(asked.url, {"password": PASSWORD}).url == address
    assert client.get(address).status_code == 200


def test_a_form_that_took_longer_is_handed_in_after_the_password(client, admin):
    other = MembershipFactory(city=admin.city, verifikator=True)
    address = address_of(admin, other, "ubah")
    proven(client, minutes_ago=20)

    asked = client.post(address, {"role": Role.PIMPINAN, "opd": ""})
    other.refresh_from_db()
    assert other.role == Role.VERIFIKATOR

    done = client.post(asked.url, {"password": PASSWORD}, follow=True)

    other.refresh_from_db()
    assert other.role == Role.PIMPINAN
    assert f"Peran {other.user} tersimpan." in done.text
    other.role = Role.VERIFIKATOR
    other.save()
    client.get(address)  # what was held is handed in once
    other.refresh_from_db()
    assert other.role == Role.VERIFIKATOR


def test_a_form_that_is_refused_comes_back_with_its_fields_at_its_own_address(client, admin):
    site, edited = SiteAdminFactory(), MembershipFactory(city=admin.city).user
    client.force_login(site)
    proven(client, minutes_ago=20)
    typed = {"name": "Nama Panjang Sekali", "email": admin.user.email}  # of somebody else

    asked = client.post(f"/orang/{edited.pk}/ubah/", typed)
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)

    assert page.request["PATH_INFO"] == f"/orang/{edited.pk}/ubah/"
    assert 'value="Nama Panjang Sekali"' in page.text
    assert "E-mail ini sudah terdaftar." in page.text
    assert not User.objects.filter(name="Nama Panjang Sekali").exists()


def test_a_deed_of_one_button_is_done_after_the_password(client):
    client.force_login(SiteAdminFactory())
    closed = MembershipFactory().user
    proven(client, minutes_ago=20)

    asked = client.post(f"/orang/{closed.pk}/nonaktif/")
    client.post(asked.url, {"password": PASSWORD}, follow=True)

    closed.refresh_from_db()
    assert not closed.is_active


def test_what_was_held_for_longer_than_fifteen_minutes_is_forgotten(client, admin):
    other = MembershipFactory(city=admin.city, verifikator=True)
    address = address_of(admin, other, "hapus")
    proven(client, minutes_ago=20)
    client.post(address)
    session = client.session
    session["held_post"] = {**session["held_post"], "at": time.time() - 16 * 60}
    session.save()
    proven(client, minutes_ago=0)

    assert client.get(address).status_code == 200
    assert Membership.objects.filter(pk=other.pk).exists()


def test_what_was_held_for_one_page_is_not_handed_in_at_another(client, admin):
    first, second = MembershipFactory.create_batch(2, city=admin.city, verifikator=True)
    proven(client, minutes_ago=20)
    client.post(address_of(admin, first, "hapus"))
    proven(client, minutes_ago=0)

    client.get(address_of(admin, second, "hapus"))

    assert Membership.objects.filter(pk__in=[first.pk, second.pk]).count() == 2


def test_the_password_itself_is_asked_only_of_ones_own_session(client, admin):
    """A proof of somebody who used this browser before proves nothing of the next one."""
    session = client.session
    session["account_authentication_methods_user"] = str(SiteAdminFactory().pk)
    session.save()
    other = MembershipFactory(city=admin.city, verifikator=True)

    assert client.get(address_of(admin, other, "ubah")).status_code == 302


def test_the_code_of_the_app_proves_it_as_well(client, admin):
    with_factor(admin.user)
    other = MembershipFactory(city=admin.city, verifikator=True)
    address = address_of(admin, other, "hapus")
    proven(client, minutes_ago=20)
    asked = client.get(address)
    page = client.get(asked.url)
    assert "Pakai kode dari aplikasi atau kode cadangan" in page.text

    by_code = f"/akun/konfirmasi/kode/?next={address}"
    assert client.post(by_code, {"code": code()}).url == address
    assert client.get(address).status_code == 200


def test_a_passwordless_account_without_a_factor_signs_in_anew(client):
    site = SiteAdminFactory(password=None)
    client.force_login(site)
    proven(client, minutes_ago=20)

    page = client.get(f"/orang/{MembershipFactory().user.pk}/ubah/", follow=True)

    assert page.request["PATH_INFO"] == "/keluar/"
    assert "Keluar, lalu masuk kembali untuk melanjutkan." in page.text
    assert not Authenticator.objects.exists()
