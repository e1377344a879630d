"""Signing in, and everything around a password."""

import re
from base64 import urlsafe_b64decode

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from cities.services.reset_letters import send_reset_letters
from kla import devices
from kla.accounts import AccountAdapter
from tests.factories.cities import UserFactory
from tests.site.test_neutral_answers import said_by

PASSWORD = "kata-sandi-panjang"
MISMATCH = str(AccountAdapter.error_messages["email_password_mismatch"])
TOO_MANY = str(AccountAdapter.error_messages["too_many_login_attempts"])

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(email="siti@metro.go.id", password=PASSWORD)


@pytest.fixture
def hashed(monkeypatch):
    """Every password that was hashed since, one entry each."""
    passwords = []
    encode = MD5PasswordHasher.encode

    def count(self, password, salt):
        passwords.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    return passwords


def sign_in(client, email, password, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def errors_of(response):
    return response.context["form"].non_field_errors()


def test_the_right_password_signs_in_and_opens_the_site(client, user):
    response = sign_in(client, "Siti@Metro.go.id", PASSWORD)

    assert (response.status_code, response.url) == (302, "/")
    assert client.session[SESSION_KEY] == str(user.pk)


def test_a_page_asked_for_before_signing_in_opens_after_it(client, user):
    asked = client.get("/sandi/ubah/")
    assert asked.url == "/masuk/?next=/sandi/ubah/"

    response = client.post(asked.url, {"login": user.email, "password": PASSWORD})

    assert response.url == "/sandi/ubah/"


def test_nobody_is_sent_to_a_foreign_site_after_signing_in(client, user):
    credentials = {"login": user.email, "password": PASSWORD}

    response = client.post("/masuk/?next=https://jahat.example/", credentials)

    assert response.url == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client, user, hashed):
    wrong = sign_in(client, user.email, "salah")
    unknown = sign_in(client, "tidak@ada.id", "salah")

    assert errors_of(wrong) == errors_of(unknown) == [MISMATCH]
    assert hashed == ["salah", "salah"]  # and the same time


def test_a_closed_account_is_answered_like_a_wrong_password(client, hashed):
    closed = UserFactory(email="tutup@metro.go.id", password=PASSWORD, is_active=False)
    hashed.clear()

    response = sign_in(client, closed.email, PASSWORD)

    assert (response.status_code, errors_of(response)) == (200, [MISMATCH])
    assert SESSION_KEY not in client.session
    assert len(hashed) == 1  # and in the same time


def test_guessing_the_password_of_a_closed_account_is_counted_too(client, hashed):
    closed = UserFactory(email="tutup@metro.go.id", password=PASSWORD, is_active=False)
    for _attempt in range(10):
        sign_in(client, closed.email, PASSWORD)
    hashed.clear()

    assert errors_of(sign_in(client, closed.email, PASSWORD)) == [TOO_MANY]
    assert hashed == []


def test_after_ten_wrong_passwords_from_one_network_none_is_hashed_there(client, user, hashed):
    for _attempt in range(10):
        assert errors_of(sign_in(client, user.email, "salah")) == [MISMATCH]
    hashed.clear()

    response = sign_in(client, user.email, PASSWORD)

    assert errors_of(response) == [TOO_MANY]
    assert hashed == []
    assert SESSION_KEY not in client.session


def test_a_stranger_who_guesses_does_not_shut_the_owner_out(client, user):
    for _attempt in range(11):
        sign_in(client, user.email, "salah", REMOTE_ADDR="203.0.113.9")

    response = sign_in(client, user.email, PASSWORD, REMOTE_ADDR="10.0.0.1")

    assert (response.status_code, response.url) == (302, "/")


def guess_from_everywhere(client, user, times):
    for attempt in range(times):
        sign_in(client, user.email, "salah", REMOTE_ADDR=f"203.0.{attempt // 5}.{attempt % 5 + 1}")


def test_guessing_from_many_networks_ends_at_a_hundred_in_an_hour(client, user, hashed):
    guess_from_everywhere(client, user, 100)
    hashed.clear()

    assert errors_of(sign_in(client, user.email, PASSWORD, REMOTE_ADDR="10.0.0.1")) == [TOO_MANY]
    assert hashed == []


