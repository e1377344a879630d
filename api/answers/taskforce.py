"""The Gugus Tugas: its decrees with their members, and what its parties have promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from taskforce.choices import CommitmentState, DecreeState, Element, Field, Sector, TaskForceRole


@dataclass(frozen=True, slots=True)
class DecreeEntry:
    """A decree (SK) with its state as of today. `document` is its signed paper."""

    id: int
    number: str
    state: DecreeState
    signed_on: date
    valid_from: date
    valid_to: date | None
    signatory: str
    document: UUID | None


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """Somebody in the Gugus Tugas today; `name` is empty while the official is not known.

    `trained` says whether a KHA certificate holds: until `trained_to`, without an end where that is
    null. Where none holds any more, the one before has `expired_on`.
    """

    post: str
    institution: str
    name: str
    element: Element
    role: TaskForceRole
    field: Field | None
    trained: bool
    trained_to: date | None
    expired_on: date | None


@dataclass(frozen=True, slots=True)
class FormerSeat:
    """An official who was in it before; `until` is the last day."""

    post: str
    institution: str
    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class DecreeDetail:
    """A decree with who is in it today; `lacks` are sentences, none where it covers what it must."""

    decree: DecreeEntry
    trained: int
    lacks: list[str]
    members: list[SeatEntry]
    former: list[FormerSeat]


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """What a party of the city has promised, and what came of it. `document` is its signed paper."""

    id: int
    sector: Sector
    party: str
    signatory: str
    text: str
    made_on: date
    occasion: str
    due_on: date | None
    state: CommitmentState
    is_late: bool
    outcome: str
    document: UUID | None
