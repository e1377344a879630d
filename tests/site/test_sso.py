"""Signing in with an account of the city, at a provider that really runs."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory
from django.utils import timezone

from cities.models import User
from cities.services.email_changes import (
    confirm_email_change,
    link_token,
    order_email_change,
)
from kla.sso import second_factor_is_trusted
from tests.factories.cities import SiteAdminFactory, UserFactory
from tests.site.oidc_provider import app_for, consent, provider_process, register

LOGIN = "/masuk/akun/pemkot/"
PASSWORD = "kata-sandi-panjang"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuer():
    with provider_process() as address:
        yield address


@pytest.fixture
def city_accounts(settings, issuer):
    """The settings of a site that takes the accounts of this provider."""

    def take(**facts):
        settings.SOCIALACCOUNT_PROVIDERS = {"sso": {"APPS": [app_for(issuer, **facts)]}}

    take()
    return take


@pytest.fixture
def user():
    return UserFactory(email="siti@metro.go.id", password=PASSWORD)


def come_back(client, sub, *, login=LOGIN):
    """The whole way: to the provider, its consent, and back."""
    return client.get(consent(client.get(login).url, sub))


def test_the_sign_in_page_offers_each_account_of_the_city_and_the_form(
    client, settings, city_accounts, issuer
):
    other = app_for(issuer, provider_id="prov", name="Pemerintah Provinsi Lampung")
    settings.SOCIALACCOUNT_PROVIDERS["sso"]["APPS"].append(other)

    page = client.get("/masuk/?next=/istilah/").text

    assert "Masuk dengan akun Pemerintah Kota Metro" in page
    assert "Masuk dengan akun Pemerintah Provinsi Lampung" in page
    assert 'href="/masuk/akun/prov/?next=%2Fistilah%2F"' in page
    assert 'name="password"' in page


def test_the_way_to_the_provider_carries_state_nonce_and_a_pkce_challenge(client, city_accounts):
    asked = parse_qs(urlsplit(client.get(f"{LOGIN}?scope=admin&auth_params=nonce%3Dx").url).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/masuk/akun/pemkot/kembali/"]
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
    assert [len(asked[name][0]) >= 16 for name in ("state", "nonce", "code_challenge")] == [
        True
    ] * 3


def test_a_verified_address_opens_its_account_and_the_page_asked_for(
    client, city_accounts, issuer, user
):
    register(issuer, "s1", email="Siti@Metro.go.id", email_verified=True)

    response = come_back(client, "s1", login=f"{LOGIN}?next=/sandi/ubah/")

    assert (response.status_code, response.url) == (302, "/sandi/ubah/")
    assert client.session[SESSION_KEY] == str(user.pk)
    assert SocialAccount.objects.count() == 0  # nothing is kept of the foreign account
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email": "siti@metro.go.id", "email_verified": False}, "sudah terverifikasi"),
        ({"email": "siti@metro.go.id"}, "sudah terverifikasi"),
        ({"email_verified": True}, "sudah terverifikasi"),
        ({"email": "asing@metro.go.id", "email_verified": True}, "Mintalah undangan kepada"),
        ({"email": "tutup@metro.go.id", "email_verified": True}, "Mintalah undangan kepada"),
    ],
)
def test_nobody_else_gets_in_and_reads_whom_to_ask(
    client, city_accounts, issuer, user, claims, sentence
):
    UserFactory(email="tutup@metro.go.id", is_active=False)
    before = User.objects.count()
    register(issuer, "s2", **claims)

    response = come_back(client, "s2")

    assert response.status_code == 403
    assert sentence in response.text
    assert SESSION_KEY not in client.session
    assert User.objects.count() == before


def test_a_confirmed_new_address_joins_and_the_old_one_no_longer_does(
    client, city_accounts, issuer, user
):
    at = timezone.now()
    change = order_email_change(email="siti.baru@metro.go.id", by=user, at=at)
    register(issuer, "lama", email="siti@metro.go.id", email_verified=True)
    register(issuer, "baru", email="siti.baru@metro.go.id", email_verified=True)
    early = come_back(Client(), "baru").status_code
    confirm_email_change(token=link_token(change, user), by=user, at=at)

    assert early == 403  # asked for is not confirmed
    assert come_back(Client(), "lama").status_code == 403
    assert come_back(client, "baru").status_code == 302
    assert client.session[SESSION_KEY] == str(user.pk)


def test_an_answer_that_was_begun_in_another_browser_opens_nothing(
    client, city_accounts, issuer, user
):
    register(issuer, "s3", email=user.email, email_verified=True)
    back = consent(Client().get(LOGIN).url, "s3")

    response = client.get(back)

    assert "Belum dapat masuk" in response.text
    assert SESSION_KEY not in client.session


def test_an_answer_to_another_nonce_opens_nothing(client, city_accounts, issuer, user):
    register(issuer, "s4", email=user.email, email_verified=True)
    url = client.get(LOGIN).url
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]

    response = client.get(consent(url.replace(nonce, "n" * len(nonce)), "s4"))

    assert response.status_code == 403
    assert SESSION_KEY not in client.session


def test_a_provider_that_speaks_for_another_issuer_is_not_believed(client, issuer, settings):
    app = app_for(f"{issuer}/.well-known/openid-configuration")
    settings.SOCIALACCOUNT_PROVIDERS = {"sso": {"APPS": [app]}}

    assert "Belum dapat masuk" in client.get(LOGIN).text


def test_whoever_refuses_at_the_provider_comes_back_to_a_page_of_ours(client, city_accounts):
    state = parse_qs(urlsplit(client.get(LOGIN).url).query)["state"][0]

    response = client.get(f"{LOGIN}kembali/?error=access_denied&state={state}", follow=True)

    assert "Belum dapat masuk" in response.text


def test_a_provider_that_is_away_is_told_and_no_fault_of_ours(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"sso": {"APPS": [app_for("http://127.0.0.1:1")]}}

    assert "Belum dapat masuk" in client.get(LOGIN).text


def test_a_signed_in_person_does_not_tie_a_foreign_account_to_their_own(
    client, city_accounts, issuer, user
):
    other = UserFactory(email="lain@metro.go.id")
    register(issuer, "s5", email=user.email, email_verified=True)
    client.force_login(other)

    come_back(client, "s5", login=f"{LOGIN}?process=connect")

    assert client.session[SESSION_KEY] == str(other.pk)
    assert SocialAccount.objects.count() == 0


def test_coming_by_an_account_of_the_city_ends_the_session_of_who_was_there(
    client, city_accounts, issuer, user
):
    client.force_login(UserFactory(email="lain@metro.go.id"))
    register(issuer, "s6", email=user.email, email_verified=True)

    come_back(client, "s6")

    assert client.session[SESSION_KEY] == str(user.pk)


def test_signing_out_here_signs_out_at_the_provider(client, city_accounts, issuer, user):
    register(issuer, "s7", email=user.email, email_verified=True)
    come_back(client, "s7")

    url = urlsplit(client.post("/keluar/").url)

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{issuer}/oauth2/end_session"
    asked = parse_qs(url.query)
    assert asked["post_logout_redirect_uri"] == ["http://127.0.0.1:8000/masuk/"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert SESSION_KEY not in client.session


def test_whoever_came_by_a_password_signs_out_here_alone(client, city_accounts, user):
    client.force_login(user)

    assert client.post("/keluar/").url == "/masuk/"


def test_without_passwords_only_site_administrators_sign_in_by_one(
    client, settings, city_accounts, user
):
    settings.KLA_LOCAL_SIGN_IN = False
    admin = SiteAdminFactory(email="situs@metro.go.id", password=PASSWORD)

    assert 'name="password"' not in client.get("/masuk/").text
    assert 'name="password"' in client.get("/masuk/?sandi=1").text
    refused = client.post("/masuk/", {"login": user.email, "password": PASSWORD})
    wrong = client.post("/masuk/", {"login": user.email, "password": "salah"})
    let_in = client.post("/masuk/", {"login": admin.email, "password": PASSWORD})

    [sentence] = refused.context["form"].non_field_errors()
    assert [sentence] == wrong.context["form"].non_field_errors()
    assert (let_in.status_code, client.session[SESSION_KEY]) == (302, str(admin.pk))


@pytest.mark.parametrize("trusts", [False, True])
def test_a_second_factor_elsewhere_counts_only_by_setting_and_for_whom_it_brought(
    client, city_accounts, issuer, user, trusts
):
    city_accounts(trusts_second_factor=trusts)
    register(issuer, "s8", email=user.email, email_verified=True)
    come_back(client, "s8")
    request = RequestFactory().get("/")
    request.session = client.session

    assert second_factor_is_trusted(request, user) is trusts
    assert second_factor_is_trusted(request, UserFactory(email="x@metro.go.id")) is False


def test_a_provider_that_nobody_named_has_no_address(client):
    assert client.get("/masuk/akun/pemkot/").status_code == 404
    assert client.get("/masuk/akun/pemkot/kembali/").status_code == 404
