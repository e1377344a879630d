"""What was typed comes back with the page that says why it could not be stored."""

import re
import threading
from decimal import Decimal
from html import unescape

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.urls import reverse

from assessments.models import Comment
from assessments.services.years import lock
from kla.form_tokens import FIELD
from kla.unsent import KEPT, MOST_SIGNS
from tests.assessments.situations import staff_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.cities import PASSWORD, UserFactory
from tests.site.test_once import address, form_of

pytestmark = pytest.mark.django_db

TEXT = 'Baris satu <b>tebal</b>\r\n\r\nbaris "tiga" & penutup'
LOCKED = OperationalError("canceling statement due to lock timeout")
AWAY = OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def answer():
    return answer_of(working_year(), "1.2")


@pytest.fixture
def staff(answer, client):
    user = staff_of(answer.assessment, "DISDIK").user
    client.force_login(user)
    client.raise_request_exception = False
    return user


@pytest.fixture
def breaking(monkeypatch):
    """Make the deed of a comment fail with a fault of the database."""

    def breaks(fault):
        def broken(**_facts):
            raise fault

        monkeypatch.setattr("assessments.views.question.add_comment", broken)

    return breaks


def fields_of(page):
    """What the form of a page would send, as a browser does."""
    (form,) = re.findall(r"<form method=\"post\".*?Kirim lagi</button>", page, re.DOTALL)
    inputs = re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*inputs, *areas]}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (LOCKED, "sedang diubah orang lain"),
        (OperationalError("database is locked"), "sedang diubah orang lain"),
        (AWAY, "Basis data tidak menjawab"),
        (InterfaceError("connection already closed"), "Basis data tidak menjawab"),
    ],
)
def test_a_fault_of_the_database_gives_the_form_back(
    client, answer, staff, monkeypatch, breaking, fault, words
):
    filled = form_of(client, answer) | {"text": TEXT}
    breaking(fault)
    response = client.post(address(answer), filled)
    monkeypatch.undo()

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert words in response.text
    again = fields_of(response.text)
    assert (again["text"], again[FIELD]) == (TEXT, filled[FIELD])
    assert f'action="{address(answer)}"' in response.text

    assert client.post(address(answer), again).status_code == 302
    assert [one.text.split() for one in Comment.objects.all()] == [TEXT.split()]


def hold_year(answer, held, released):
    """What another connection does that takes its time over the year."""
    with transaction.atomic():
        lock(answer.assessment_id)
        held.set()
        released.wait(30)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_year_that_somebody_holds_gives_the_claim_back_until_it_is_free(transactional_db, client):
    answer = answer_of(working_year(), "1.2")
    client.force_login(staff_of(answer.assessment, "DISDIK").user)
    client.raise_request_exception = False
    filled = form_of(client, answer, "claim_save") | {"claimed_points": "13,2", "note": TEXT}
    held, released = threading.Event(), threading.Event()
    other = threading.Thread(target=hold_year, args=[answer, held, released])
    other.start()
    assert held.wait(30)
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("SET lock_timeout = 200" if is_postgres else "PRAGMA busy_timeout = 200")
    response = client.post(address(answer, "claim_save"), filled)
    released.set()
    other.join(30)

    assert response.status_code == 503
    assert "sedang diubah orang lain" in response.text
    again = fields_of(response.text)
    assert (again["claimed_points"], again["note"]) == ("13,2", TEXT)
    assert re.findall(r"<label [^>]*>([^<]+)</label>", response.text) == ["Klaim nilai", "Catatan"]
    assert client.post(address(answer, "claim_save"), again).status_code == 302
    answer.refresh_from_db()
    assert answer.claimed_points == Decimal("13.2")
    connection.close()  # with its short patience


def test_a_fault_of_ours_gives_the_form_back_too(client, answer, staff, breaking):
    filled = form_of(client, answer) | {"text": TEXT}
    breaking(ZeroDivisionError())
    response = client.post(address(answer), filled)

    assert response.status_code == 500
    assert not response.has_header("Retry-After")
    assert fields_of(response.text)["text"] == TEXT


