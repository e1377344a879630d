"""A passkey, made and used in a real browser with its virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories.cities import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_makes_a_passkey_at_the_first_sign_in_and_comes_in_with_it(
    page, live_server, settings
):
    settings.KLA_SECOND_FACTOR = frozenset({"admin_kota"})
    admin = MembershipFactory(admin_kota=True).user
    # A passkey belongs to a name; browsers give none to a bare address of the network.
    home = live_server.url.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    refused = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)

    def sign_in():
        page.goto(f"{home}/masuk/")
        page.fill("input[name=login]", admin.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")

    sign_in()
    assert page.url == f"{home}/akun/faktor/"
    page.click("text=Tambah kunci sandi")
    page.fill("input[name=name]", "Laptop kantor")
    page.click("main button[data-passkey-button]")
    page.wait_for_url(f"{home}/akun/faktor/cadangan/")
    [key] = Authenticator.objects.filter(user=admin, type="webauthn")
    assert key.wrap().name == "Laptop kantor"

    page.context.clear_cookies()
    sign_in()
    assert page.url == f"{home}/akun/faktor/kode/"
    page.click("text=Masuk dengan kunci sandi")
    page.wait_for_url(lambda url: "/akun/" not in url)
    assert page.locator(".user-menu__name").inner_text() == admin.name

    page.goto(f"{home}/akun/konfirmasi/kunci/?next=/akun/sesi/")
    page.click("text=Pakai kunci sandi")
    page.wait_for_url(f"{home}/akun/sesi/")
    assert refused == []  # the content policy lets everything run