def test_a_browser_in_which_the_owner_has_signed_in_is_never_shut_out(client, user):
    sign_in(client, user.email, PASSWORD)
    client.post(reverse("account_logout"))
    stranger = Client()
    guess_from_everywhere(stranger, user, 100)
    for _attempt in range(20):  # from the owner's own network as well
        sign_in(stranger, user.email, "salah")

    response = sign_in(client, user.email, PASSWORD)

    assert (response.status_code, response.url) == (302, "/")


def test_a_known_browser_guesses_no_more_than_others(client, user, hashed):
    sign_in(client, user.email, PASSWORD)
    client.post(reverse("account_logout"))
    for _attempt in range(10):
        sign_in(client, user.email, "salah")
    hashed.clear()

    assert errors_of(sign_in(client, user.email, PASSWORD)) == [TOO_MANY]
    assert hashed == []


def test_a_browser_is_known_for_the_accounts_that_signed_in_there_alone(client, user):
    sign_in(client, user.email, PASSWORD)
    client.post(reverse("account_logout"))
    other = UserFactory(email="lain@metro.go.id", password=PASSWORD)
    for _attempt in range(10):
        sign_in(client, other.email, "salah")

    assert errors_of(sign_in(client, other.email, PASSWORD)) == [TOO_MANY]
    assert sign_in(client, user.email, PASSWORD).status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "bohong:1:2", "W10:1tTest:AAAA"])
def test_a_forged_cookie_makes_no_browser_known(client, user, cookie):
    client.cookies["perangkat"] = cookie
    for _attempt in range(10):
        sign_in(client, user.email, "salah")

    assert errors_of(sign_in(client, user.email, PASSWORD)) == [TOO_MANY]


def test_the_cookie_of_a_browser_tells_nobody_who_signs_in_there(client, user):
    sign_in(client, user.email, PASSWORD)

    cookie = client.cookies["perangkat"]
    assert user.email not in cookie.value
    assert user.email.encode() not in urlsafe_b64decode(cookie.value.split(":")[0] + "==")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_six_people_at_one_desk_are_remembered_but_the_first(client):
    people = [UserFactory(email=f"p{n}@metro.go.id", password=PASSWORD) for n in range(6)]
    for person in people:
        sign_in(client, person.email, PASSWORD)
        client.post(reverse("account_logout"))

    request = RequestFactory().get("/")
    request.COOKIES["perangkat"] = client.cookies["perangkat"].value
    known = [devices.token_for(request, person.email) is not None for person in people]
    assert known == [False, True, True, True, True, True]


def test_signing_in_again_keeps_the_count_of_the_browser(client, user):
    """Or a guesser with one right password would begin anew with every sign-in."""
    request = RequestFactory().get("/")
    tokens = set()
    for _time in range(2):
        sign_in(client, user.email.upper(), PASSWORD)
        client.post(reverse("account_logout"))
        request.COOKIES["perangkat"] = client.cookies["perangkat"].value
        tokens.add(devices.token_for(request, user.email))

    assert len(tokens) == 1


def test_one_address_of_the_network_guesses_at_twenty_accounts_at_most(client, user, hashed):
    for attempt in range(20):
        sign_in(client, f"orang{attempt}@metro.go.id", "salah")
    hashed.clear()

    assert errors_of(sign_in(client, user.email, PASSWORD)) == [TOO_MANY]
    assert hashed == []


def test_a_forged_address_does_not_evade_the_throttle(client, user):
    for attempt in range(20):
        forged = {"HTTP_X_FORWARDED_FOR": f"10.0.0.{attempt}"}
        sign_in(client, f"orang{attempt}@metro.go.id", "salah", **forged)

    response = sign_in(client, user.email, PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.99")

    assert errors_of(response) == [TOO_MANY]


def test_too_many_requests_of_any_kind_get_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, "a@metro.go.id", "salah")

    response = sign_in(client, "a@metro.go.id", "salah")

    assert response.status_code == 429
    assert "<h1>Terlalu banyak percobaan</h1>" in response.text


def test_signing_in_changes_the_key_of_the_session(client, user):
    client.session.update({"lama": 1})
    session = client.session
    session["lama"] = 1
    session.save()
    before = session.session_key

    sign_in(client, user.email, PASSWORD)

    assert client.session.session_key != before
    assert not session.exists(before)


