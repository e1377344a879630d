"""Requests that no page of ours makes: odd texts, odd names, odd methods, odd cookies."""

import unicodedata

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cities.models import User
from cities.services.reset_letters import send_reset_letters
from kla import devices
from kla.finders import NpmFinder
from kla.middleware import ComposedText, private_pages
from kla.views import bad_request, csrf_failure, page_not_found, permission_denied, server_error
from tests.factories.cities import PASSWORD, UserFactory

NFD = unicodedata.normalize("NFD", "Café")
FACTORY = RequestFactory()


# --- Text ---------------------------------------------------------------------------------------


def passed(request):
    ComposedText(lambda _request: HttpResponse()).process_view(request, None, (), {})
    return request


def test_a_request_without_odd_text_is_handed_on_as_it_is():
    request = FACTORY.post("/?a=1", {"b": ["x", "y"]})
    asked, sent = request.GET, request.POST

    passed(request)

    assert (request.GET is asked, request.POST is sent) == (True, True)


def test_only_what_a_form_sends_is_touched():
    """The body of anything else is read by nobody here."""
    request = FACTORY.put(f"/?q={NFD}", data=f"x={NFD}", content_type="text/plain")

    passed(request)

    assert request.GET["q"] == "Café"
    assert request.body.decode() == f"x={NFD}"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", f"\u202e{NFD}\u200f", "Café"),
        ("form-0-name", NFD, "Café"),
        ("password", f"{NFD}\u200b", f"{NFD}\u200b"),
        ("form-0-password1", NFD, NFD),
        ("oldPassword", NFD, NFD),
        ("again", NFD, NFD),
        ("email", f"{NFD}\u200b", "Café\u200b"),
        ("member-email", "a\u202e@b.id", "a\u202e@b.id"),
        ("", NFD, "Café"),
        (NFD, NFD, "Café"),
        ("title", "", ""),
        ("title", "\u200b", ""),
        ("title", "👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_each_field_is_composed_by_what_it_is_for(name, value, expected):
    request = passed(FACTORY.post("/", {name: value}))

    assert request.POST.getlist(name) == [expected]


def test_of_many_values_each_is_composed_and_none_is_lost():
    request = passed(FACTORY.post("/", {"kinds": [NFD, "a", NFD, ""], "x": "y"}))

    assert request.POST.getlist("kinds") == ["Café", "a", "Café", ""]
    assert request.POST["x"] == "y"


def test_files_of_one_field_are_each_named_as_they_are_stored():
    files = [SimpleUploadedFile(f"{NFD}{number}.pdf", b"x") for number in range(3)]

    request = passed(FACTORY.post("/", {"files": files}))

    assert [file.name for file in request.FILES.getlist("files")] == [
        "Café0.pdf",
        "Café1.pdf",
        "Café2.pdf",
    ]


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4))
def test_composing_twice_is_composing_once(fields):
    request = FACTORY.post("/", {name.replace("\x00", ""): one for name, one in fields.items()})
    once = passed(request).POST

    assert passed(request).POST is once


# --- Answers that nobody keeps ------------------------------------------------------------------


def test_an_answer_that_says_how_long_it_is_kept_is_believed_and_no_other():
    def answered(**headers):
        return private_pages(lambda _request: HttpResponse(headers=headers))(FACTORY.get("/"))

    assert answered()["Cache-Control"] == "private, no-store"
    told = {"Cache-Control": "public, max-age=60"}
    assert answered(**told)["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: bad_request(request, ValueError()), 400),
        (lambda request: permission_denied(request, ValueError()), 403),
        (lambda request: page_not_found(request, ValueError()), 404),
        (server_error, 500),
        (csrf_failure, 403),
    ],
)
def test_no_error_page_asks_the_database_who_is_there(view, status):
    """Nothing but the test's own guard would notice: there is no database here."""
    response = view(FACTORY.get("/"))

    assert response.status_code == status
    assert "<h1>" in response.text
    assert not response.has_header("Retry-After")


@pytest.mark.parametrize(
    "address", ["/%00", "/kota/%ff/", "/instrumen/..%2f..%2fetc/", "/" + "x" * 5000]
)
def test_an_address_that_could_mean_anything_is_not_found(client, address):
    assert client.get(address).status_code == 404


