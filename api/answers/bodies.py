"""What the interface takes; an empty or missing field is empty afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from assessments.choices import ScoreKind, Verdict


@dataclass(frozen=True, slots=True)
class ClaimBody:
    claimed_points: Decimal | None
    value: Decimal | None
    choice: str
    note: str


@dataclass(frozen=True, slots=True)
class CommentBody:
    text: str


@dataclass(frozen=True, slots=True)
class VerdictBody:
    """`verdict` is accepted, with `granted_points`, or returned, with a reason."""

    verdict: Verdict
    granted_points: Decimal | None
    usual_reason: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfficialBody:
    """Without points the entry is taken back; `why` names the source, such as a berita acara."""

    kind: ScoreKind
    points: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class DocumentBody:
    """`upload` names a file that was sent in pieces before; days as 2026-01-31."""

    upload: list[UUID]
    kind: str
    title: str
    number: str
    issued_on: date | None
    period_start: date | None
    period_end: date | None
    valid_until: date | None
    sensitivity: str


@dataclass(frozen=True, slots=True)
class ReportBody:
    """Which fields are asked for depends on the criterion; `nil` says that there was none."""

    yes: bool | None
    part: int | None
    whole: int | None
    count: int | None
    boys: int | None
    girls: int | None
    nil: bool
    source: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No body is needed."""