def test_a_page_without_a_form_stays_plain(client, answer, staff, monkeypatch):
    def broken(*_arguments):
        raise AWAY

    monkeypatch.setattr("assessments.views.question.get_question_or_404", broken)
    response = client.get(answer.get_absolute_url())

    assert response.status_code == 503
    assert "<form" not in response.text


def test_a_password_never_comes_back(client, monkeypatch):
    def broken(*_arguments, **_facts):
        raise AWAY

    monkeypatch.setattr("kla.accounts.AccountAdapter.pre_authenticate", broken)
    client.raise_request_exception = False
    filled = {"login": UserFactory().email, "password": PASSWORD}
    response = client.post(reverse("account_login"), filled)

    assert response.status_code == 503
    assert PASSWORD not in response.text
    assert "<form" not in response.text


def test_a_field_for_a_password_is_left_out_of_any_form(client, answer, staff, breaking):
    breaking(AWAY)
    secrets = {"password1": "rahasia-1", "sandi": "rahasia-2", "x-password_again": "rahasia-3"}
    response = client.post(address(answer), {"text": "Baik"} | secrets)

    assert response.status_code == 503
    assert "rahasia" not in response.text


# --- The session has ended --------------------------------------------------------------------


def end_session(client):
    client.cookies.pop("sessionid")


def sign_in(client, user):
    login = client.get(client.last["Location"])
    assert login.status_code == 200
    filled = {"login": user.email, "password": PASSWORD, "next": reverse("unsent")}
    return client.post(reverse("account_login"), filled)


@pytest.fixture
def unsent_form(client, answer, staff):
    """A comment that arrived after its session had ended."""
    filled = form_of(client, answer) | {"text": TEXT}
    end_session(client)
    client.last = client.post(address(answer), filled)
    return filled


def test_after_signing_in_again_the_text_is_there_and_goes_out(client, answer, staff, unsent_form):
    assert client.last["Location"] == f"{reverse('account_login')}?next={reverse('unsent')}"
    assert sign_in(client, staff)["Location"] == reverse("unsent")

    page = client.get(reverse("unsent")).text
    again = fields_of(page)
    assert (again["text"], again[FIELD]) == (TEXT, unsent_form[FIELD])
    assert client.post(address(answer), again).status_code == 302
    assert Comment.objects.count() == 1
    assert KEPT not in client.session


def test_the_next_person_at_the_desk_does_not_see_it(client, answer, unsent_form):
    other = staff_of(answer.assessment, "DISDIK").user
    sign_in(client, other)
    response = client.get(reverse("unsent"))

    assert response["Location"] == reverse("home")
    assert KEPT not in client.session


def test_it_can_be_thrown_away(client, answer, staff, unsent_form):
    sign_in(client, staff)
    client.post(reverse("unsent"))

    assert KEPT not in client.session
    assert client.get(reverse("unsent"))["Location"] == reverse("home")


@pytest.mark.parametrize("token", ["", "1.asal:tanda"])
def test_nothing_is_kept_for_whoever_has_no_form_of_ours(client, answer, token):
    response = client.post(address(answer), {"text": TEXT, FIELD: token})

    assert response.status_code == 302
    assert reverse("unsent") not in response["Location"]
    assert "sessionid" not in client.cookies


def test_nothing_is_kept_of_a_form_beyond_all_measure(client, answer, staff):
    filled = form_of(client, answer) | {"text": "a" * MOST_SIGNS}
    end_session(client)
    response = client.post(address(answer), filled)

    assert reverse("unsent") not in response["Location"]


# --- The token against forged forms is too old ------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "comes_back"),
    [("http://testserver", True), ("https://evil.example", False), ("null", False), (None, False)],
)
def test_an_old_form_of_ours_comes_back_and_a_foreign_one_never(
    answer, staff, client, origin, comes_back
):
    client.handler.enforce_csrf_checks = True
    client.get(answer.get_absolute_url())
    headers = {"Origin": origin} if origin else {}
    filled = {"text": TEXT, "csrfmiddlewaretoken": "a" * 64}
    response = client.post(address(answer), filled, headers=headers)

    assert response.status_code == 403
    assert ("<form" in response.text) == comes_back
    if comes_back:
        assert (
            client.post(address(answer), fields_of(response.text), headers=headers).status_code
            == 302
        )
        assert Comment.objects.count() == 1
