"""The second factor: who must have one, how one is set up, used, and reset when it is lost."""

import os
import subprocess
import sys
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from cities.models import CityActivity, CityTrailEvent
from cities.roles import Role
from cities.services.accounts import set_account_active
from cities.services.second_factor import may_reset, reset_second_factor, send_factor_resets
from kla.second_factor import is_required_of
from tests.factories.cities import PASSWORD, CityFactory, MembershipFactory, SiteAdminFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.KLA_SECOND_FACTOR = frozenset({"site_admin", "admin_kota"})


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True)


def code(secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_factor(user):
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def sign_in(client, user):
    return client.post("/masuk/", {"login": user.email, "password": PASSWORD})


# --- who must have one --------------------------------------------------------------------------


def test_the_setting_knows_the_roles_that_the_cities_know():
    assert frozenset({"site_admin", *Role.values}) == django_settings.SECOND_FACTOR_ROLES


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({"KLA_LOCAL": "1"}, []),
        ({}, ["admin_kota", "site_admin"]),
        ({"KLA_SECOND_FACTOR": "none"}, []),
        ({"KLA_LOCAL": "1", "KLA_SECOND_FACTOR": "opd,verifikator"}, ["opd", "verifikator"]),
    ],
)
def test_administrators_must_have_one_unless_the_machine_is_ones_own(
    environment, required, tmp_path
):
    read = "import kla.settings as s; print(sorted(s.KLA_SECOND_FACTOR))"

    done = run(read, environment, tmp_path)

    assert done.stdout.strip() == str(required), done.stderr


def test_a_role_that_does_not_exist_keeps_the_site_from_starting(tmp_path):
    done = run("import kla.settings", {"KLA_SECOND_FACTOR": "admin_kota,lurah"}, tmp_path)

    assert done.returncode == 1
    assert "KLA_SECOND_FACTOR names no role of ours: lurah." in done.stderr


def run(script, environment, tmp_path):
    clean = {"PATH": os.environ["PATH"], "KLA_VAR": str(tmp_path)}
    strict = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "kla.example.go.id"}
    return subprocess.run(
        [sys.executable, "-c", script],
        env=clean | strict | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OPD, Role.ADMIN_KOTA)])
def test_other_roles_are_not_asked_for_one(required, client, role):
    member = MembershipFactory(role=role)

    assert sign_in(client, member.user).url == "/"
    assert client.get("/", follow=True).status_code == 200
    assert not is_required_of(member.user)


@pytest.mark.parametrize(
    "address", ["/", "/kotak-masuk/", "/orang/", "/admin/", "/akun/faktor/kunci/"]
)
def test_an_administrator_without_one_is_led_to_set_one_up_before_anything_else(
    required, client, address
):
    sign_in(client, SiteAdminFactory())

    response = client.get(address)

    assert (response.status_code, response.url) == (302, "/akun/faktor/")
    assert "Siapkan aplikasi" in client.get(response.url).text


def test_a_deed_posted_without_one_is_not_done(required, client, admin):
    client.force_login(admin.user)
    other = MembershipFactory(city=admin.city, verifikator=True)

    response = client.post(f"/kota/{admin.city.slug}/anggota/{other.pk}/hapus/")

    assert response.url == "/akun/faktor/"
    other.refresh_from_db()


def test_whoever_becomes_an_administrator_is_led_there_from_the_next_page(required, client):
    member = MembershipFactory(verifikator=True)
    client.force_login(member.user)
    assert client.get("/istilah/").status_code == 200
    member.role = Role.ADMIN_KOTA
    member.save()

    assert client.get("/").url == "/akun/faktor/"


def test_without_the_setting_an_administrator_goes_straight_in(client, admin):
    sign_in(client, admin.user)

    assert client.get("/", follow=True).status_code == 200


# --- setting one up and using it ----------------------------------------------------------------


def test_an_app_is_set_up_with_its_code_and_brings_recovery_codes(
    required, client, admin, mailoutbox
):
    sign_in(client, admin.user)
    page = client.get("/akun/faktor/aplikasi/")
    secret = page.context["form"].secret
    assert secret in page.text

    response = client.post("/akun/faktor/aplikasi/", {"code": code(secret)})

    assert response.url == "/akun/faktor/cadangan/"
    assert len(client.get(response.url).context["unused_codes"]) == 10
    kinds = Authenticator.objects.order_by("type").values_list("user", "type")
    assert [*kinds] == [(admin.user.pk, "recovery_codes"), (admin.user.pk, "totp")]
    assert client.get("/", follow=True).status_code == 200