# --- Browsers -----------------------------------------------------------------------------------


def browser(cookie=None):
    request = FACTORY.get("/")
    if cookie is not None:
        request.COOKIES[devices.COOKIE] = cookie
    return request


def remembered(*emails, cookie=None):
    for email in emails:
        response = HttpResponse()
        devices.remember(browser(cookie), response, email, secure=True)
        cookie = response.cookies[devices.COOKIE].value
    return cookie


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        "x",
        ":::",
        "\u202e",
        signing.dumps([["a", "b"]], salt="another"),
        signing.dumps([], salt=devices.SALT),
    ],
    ids=["none", "empty", "letter", "colons", "unseen", "of another kind", "of nobody"],
)
def test_a_browser_that_proves_nothing_is_not_known(cookie):
    assert devices.token_for(browser(cookie), "a@b.id") is None


def test_a_browser_is_known_for_half_a_year_and_no_longer(monkeypatch):
    cookie = remembered("a@b.id")
    assert devices.token_for(browser(cookie), "A@B.id") is not None

    monkeypatch.setattr(devices, "MAX_AGE", -1)
    assert devices.token_for(browser(cookie), "a@b.id") is None


def test_a_cookie_with_one_letter_changed_is_no_cookie():
    cookie = remembered("a@b.id")
    changed = cookie[:-1] + ("A" if cookie[-1] != "A" else "B")

    assert devices.token_for(browser(changed), "a@b.id") is None


def test_the_newest_accounts_stay_and_signing_in_again_makes_new():
    emails = [f"o{number}@b.id" for number in range(devices.MOST)]
    cookie = remembered(*emails)
    again = remembered(emails[0], "baru@b.id", cookie=cookie)

    known = [email for email in [*emails, "baru@b.id"] if devices.token_for(browser(again), email)]

    assert known == [emails[0], *emails[2:], "baru@b.id"]
    assert devices.token_for(browser(again), emails[0]) == devices.token_for(
        browser(cookie), emails[0]
    )


# --- Signing in ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("", "Bidang ini tidak boleh kosong."),
        ("bukan alamat", None),
        ("a" * 400 + "@b.id", None),
        ("a\x00@b.id", None),
    ],
)
def test_an_address_that_is_none_signs_nobody_in(client, login, told):
    UserFactory(email="a@b.id")

    response = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert len(response.context["form"].errors) == 1
    if told:
        assert response.context["form"].errors == {"login": [told]}


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", " ", "x" * 5000, f"{PASSWORD} ", f" {PASSWORD}", "\x00"])
def test_a_password_is_compared_to_its_last_space(client, password):
    user = UserFactory()

    client.post(reverse("account_login"), {"login": user.email, "password": password})

    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_link_for_a_new_password_works_once(client, mailoutbox):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    send_reset_letters(now=timezone.now)
    [link] = [line for line in mailoutbox[0].body.split() if "/" in line and "http" in line]
    path = "/" + link.partition("//")[2].partition("/")[2]
    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "sepeda-ungu-di-atap", "password2": "sepeda-ungu-di-atap"})
    assert User.objects.get().check_password("sepeda-ungu-di-atap")

    client.session.flush()
    again = client.get(path, follow=True)

    assert again.context["token_fail"] is True
    assert "password1" not in again.text


# --- Files of packages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        "vendor/",
        "vendor/../package.json",
        "vendor//etc/passwd",
        "/vendor/tus-js-client/dist/tus.min.js",
        "tus-js-client/dist/tus.min.js",
        "vendor/tus-js-client/package.json",
        "VENDOR/tus-js-client/dist/tus.min.js",
        "vendor/tus-js-client/dist/tus.min.js\x00",
    ],
)
def test_of_the_packages_nothing_but_the_list_is_found(path):
    finder = NpmFinder()

    assert finder.find(path) == []
    assert finder.find(path, find_all=True) == []


def test_files_of_packages_that_nobody_wants_collected_are_left_out():
    wanted = [file for file, _storage in NpmFinder().list(["*.map", "pdfjs-dist/*"])]

    assert wanted
    assert not [file for file in wanted if file.endswith(".map") or file.startswith("pdfjs")]
