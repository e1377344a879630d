"""A letter to the site administrators when the last good backup is too old, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backups.age import BackupAge, backup_age, moment_in
from cities.models import User
from outbox.composing import new_letter
from outbox.models import LetterKind
from outbox.sending import Clock, Outcome, Waiting, send_letters

EVERYBODY = 0  # one letter for all administrators
ONCE_IN = timedelta(hours=24)


def send_late_backup(*, now: Clock) -> Outcome:
    """Tell of a late backup, once in 24 hours and anew after each backup in between."""
    return send_letters(_LateBackup(), now=now)


class _LateBackup:
    """A `Mailbag` of one letter. When it went out stands in a file beside the backup's own stamp.

    That file is prepared before the letter leaves: where it cannot be written, no letter goes out
    again and again.
    """

    kind = LetterKind.LATE_BACKUP

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        age = backup_age(at)
        if age.is_late and _addresses() and not _is_told(age, at):
            yield Waiting(EVERYBODY, at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        age = backup_age(at)
        to = _addresses()
        if not (age.is_late and to) or _is_told(age, at):
            return None
        _stamp(".next").write_text(at.isoformat(), encoding="utf-8")
        context = {"age": age, "limit": settings.KLA_BACKUP_LATE_HOURS}
        text = render_to_string("cities/mail/late_backup.txt", context)
        letter = new_letter(subject=_("Cadangan terlambat"), text=text, to=to[0])
        letter.to = to
        return letter

    def delivered(self, subject: int, at: datetime) -> None:
        _stamp(".next").replace(_stamp(""))


def _addresses() -> list[str]:
    people = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return list(people.values_list("email", flat=True))


def _stamp(ending: str) -> Path:
    return settings.KLA_BACKUP_STAMP.with_name(f"late-backup-told-at{ending}")


def _is_told(age: BackupAge, at: datetime) -> bool:
    try:
        told_at = moment_in(_stamp(""))
    except (OSError, ValueError):
        return False
    if told_at is None or (age.made_at is not None and told_at < age.made_at):
        return False
    return told_at <= at < told_at + ONCE_IN