def test_signing_out_ends_the_session_and_needs_a_button(client, user):
    client.force_login(user)
    key = client.session.session_key

    asked = client.get(reverse("account_logout"))
    assert asked.status_code == 200
    assert SESSION_KEY in client.session

    response = client.post(reverse("account_logout"))
    assert response.url == "/masuk/"
    assert not client.session.exists(key)


def test_nobody_signs_up(client):
    data = {"email": "baru@metro.go.id", "password1": PASSWORD, "password2": PASSWORD}

    response = client.post(reverse("account_signup"), data)

    assert "Pendaftaran tidak dibuka" in response.text
    assert not UserFactory._meta.model.objects.filter(email="baru@metro.go.id").exists()


def test_the_admin_asks_for_the_password_on_our_throttled_page(client):
    response = client.post("/admin/login/?next=/admin/", {"username": "a", "password": "b"})

    assert response.url == "/masuk/?next=%2Fadmin%2F"


def test_the_admin_is_closed_to_people_of_a_city(client, user):
    client.force_login(user)

    assert client.get("/admin/", follow=True).status_code == 403


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(client, user, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": user.email})
    assert response.url == "/sandi/lupa/terkirim/"
    assert "Jika alamat itu memiliki akun" in client.get(response.url).text
    assert mailoutbox == []  # nothing was sent in the request

    assert send_reset_letters(now=timezone.now).sent == 1
    (mail,) = mailoutbox
    assert mail.subject == "[KLA] Tautan untuk membuat kata sandi baru"
    assert mail.to == [user.email]
    link = re.search(r"http://127.0.0.1:8000(/sandi/atur/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    new = {"password1": "sandi-yang-lain-sekali", "password2": "sandi-yang-lain-sekali"}
    done = client.post(form.request["PATH_INFO"], new)

    assert done.url == "/sandi/atur/selesai/"
    assert sign_in(client, user.email, "sandi-yang-lain-sekali").url == "/"
    assert "sudah dipakai" in client.get(link, follow=True).text


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": "tidak@ada.id"})

    send_reset_letters(now=timezone.now)
    assert response.url == "/sandi/lupa/terkirim/"
    assert mailoutbox == []


def test_changing_the_password_ends_the_sessions_elsewhere_and_tells_the_owner(
    client, user, mailoutbox, django_user_model
):
    elsewhere = type(client)()
    elsewhere.force_login(user)
    client.force_login(user)
    new = {"oldpassword": PASSWORD, "password1": "lain-sekali-9x", "password2": "lain-sekali-9x"}

    response = client.post(reverse("account_change_password"), new, follow=True)

    assert django_user_model.objects.get().check_password("lain-sekali-9x")
    assert "Kata sandi Anda telah diganti." in [str(m) for m in response.context["messages"]]
    assert [mail.subject for mail in mailoutbox] == ["[KLA] Kata sandi Anda diganti"]
    assert elsewhere.get("/sandi/ubah/").url == "/masuk/?next=/sandi/ubah/"


@pytest.mark.parametrize("password", ["pendek", "1234567890123", "siti@metro.go.id", "password123"])
def test_a_weak_password_is_refused(client, user, password):
    client.force_login(user)
    new = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = client.post(reverse("account_change_password"), new)

    assert list(response.context["form"].errors) == ["password1"]


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    ],
)
def test_every_page_for_people_outside_wears_our_frame(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert "base.html" in [template.name for template in response.templates]
    assert "account/layout.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(
    "name", ["account_logout", "account_change_password", "account_reauthenticate"]
)
def test_every_page_about_ones_account_wears_our_frame(client, user, name):
    client.force_login(user)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert "account/layout.html" in [template.name for template in response.templates]


def test_without_a_mail_server_no_page_says_that_a_letter_was_sent(client, user, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    said = {
        said_by(client.post("/sandi/lupa/", {"email": email}, follow=True))
        for email in (user.email, "asing@metro.go.id")
    }

    [page] = said  # the same for whoever has an account and whoever has none
    assert "Surat belum dapat dikirim: server e-mail belum diatur." in page
    assert "dikirim ke sana" not in page


def test_a_mail_server_that_fails_answers_the_same_as_one_that_works(client, user, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    said = {
        said_by(client.post("/sandi/lupa/", {"email": email}, follow=True))
        for email in (user.email, "asing@metro.go.id")
    }

    assert len(said) == 1
    assert "Jika alamat itu memiliki akun" in said.pop()
