"""Remind people of their dates, and send all the e-mail that waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.services.mailing import send_pending
from assessments.services.messaging import send_messages
from assessments.services.reminders import write_reminders
from cities.services.email_changes import send_email_changes
from cities.services.mailing import send_invitations
from cities.services.reset_letters import send_reset_letters
from cities.services.second_factor import send_factor_resets
from outbox.sending import Clock, is_set_up


def moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class Command(BaseCommand):
    help = (
        "Write the reminders of dates that are near or gone and Monday's digest, then send "
        "everything that waits to be mailed, links and invitations first. Run it every ten minutes; "
        "nothing is sent twice. Ends in exit status 1 when the mail server could not be used; "
        "single letters that fail wait for their turn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at",
            type=moment,
            help="StageAction as at this moment, for example 2026-11-23T06:30+07:00, instead of now.",
        )

    def handle(self, *, at: datetime | None, **options: Any) -> None:
        now: Clock = (lambda: at) if at else timezone.now
        write_reminders(at=now())
        messaged = send_messages(now=now)
        if not messaged.is_complete:
            self.stderr.write("Gateway WhatsApp tidak menerima semua pesan; sebabnya ada di log.")
        elif messaged.sent:
            self.stdout.write(f"{messaged.sent} pesan WhatsApp terkirim.")
        outcomes = [
            send_reset_letters(now=now),
            send_invitations(now=now),
            send_factor_resets(now=now),
            send_email_changes(now=now),
            send_pending(now=now),
        ]
        self.stdout.write(f"{sum(outcome.sent for outcome in outcomes)} e-mail terkirim.")
        if failed := sum(outcome.failed for outcome in outcomes):
            self.stdout.write(f"{failed} e-mail dicoba lagi nanti; sebabnya ada di log.")
        if not is_set_up():
            self.stdout.write("Server e-mail belum diatur (EMAIL_URL); tidak ada yang dikirim.")
        elif any(outcome.is_server_away for outcome in outcomes):
            raise CommandError(
                "Server e-mail tidak dapat dipakai; sebabnya ada di log. Jalankan lagi.",
                returncode=1,
            )
