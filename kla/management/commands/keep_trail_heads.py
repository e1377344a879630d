"""Keep the heads of all trails outside, so that a cut tail is found later."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outbox.composing import new_letter
from outbox.sending import is_set_up

ENDING = ".heads"


class Command(BaseCommand):
    help = (
        "Write the heads of all trails as a new file into KLA_TRAIL_HEADS_DIR, a folder on another "
        "machine, and send them to KLA_TRAIL_HEADS_TO; first compare the trails with what lies "
        "there. Run it once a day. Ends in exit status 1 when a trail was altered or cut since: "
        "what was kept stays, and what is there now is kept beside it."
    )

    def handle(self, **options: Any) -> None:
        folder, to = settings.KLA_TRAIL_HEADS_DIR, settings.KLA_TRAIL_HEADS_TO
        if not folder and not to:
            raise CommandError("Set KLA_TRAIL_HEADS_DIR or KLA_TRAIL_HEADS_TO first.")
        heads, complaints = io.StringIO(), io.StringIO()
        against = ["--against", folder] if folder and any(Path(folder).glob(f"*{ENDING}")) else []
        broken = ""
        try:
            call_command("verify_trail", *against, stdout=heads, stderr=complaints)
        except CommandError as error:
            broken = f"{complaints.getvalue()}{error}"
        at = timezone.now()
        try:
            if folder:
                keep(Path(folder), heads.getvalue(), at=at)
            if to:
                send(to, heads.getvalue(), broken, at=at)
        except OSError as error:  # smtplib's own errors are of this kind too
            raise CommandError(f"The heads were not kept: {error}\n{broken}") from error
        self.stdout.write(f"{len(heads.getvalue().splitlines())} kode keaslian terakhir disimpan.")
        if broken:
            raise CommandError(broken)


def keep(folder: Path, heads: str, *, at: datetime) -> None:
    """A file of its own, never written over; none where the newest one says the same."""
    files = sorted(folder.glob(f"*{ENDING}"))
    if files and files[-1].read_text(encoding="utf-8") == heads:
        return
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}{ENDING}"
    with (folder / name).open("x", encoding="utf-8") as file:
        file.write(heads)


def send(to: list[str], heads: str, broken: str, *, at: datetime) -> None:
    if not is_set_up():
        raise OSError("KLA_TRAIL_HEADS_TO is set, and no mail server is (EMAIL_URL)")
    subject = f"Kode keaslian terakhir jejak {at:%Y-%m-%d}"
    text = f"{broken}\n\n{heads}" if broken else heads
    letter: EmailMessage = new_letter(subject=subject, text=text, to=to[0])
    letter.to = to
    letter.send()
