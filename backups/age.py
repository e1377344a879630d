"""How old the last good backup is, and whether that is too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class BackupAge:
    """`made_at` is None where no backup was ever made, or where its stamp is not readable."""

    made_at: datetime | None
    hours: int  # whole hours since; 0 where it is not known
    is_readable: bool
    is_late: bool  # older than KLA_BACKUP_LATE_HOURS; never where that is 0


def backup_age(now: datetime) -> BackupAge:
    limit = timedelta(hours=settings.KLA_BACKUP_LATE_HOURS)
    try:
        made_at = moment_in(settings.KLA_BACKUP_STAMP)
    except (OSError, ValueError):
        return BackupAge(None, 0, is_readable=False, is_late=bool(limit))
    if made_at is None:
        return BackupAge(None, 0, is_readable=True, is_late=bool(limit))
    age = now - made_at
    return BackupAge(
        made_at,
        int(age.total_seconds() // 3600),
        is_readable=True,
        is_late=bool(limit) and age > limit,
    )


def moment_in(stamp: Path) -> datetime | None:
    """What a stamp says; None where there is none. Raises OSError, ValueError of one without sense."""
    try:
        made_at = datetime.fromisoformat(stamp.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if made_at.tzinfo is None:
        raise ValueError(stamp)
    return made_at
