"""Remind people of their dates, and send all the e-mail that waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.services.mailing import send_pending
from assessments.services.reminders import write_reminders
from cities.mailing import send_invitations


def moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class Command(BaseCommand):
    help = (
        "Write the reminders of dates that are near or gone and Monday's digest, then send "
        "everything that waits to be mailed, invitations first. Run it every ten minutes; "
        "nothing is sent twice. Ends in exit status 1 while mail could not be sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at",
            type=moment,
            help="Act as at this moment, for example 2026-11-23T06:30+07:00, instead of now.",
        )

    def handle(self, *, at: datetime | None, **options: Any) -> None:
        at = at or timezone.now()
        write_reminders(at=at)
        outcomes = [send_invitations(at=at), send_pending(at=at)]
        self.stdout.write(f"{sum(outcome.sent for outcome in outcomes)} e-mail terkirim.")
        if not all(outcome.is_complete for outcome in outcomes):
            raise CommandError(
                "Sebagian e-mail belum terkirim; sebabnya ada di log. Jalankan lagi.",
                returncode=1,
            )
