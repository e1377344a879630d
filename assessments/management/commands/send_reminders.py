"""Remind people of their dates, and send all the e-mail that waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.services.letters import write_and_send
from outbox.sending import Clock, is_set_up


def moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class Command(BaseCommand):
    help = (
        "Write the reminders of dates that are near or gone and Monday's digest, then send "
        "everything that waits to be mailed, links and invitations first. The schedule does it every "
        "ten minutes; nothing is sent twice. Ends in exit status 1 when the mail server could not be used; "
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
        post = write_and_send(now=now)
        if not post.messages.is_complete:
            self.stderr.write("Gateway WhatsApp tidak menerima semua pesan; sebabnya ada di log.")
        elif post.messages.sent:
            self.stdout.write(f"{post.messages.sent} pesan WhatsApp terkirim.")
        self.stdout.write(f"{post.sent} e-mail terkirim.")
        if post.failed:
            self.stdout.write(f"{post.failed} e-mail dicoba lagi nanti; sebabnya ada di log.")
        if not is_set_up():
            self.stdout.write("Server e-mail belum diatur (EMAIL_URL); tidak ada yang dikirim.")
        elif post.is_server_away:
            raise CommandError(
                "Server e-mail tidak dapat dipakai; sebabnya ada di log. Jalankan lagi.",
                returncode=1,
            )