def test_a_wrong_code_sets_nothing_up_and_says_what_to_do(client, admin):
    client.force_login(admin.user)
    client.get("/akun/faktor/aplikasi/")

    response = client.post("/akun/faktor/aplikasi/", {"code": "000000"})

    assert response.context["form"].errors["code"] == [
        "Kode tidak cocok. Tulis kode yang sedang tampil, atau tunggu kode berikutnya."
    ]
    assert not Authenticator.objects.exists()


def test_the_password_alone_does_not_open_an_account_with_one(client, admin):
    with_factor(admin.user)

    response = sign_in(client, admin.user)

    assert response.url == "/akun/faktor/kode/"
    assert "Faktor kedua" in client.get(response.url).text
    assert SESSION_KEY not in client.session
    assert client.get("/kotak-masuk/").url == "/masuk/?next=/kotak-masuk/"


def test_the_code_of_the_app_opens_it_and_opens_nothing_a_second_time(client, admin):
    with_factor(admin.user)
    sign_in(client, admin.user)
    now = code()

    assert client.post("/akun/faktor/kode/", {"code": now}).url == "/"
    assert client.session[SESSION_KEY] == str(admin.user.pk)

    thief = Client()
    sign_in(thief, admin.user)
    assert thief.post("/akun/faktor/kode/", {"code": now}).status_code == 200
    assert SESSION_KEY not in thief.session


def test_a_recovery_code_opens_it_once(client, admin):
    with_factor(admin.user)
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client, admin.user)
    assert client.post("/akun/faktor/kode/", {"code": spare}).url == "/"

    again = Client()
    sign_in(again, admin.user)
    assert again.post("/akun/faktor/kode/", {"code": spare}).status_code == 200


def test_guessing_codes_ends_after_ten(client, admin):
    with_factor(admin.user)
    sign_in(client, admin.user)
    for _guess in range(10):
        client.post("/akun/faktor/kode/", {"code": "000000"})

    response = client.post("/akun/faktor/kode/", {"code": code()})

    assert response.status_code == 200
    assert SESSION_KEY not in client.session


def test_the_last_one_of_an_administrator_is_not_switched_off(required, client, admin):
    with_factor(admin.user)
    client.force_login(admin.user)

    page = client.post("/akun/faktor/aplikasi/matikan/")

    assert "Peran Anda mewajibkan faktor kedua." in page.text
    assert Authenticator.objects.filter(type="totp").exists()


def test_somebody_of_whom_none_is_required_may_switch_it_off(required, client):
    member = MembershipFactory(verifikator=True)
    with_factor(member.user)
    client.force_login(member.user)

    assert client.post("/akun/faktor/aplikasi/matikan/").url == "/akun/faktor/"
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/akun/faktor/",
        "/akun/faktor/aplikasi/matikan/",
        "/akun/faktor/cadangan/",
        "/akun/faktor/cadangan/baru/",
        "/akun/faktor/kunci/",
        "/akun/faktor/kunci/tambah/",
        "/akun/konfirmasi/kode/",
    ],
)
def test_every_page_of_it_wears_our_frame_and_runs_no_script_of_its_own(client, admin, address):
    with_factor(admin.user)
    client.force_login(admin.user)

    page = client.get(address)

    assert page.status_code == 200
    assert "account/layout.html" in [template.name for template in page.templates]
    assert "data-allauth-onload" not in page.text


# --- a lost one ---------------------------------------------------------------------------------


def test_a_second_administrator_resets_a_lost_one_and_every_session_ends(admin, mailoutbox):
    lost = MembershipFactory(city=admin.city, admin_kota=True).user
    with_factor(lost)
    elsewhere = Client()
    elsewhere.force_login(lost)
    at = timezone.now()

    reset_second_factor(user=lost, by=admin.user, at=at)

    assert not Authenticator.objects.exists()
    assert elsewhere.get("/kotak-masuk/").url == "/masuk/?next=/kotak-masuk/"
    line = CityActivity.objects.get()
    assert (line.deed, line.by, line.city, line.at) == (
        CityTrailEvent.FACTOR_RESET, admin.user, admin.city, at
    )  # fmt: skip
    assert line.target == f"{lost.name} <{lost.email}>"


