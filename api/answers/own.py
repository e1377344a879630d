"""What belongs to the account alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessments.choices import NotificationKind


@dataclass(frozen=True, slots=True)
class NotificationEntry:
    """Something that the account was told of in its inbox; `url` is the page that it speaks of."""

    id: int
    city: str
    year: int
    kind: NotificationKind
    text: str
    url: str
    created_at: datetime
    read_at: datetime | None
