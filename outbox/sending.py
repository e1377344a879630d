"""The one loop that sends letters, and the one rule by which a sender holds one.

A letter is taken by one short statement, for `HOLD` from that very moment, and no lock is held
while the mail server is spoken to. Only a sender that dies between the server's "accepted" and
its own signature sends a letter twice; no design avoids that.

A kind of letter is a `Mailbag` beside what it tells of (`services/mailing.py` of its package),
a `LetterKind`, and a line in the command `send_reminders`. A link that opens an account must not lie
in the database: there the order waits, and the link is made in the letter
(`cities/services/reset_letters.py`). Two letters do not wait here:

- What tells the owner that the password was changed (`kla.accounts.AccountAdapter`).
- The test letter (`try_once`): whether the server takes it now is the very question.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet

from outbox.faults import reason
from outbox.gateways import Gateway, GatewayError, OutcomeUnknown, TextMessage
from outbox.models import GIVE_UP_AFTER, Letter, LetterKind

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Connection = BaseEmailBackend | Gateway

# Far above the time of one letter, whose every step ends after settings.EMAIL_TIMEOUT.
HOLD = timedelta(minutes=10)
# After the first failure, the second …; the last one repeats.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 180, 360))
# So many letters one after the other that broke the connection: the server is ill, not they.
BROKEN_IN_A_ROW = 3

# Backends behind which no letter reaches anybody.
NOWHERE = frozenset(
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that has to go out, and when the newest thing that it tells happened."""

    subject: int
    newest: datetime


class Mailbag(Protocol):
    """One kind of letters: what waits, how one is written, and what is noted when it is gone."""

    kind: LetterKind

    def waiting(self, at: datetime) -> Iterable[Waiting]: ...

    def compose(self, subject: int, at: datetime) -> EmailMessage | TextMessage | None:
        """The letter as it should go out now; None where nothing is left to be told.

        Asked once the letter is held: it has to look again at what waits.
        """

    def delivered(self, subject: int, at: datetime) -> None:
        """Note that what `compose` last wrote has reached the mail server."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many letters went out and how many failed; whether the server could be spoken to."""

    sent: int = 0
    failed: int = 0
    is_server_away: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.failed and not self.is_server_away


def is_set_up() -> bool:
    """Whether a mail server is named; without one no letter is sent and none is said to be."""
    return settings.EMAIL_BACKEND not in NOWHERE


def send_letters(mailbag: Mailbag, *, now: Clock, gateway: Gateway | None = None) -> Outcome:
    """Send what waits in the mailbag, by e-mail or through the gateway where one is handed in.

    A letter that fails pauses alone; the rest goes on. When the server itself cannot be reached, nothing more is tried and nothing is held against
    the letters. `now` is asked anew for each letter.
    """
    waiting = list(mailbag.waiting(now()))
    if not waiting or not (gateway or is_set_up()):
        return Outcome(is_server_away=bool(waiting))
    connection: Connection = gateway or get_connection()
    sent = failed = broken = 0
    try:
        for one in waiting:
            if not _is_open(connection):
                return Outcome(sent, failed, is_server_away=True)
            result = _send(one, mailbag, connection, now)
            sent += result is _SENT
            failed += isinstance(result, Exception)
            if isinstance(result, GatewayError) and result.concerns_all:
                logger.error("The gateway takes no message now; the rest waits")
                return Outcome(sent, failed, is_server_away=True)
            broken = broken + 1 if _is_broken(result) else 0
            if broken == BROKEN_IN_A_ROW:
                logger.error("The mail server broke %s letters in a row; the rest waits", broken)
                return Outcome(sent, failed, is_server_away=True)
    finally:
        _close(connection)
    return Outcome(sent, failed)


def try_once(message: EmailMessage) -> str | None:
    """Send a letter that nobody waits for: None once the server took it, else why it did not.

    Without a mail server (`is_set_up`) it would go nowhere; the caller asks first.
    """
    try:
        message.send()
    except Exception as error:
        logger.warning("The test letter failed", exc_info=error)
        return reason(error, is_tried_again=False)
    return None


def forget(kind: LetterKind, subject: int) -> None:
    """Forget every failure of a letter, and whoever holds it: it goes out anew."""
    Letter.objects.of(kind, subject).delete()


