"""The one loop, through a real mail server that fails in every way we know."""

import os
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cities.models import Invitation
from cities.services.mailing import send_invitations
from outbox.models import Letter
from outbox.sending import BROKEN_IN_A_ROW, GIVE_UP_AFTER, HOLD, PAUSES, Outcome
from tests.at_once import at_once
from tests.factories.cities import CityFactory, InvitationFactory
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.django_db

AT = timezone.now()


def waiting(count, city=None):
    """Addresses of invitations whose letters wait, in the order in which they are sent."""
    city = city or CityFactory()
    made = [
        InvitationFactory(
            city=city, email=f"o{n}@uji.example", sent_at=None, token_hash=None, invited_at=AT
        )
        for n in range(count)
    ]
    return [invitation.email for invitation in made]


def run(at=AT):
    return send_invitations(now=lambda: at)


def unsent():
    rows = Invitation.objects.filter(sent_at=None).order_by("pk")
    return list(rows.values_list("email", flat=True))


def faults():
    return list(Letter.objects.order_by("pk").values_list("attempts", "fault"))


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (
            {"refused": {"o1@uji.example": "421 try later"}},
            "Alamat ini belum diterima server e-mail; akan dicoba lagi. Jawabannya: 421 try later",
        ),
        (
            {"refused": {"o1@uji.example": "550 no such user"}},
            "Alamat ini ditolak server e-mail; periksa ejaannya. Jawabannya: 550 no such user",
        ),
        (
            {"refused_data": {"o1@uji.example": "452 too full"}},
            "Server e-mail belum mau menerima surat ini. Jawabannya: 452 too full",
        ),
        (
            {"refused_data": {"o1@uji.example": "554 spam"}},
            "Server e-mail menolak isi surat ini. Jawabannya: 554 spam",
        ),
        ({"hangs_for": {"o1@uji.example"}}, "Server e-mail memutus sambungan atau tidak menjawab."),
    ],
    ids=["421", "550", "452-data", "554-data", "hangs"],
)
def test_one_letter_that_fails_keeps_no_other_waiting(settings, behaviour, fault):
    emails = waiting(4)

    with mail_server(settings, **behaviour) as server:
        outcome = run()

    assert outcome == Outcome(sent=3, failed=1)
    assert server.delivered == [emails[0], *emails[2:]]
    assert unsent() == [emails[1]]
    assert faults() == [(1, fault)]


def test_a_server_that_closes_after_each_second_letter_gets_them_all(settings):
    emails = waiting(7)

    with mail_server(settings, letters_a_session=2) as server:
        outcome = run()

    assert (outcome, server.delivered, server.sessions) == (Outcome(sent=7), emails, 4)
    assert not Letter.objects.exists()


def test_an_address_that_cannot_be_sent_to_stops_nothing(settings):
    """Such as came in before addresses were cleaned."""
    emails = waiting(3)
    Invitation.objects.filter(email=emails[1]).update(email="o1@uji.example\u200e")

    with mail_server(settings) as server:
        outcome = run()

    assert outcome == Outcome(sent=2, failed=1)
    assert server.delivered == [emails[0], emails[2]]


def test_a_letter_that_cannot_be_written_stops_nothing(settings, caplog):
    emails = waiting(2)
    rows = Invitation.objects.filter(email=emails[0])
    rows.get().city.__class__.objects.update(name="Kota\nBcc: x@y.example")
    other = waiting(1)  # of another city, whose name breaks no header

    with mail_server(settings) as server:
        outcome = run()

    assert outcome == Outcome(sent=1, failed=2)
    assert server.delivered == other
    assert {fault for _n, fault in faults()} == {
        "Surat ini tidak dapat dibuat; sebabnya ada di log server."
    }


@pytest.mark.parametrize("greeting", ["421 closed today", "554 go away"])
def test_a_server_that_takes_nobody_ends_the_run_at_once(settings, greeting):
    emails = waiting(20)

    with mail_server(settings, greeting=greeting) as server:
        outcome = run()

    assert (outcome, server.sessions) == (Outcome(is_server_away=True), 1)
    assert (unsent(), faults()) == (emails, [])


def test_no_server_at_all_ends_the_run_at_once(settings):
    emails = waiting(20)
    with mail_server(settings):
        pass  # its port is closed again

    assert run() == Outcome(is_server_away=True)
    assert (unsent(), faults()) == (emails, [])


def test_a_server_without_the_encryption_that_is_asked_for_is_away(settings):
    waiting(3)

    with mail_server(settings) as server:
        settings.EMAIL_USE_TLS = True
        outcome = run()

    assert (outcome, server.delivered) == (Outcome(is_server_away=True), [])


