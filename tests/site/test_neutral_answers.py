"""“Forgotten password” answers alike, and does alike, whether the address has an account."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cities.services import reset_letters
from cities.services.reset_letters import order_reset_letter, send_reset_letters
from outbox.models import Letter, LetterKind
from tests.factories.cities import UserFactory
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def user():
    return UserFactory(email="siti@metro.go.id")


def said_by(response):
    """The page without the token that is another one each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.text)


def asked(client, email):
    """The page that answers, and what the request asked of the database, values left out."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.post("/sandi/lupa/", {"email": email})
    shapes = [re.split(r"VALUES|WHERE|SAVEPOINT| SET ", query["sql"])[0] for query in queries]
    return (response.status_code, response.url, said_by(client.get(response.url)), shapes)


def test_the_request_does_the_same_whether_there_is_an_account(client, user, settings):
    UserFactory(email="tutup@metro.go.id", is_active=False)
    with mail_server(settings, seconds=30) as server:
        known = asked(client, "siti@metro.go.id")
        unknown = asked(client, "asing@metro.go.id")
        closed = asked(client, "tutup@metro.go.id")

        assert known == unknown == closed
        assert server.sessions == 0  # nobody waits for the mail server


def test_the_order_holds_no_link_and_the_letter_does(user, mailoutbox):
    order_reset_letter(email="Siti@Metro.go.id", at=NOW)
    [order] = Letter.objects.filter(kind=LetterKind.RESET)
    assert (order.subject, order.fault, order.held_by) == (user.pk, "", None)

    assert send_reset_letters(now=lambda: NOW).sent == 1

    [mail] = mailoutbox
    assert (mail.to, mail.body.count("/sandi/atur/")) == ([user.email], 1)
    assert not Letter.objects.exists()


def test_asking_twice_before_it_is_sent_brings_one_letter(user, mailoutbox):
    order_reset_letter(email=user.email, at=NOW)
    order_reset_letter(email=user.email, at=NOW + timedelta(seconds=1))

    assert [send_reset_letters(now=timezone.now).sent for _time in range(2)] == [1, 0]


def test_an_order_to_nobody_is_cleared_away_without_a_letter(mailoutbox):
    order_reset_letter(email="asing@metro.go.id", at=NOW)

    assert send_reset_letters(now=lambda: NOW).sent == 0
    assert mailoutbox == []
    assert not Letter.objects.exists()


def test_an_account_that_was_closed_meanwhile_gets_no_letter(user, mailoutbox):
    order_reset_letter(email=user.email, at=NOW)
    user.is_active = False
    user.save()

    assert send_reset_letters(now=lambda: NOW).sent == 0
    assert mailoutbox == []


@pytest.mark.parametrize(("minutes", "sent"), [(59, 1), (60, 0)])
def test_an_order_is_worth_sending_for_an_hour(user, mailoutbox, minutes, sent):
    order_reset_letter(email=user.email, at=NOW)

    later = NOW + timedelta(minutes=minutes)
    assert send_reset_letters(now=lambda: later).sent == sent
    assert not Letter.objects.exists()


def test_a_server_that_refuses_gets_it_again_with_a_later_run(user, settings):
    refused = {user.email: "450 later"}
    order_reset_letter(email=user.email, at=NOW)
    with mail_server(settings, refused=refused) as server:
        assert send_reset_letters(now=lambda: NOW).failed == 1
        refused.clear()
        server.refused.clear()
        assert send_reset_letters(now=lambda: NOW + timedelta(minutes=10)).sent == 1
        assert server.delivered == [user.email]


def test_a_row_that_a_late_sender_makes_anew_sends_nothing(user, mailoutbox):
    bag = reset_letters._ResetLetters()
    Letter.objects.create(kind=LetterKind.RESET, subject=user.pk)

    assert bag.compose(user.pk, NOW) is None


@pytest.mark.django_db(transaction=True)
def test_the_letter_leaves_by_a_job_behind_the_request(client, user, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    settings.KLA_SCHEDULE = "tests.jobs.test_worker.NOTHING"
    with mail_server(settings) as server:
        client.post("/sandi/lupa/", {"email": user.email})
        before = list(server.delivered)
        call_command("work", "--once")

        assert (before, server.delivered) == ([], [user.email])
    assert not Letter.objects.exists()