def test_the_letter_of_a_reset_goes_out_once(admin, mailoutbox):
    lost = with_factor(MembershipFactory(city=admin.city).user)
    reset_second_factor(user=lost, by=admin.user, at=timezone.now())

    for _time in range(2):
        send_factor_resets(now=timezone.now)

    [letter] = mailoutbox
    assert letter.to == [lost.email]
    assert "Faktor kedua Anda diatur ulang" in letter.subject
    lost.refresh_from_db()
    assert lost.factor_reset_at is None


def refused(user, by):
    before = [*Authenticator.objects.values_list("pk", flat=True)]
    assert before
    with pytest.raises((PermissionDenied, ValidationError)) as refusal:
        reset_second_factor(user=user, by=by, at=timezone.now())
    assert [*Authenticator.objects.values_list("pk", flat=True)] == before
    assert not CityActivity.objects.exists()
    return refusal.value


def test_nobody_resets_their_own(admin):
    assert refused(with_factor(admin.user), admin.user).code == "own_account"
    site = SiteAdminFactory()
    assert refused(with_factor(site), site).code == "own_account"
    assert not may_reset(admin.user, admin.user)


def test_a_citys_administrator_resets_none_of_somebody_of_two_cities(admin):
    lost = with_factor(MembershipFactory(city=admin.city).user)
    assert may_reset(admin.user, lost)
    MembershipFactory(user=lost, city=CityFactory())

    assert isinstance(refused(lost, admin.user), PermissionDenied)
    assert not may_reset(admin.user, lost)
    reset_second_factor(user=lost, by=SiteAdminFactory(), at=timezone.now())
    assert CityActivity.objects.count() == 2  # both cities are told


def test_a_citys_administrator_resets_none_of_a_site_administrator_or_of_another_city(admin):
    site = with_factor(SiteAdminFactory())
    MembershipFactory(user=site, city=admin.city)
    assert isinstance(refused(site, admin.user), PermissionDenied)

    stranger = with_factor(MembershipFactory(admin_kota=True).user)
    assert isinstance(refused(stranger, admin.user), PermissionDenied)


@pytest.mark.parametrize("role", [Role.GUGUS_TUGAS, Role.VERIFIKATOR, Role.PIMPINAN])
def test_other_roles_reset_none(admin, role):
    lost = with_factor(MembershipFactory(city=admin.city).user)

    assert isinstance(
        refused(lost, MembershipFactory(city=admin.city, role=role).user), PermissionDenied
    )


def test_where_there_is_none_nothing_is_reset(admin):
    lost = MembershipFactory(city=admin.city).user

    with pytest.raises(ValidationError, match="tidak memiliki faktor kedua") as refusal:
        reset_second_factor(user=lost, by=admin.user, at=timezone.now())

    assert refusal.value.code == "no_factor"
    lost.refresh_from_db()
    assert (lost.sessions_ended_at, lost.factor_reset_at) == (None, None)


@pytest.mark.parametrize("by_site", [True, False])
def test_the_page_asks_before_it_resets(client, admin, by_site):
    lost = MembershipFactory(city=admin.city)
    with_factor(lost.user)
    client.force_login(SiteAdminFactory() if by_site else admin.user)
    address = f"/orang/{lost.user.pk}" if by_site else f"/kota/{admin.city.slug}/anggota/{lost.pk}"
    assert f"{address}/faktor/" in client.get(f"{address}/ubah/").text
    assert "Pastikan dahulu" in client.get(f"{address}/faktor/").text
    assert Authenticator.objects.exists()

    done = client.post(f"{address}/faktor/", follow=True)

    assert f"Faktor kedua {lost.user} diatur ulang" in done.text
    assert not Authenticator.objects.exists()


# --- sessions that ended for good ----------------------------------------------------------------


def test_a_closed_account_that_opens_again_revives_no_old_session(client, admin):
    client.force_login(admin.user)
    site, at = SiteAdminFactory(), timezone.now()
    set_account_active(user=admin.user, is_active=False, by=site, at=at)
    set_account_active(user=admin.user, is_active=True, by=site, at=at)

    assert client.get("/kotak-masuk/").url == "/masuk/?next=/kotak-masuk/"
    assert sign_in(Client(), admin.user).url == "/"


def test_sessions_from_before_this_rule_go_on(client, admin):
    """The signature of whoever was never ended is the framework's own."""
    plain = super(type(admin.user), admin.user)._get_session_auth_hash()

    assert admin.user.get_session_auth_hash() == plain
