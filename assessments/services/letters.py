"""Everything that waits to be sent, in the order in which people wait for it."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.services.mailing import send_pending
from assessments.services.messaging import send_messages
from assessments.services.reminders import write_reminders
from cities.services.backup_letters import send_late_backup
from cities.services.email_changes import send_email_changes
from cities.services.mailing import send_invitations
from cities.services.reset_letters import send_reset_letters
from cities.services.second_factor import send_factor_resets
from outbox.sending import Clock, Outcome


@dataclass(frozen=True, slots=True)
class Post:
    """What became of one round: messages by WhatsApp, and letters of each kind."""

    messages: Outcome
    letters: tuple[Outcome, ...]

    @property
    def sent(self) -> int:
        return sum(outcome.sent for outcome in self.letters)

    @property
    def failed(self) -> int:
        return sum(outcome.failed for outcome in self.letters)

    @property
    def is_server_away(self) -> bool:
        return any(outcome.is_server_away for outcome in self.letters)


def write_and_send(*, now: Clock) -> Post:
    """Write the reminders of dates that are near or gone, then send all that waits.

    Links and invitations first. Nothing is sent twice, however often and by how many it is called.
    """
    write_reminders(at=now())
    return Post(
        messages=send_messages(now=now),
        letters=(
            send_reset_letters(now=now),
            send_invitations(now=now),
            send_factor_resets(now=now),
            send_late_backup(now=now),
            send_email_changes(now=now),
            send_pending(now=now),
        ),
    )