def test_a_server_that_answers_no_letter_is_left_after_a_few(settings):
    emails = waiting(20)

    with mail_server(settings, hangs_for=set(emails)) as server:
        outcome = run()

    assert outcome == Outcome(failed=BROKEN_IN_A_ROW, is_server_away=True)
    assert server.sessions == BROKEN_IN_A_ROW

    with mail_server(settings) as server:  # those tried in vain do not stand before the others
        run()
    assert server.delivered == emails[BROKEN_IN_A_ROW:]


def test_pauses_grow_until_the_letter_is_given_up(settings):
    [email] = waiting(1)
    Invitation.objects.update(expires_at=AT + timedelta(days=7))
    tried, at = [], AT
    with mail_server(settings, refused={email: "450 greylisted"}):
        while not Letter.objects.filter(given_up_at__isnull=False).exists():
            run(at)
            tried.append(at)
            letter = Letter.objects.get()
            if letter.next_try_at:
                assert run(letter.next_try_at - timedelta(seconds=1)) == Outcome()
                at = letter.next_try_at

    pauses = [later - sooner for sooner, later in pairwise(tried)]
    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert set(pauses[len(PAUSES) :]) == {PAUSES[-1]}
    assert GIVE_UP_AFTER <= tried[-1] - AT < GIVE_UP_AFTER + PAUSES[-1]
    with mail_server(settings) as server:
        assert run(at + timedelta(days=1)) == Outcome()
    assert server.delivered == []


def test_a_new_occasion_takes_up_a_letter_that_was_given_up(settings):
    [email] = waiting(1)
    Letter.objects.create(
        kind="invitation",
        subject=Invitation.objects.get().pk,
        attempts=9,
        failed_at=AT - timedelta(days=4),
        given_up_at=AT - timedelta(days=1),
    )

    with mail_server(settings, refused={email: "450 later"}):
        run()

    assert [(one.attempts, one.failed_at, one.given_up_at) for one in Letter.objects.all()] == [
        (1, AT, None)
    ]


@pytest.mark.parametrize("backend", ["console", "dummy"])
def test_without_a_mail_server_nothing_is_sent_and_nothing_said_to_be(settings, backend, capsys):
    emails = waiting(2)
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    call_command("send_reminders")

    assert unsent() == emails
    assert capsys.readouterr().out == (
        "0 e-mail terkirim.\nServer e-mail belum diatur (EMAIL_URL); tidak ada yang dikirim.\n"
    )


# --- Runs that overlap ------------------------------------------------------------------------


def test_a_letter_is_held_from_the_moment_it_is_taken(settings):
    """A long run reached its last letters when the lease of its start had lapsed."""
    emails = waiting(3)
    passing = iter(AT + timedelta(minutes=7 * step) for step in range(100))
    seen = []

    def now():
        at = next(passing)
        held = Letter.objects.filter(held_by__isnull=False).values_list("held_until", flat=True)
        seen.extend(until - at for until in held)
        return at

    with mail_server(settings) as server:
        assert send_invitations(now=now).sent == 3

    assert server.delivered == emails
    assert max(seen) == HOLD - timedelta(minutes=7)  # at the next question for the time


@pytest.mark.django_db(transaction=True)
def test_threads_that_overlap_send_each_letter_once(settings, transactional_db):
    emails = waiting(12)

    with mail_server(settings, seconds=0.02) as server:
        outcomes = at_once(*[lambda: send_invitations(now=timezone.now)] * 3)

    assert sorted(server.delivered) == sorted(emails)
    assert sum(outcome.sent for outcome in outcomes) == 12
    assert (unsent(), faults()) == ([], [])


RUN = """
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
django.setup()
from django.core.management import call_command
call_command("send_reminders")
"""


@pytest.mark.django_db(transaction=True)
def test_processes_that_overlap_send_each_letter_once(settings, transactional_db):
    emails = waiting(12)
    name = str(connection.settings_dict["NAME"])

    with mail_server(settings, seconds=0.05) as server:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.outbox.smtp_settings",
            "UJI_PORT": str(settings.EMAIL_PORT),
        }
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", RUN.format(name=name)],
                cwd=django_settings.BASE_DIR,
                env=environment,
            )
            for _number in range(2)
        ]
        assert [one.wait(timeout=60) for one in runs] == [0, 0]

    assert sorted(server.delivered) == sorted(emails)
    assert unsent() == []