def try_again(kind: LetterKind, subject: int, *, at: datetime) -> None:
    """Let a letter that failed go out with the next run; one that was given up begins anew.

    One that is being sent at this moment is left to its sender.
    """
    free = Letter.objects.of(kind, subject).failed()
    free = free.filter(Q(held_until=None) | Q(held_until__lte=at))
    free.given_up(at).delete()
    free.update(next_try_at=at)


# --- One letter -------------------------------------------------------------------------------

_SENT = object()


def _send(one: Waiting, mailbag: Mailbag, connection: Connection, now: Clock) -> object:
    """`_SENT`, None where there was nothing to send, or the error."""
    claim = _taken(mailbag.kind, one, at=now())
    if claim is None:
        return None
    mine = Letter.objects.filter(held_by=claim)
    try:
        message = mailbag.compose(one.subject, now())
        if message is None:
            mine.delete()
            return None
        message.connection = connection
        message.send()
    except OutcomeUnknown as error:  # perhaps it is there: never a second time
        logger.warning("Letter %s %s may have been sent", mailbag.kind, one.subject, exc_info=error)
        _sign(mailbag, one.subject, mine, at=now())
        return error
    except Exception as error:
        logger.warning("Letter %s %s failed", mailbag.kind, one.subject, exc_info=error)
        _close(connection)
        _postpone(claim, error, at=now())
        return error
    _sign(mailbag, one.subject, mine, at=now())
    return _SENT


def _sign(mailbag: Mailbag, subject: int, mine: QuerySet[Letter], *, at: datetime) -> None:
    with transaction.atomic():
        mailbag.delivered(subject, at)
        mine.delete()


def _taken(kind: LetterKind, one: Waiting, *, at: datetime) -> uuid.UUID | None:
    """A claim on the letter, or None when it is held, pausing, given up or just sent."""
    claim = uuid.uuid4()
    fresh = Letter(kind=kind, subject=one.subject, held_by=claim, held_until=at + HOLD)
    Letter.objects.bulk_create([fresh], ignore_conflicts=True)
    # Conditions on the row itself: the database judges them anew once it has the row.
    letters = Letter.objects.of(kind, one.subject)
    again = letters.filter(given_up_at__lt=one.newest)
    again.update(attempts=0, failed_at=None, next_try_at=None, given_up_at=None, fault="")
    letters.free_at(at, newest=one.newest).update(held_by=claim, held_until=at + HOLD)
    return claim if letters.filter(held_by=claim).exists() else None


def _postpone(claim: uuid.UUID, error: Exception, *, at: datetime) -> None:
    """Let the letter rest before it is tried again, or for good after three days in vain."""
    letter = Letter.objects.filter(held_by=claim).first()
    if letter is None:  # somebody asked for it to be sent anew
        return
    since = letter.failed_at or at
    given_up = at - since >= GIVE_UP_AFTER
    if given_up:
        logger.error("Letter %s given up after %s attempts", letter, letter.attempts + 1)
    pause = PAUSES[min(letter.attempts, len(PAUSES) - 1)]
    if isinstance(error, GatewayError):
        pause = max(pause, error.pause)
    Letter.objects.filter(held_by=claim).update(
        held_by=None,
        held_until=None,
        attempts=letter.attempts + 1,
        failed_at=since,
        next_try_at=None if given_up else at + pause,
        given_up_at=at if given_up else None,
        fault=reason(error),
    )


# --- The connection ---------------------------------------------------------------------------


def _is_open(connection: Connection) -> bool:
    """Have an open connection; one that the server has closed meanwhile is opened anew."""
    session = getattr(connection, "connection", None)
    try:
        if session is not None and session.noop()[0] != 250:
            _close(connection)
    except OSError:  # smtplib's own errors are of this kind too
        _close(connection)
    try:
        connection.open()
    except OSError:
        logger.exception("The mail server cannot be used; all that is left waits")
        return False
    return True


def _close(connection: Connection) -> None:
    """End the connection, whatever state it is in."""
    try:
        connection.close()
    except OSError:
        logger.info("The mail server went without a word")


def _is_broken(result: object) -> bool:
    """The connection itself failed; an answer, even 421, speaks of the letter."""
    return (
        isinstance(result, OSError)
        and not hasattr(result, "recipients")
        and not hasattr(result, "smtp_code")
    )
