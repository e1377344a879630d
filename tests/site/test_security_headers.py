"""What every answer says to the browser, the errors too."""

import pytest
from django.urls import reverse

from tests.factories.cities import UserFactory

CSP = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
ADDRESSES = ["/masuk/", "/sandi/lupa/", "/daftar/", "/sehat/", "/tidak/ada/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_restricts_what_the_browser_may_do(client, address):
    response = client.get(address)

    assert set(response["Content-Security-Policy"].split("; ")) == CSP
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*ADDRESSES, "/sandi/ubah/"])
def test_no_page_of_a_signed_in_person_is_kept_by_a_browser_or_proxy(client, address):
    client.force_login(UserFactory())

    cached = client.get(address)["Cache-Control"]

    assert {"private", "no-store"} <= set(cached.split(", "))


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client):
    user = UserFactory(password="kata-sandi-panjang")

    credentials = {"login": user.email, "password": "kata-sandi-panjang"}
    response = client.post(reverse("account_login"), credentials)
    client.get(reverse("account_login"))

    cookie = response.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == ""  # ends with the browser


@pytest.mark.django_db
def test_the_csrf_cookie_is_out_of_reach_too(client):
    cookie = client.get(reverse("account_login")).cookies["csrftoken"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
