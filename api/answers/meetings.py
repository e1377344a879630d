"""Meetings and what they decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from meetings.choices import MeetingKind


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """What a meeting decided; `about` names the one thing that it is about, if any."""

    id: int
    text: str
    owner: str
    opd: str | None
    due_on: date | None
    about: str
    is_done: bool
    is_late: bool
    done_at: datetime | None
    done_note: str
    done_address: str


@dataclass(frozen=True, slots=True)
class AddendumEntry:
    """A correction of closed minutes, said beside them."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """A meeting of the Gugus Tugas. Minutes and decisions are told once it is closed, before that
    only to whoever writes them; who came is not told. `addenda` are said after it was closed.
    """

    id: int
    kind: MeetingKind
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    chair: str
    agenda: list[str]
    closed_at: datetime | None
    minutes: str
    decisions: list[DecisionEntry]
    addenda: list[AddendumEntry]
