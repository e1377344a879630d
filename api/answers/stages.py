"""The stages of a year, and the year as it was frozen between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from assessments.choices import ScoreKind, Stage, TrailEvent, Verdict
from assessments.stages import StageAction


@dataclass(frozen=True, slots=True)
class AllowedAction:
    code: StageAction
    name: str


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A stage and what it allows. In the field verification, questions of a completion window allow
    more: see `completion-windows/`.
    """

    stage: Stage
    name: str
    is_current: bool
    is_past: bool
    actions: list[AllowedAction]


@dataclass(frozen=True, slots=True)
class StageDeed:
    """Something that moved the year, or opened and ended a completion window."""

    deed: TrailEvent
    deed_name: str
    detail: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class YearStages:
    """Where a year stands, `sentence` says what that means. `history`: the newest first."""

    current: Stage
    sentence: str
    stages: list[StageEntry]
    history: list[StageDeed]


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """A year as it was frozen when it went from `left` to `stage`; SHA-256 of all that counted."""

    number: int
    left: Stage
    left_name: str
    stage: Stage
    stage_name: str
    at: datetime
    by: str
    checksum: str


@dataclass(frozen=True, slots=True)
class FrozenTotal:
    kind: ScoreKind
    points: Decimal
    predikat: str
    answered: int


@dataclass(frozen=True, slots=True)
class FrozenCluster:
    code: str
    label: str
    name: str
    maximum: Decimal
    claimed: Decimal | None
    evidenced: Decimal | None


@dataclass(frozen=True, slots=True)
class FrozenDocument:
    """`link` is null for a file and for a sensitive link, of which only its SHA-256 is frozen."""

    title: str
    kind: str
    verdict: Verdict
    link: str | None
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class FrozenWaiver:
    """A kind of document that was not asked for any more, and why."""

    kind: str
    name: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    code: str
    claimed: Decimal | None
    granted: Decimal | None
    documents: list[FrozenDocument]
    waivers: list[FrozenWaiver]


@dataclass(frozen=True, slots=True)
class FrozenOfficial:
    """Points that an official stage gave a question or a whole indicator; the other is null."""

    question: str | None
    indicator: str | None
    kind: ScoreKind
    points: Decimal
    source: str
    by: str


@dataclass(frozen=True, slots=True)
class SnapshotDetail:
    """What was frozen. `is_intact` says whether it still has the checksum."""

    snapshot: SnapshotEntry
    is_intact: bool
    instrument: str
    instrument_title: str
    totals: list[FrozenTotal]
    clusters: list[FrozenCluster]
    answers: list[FrozenAnswer]
    official: list[FrozenOfficial]
