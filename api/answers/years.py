"""A city, its years and their totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.choices import ScoreKind, Stage
from cities.roles import Role
from plans.checked import Severity


@dataclass(frozen=True, slots=True)
class CityEntry:
    slug: str
    code: str
    name: str
    role: Role
    opd: str | None


@dataclass(frozen=True, slots=True)
class YearEntry:
    year: int
    instrument: str
    stage: Stage
    stage_name: str
    deadline: date | None
    evidence_from: date
    evidence_to: date
    target: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """A total with what it reaches; `to_target` is missing to the city's target."""

    points: Decimal
    predikat: str
    answered: int
    next_predikat: str | None
    to_next: Decimal | None
    to_target: Decimal | None


@dataclass(frozen=True, slots=True)
class OfficialTotal:
    kind: ScoreKind
    total: Total


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    code: str
    label: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class YearTotals:
    year: YearEntry
    maximum: Decimal
    questions: int
    states: dict[str, int]
    claimed: Total
    evidenced: Total
    official: OfficialTotal | None
    clusters: list[ClusterEntry]


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    code: str
    number: int
    cluster: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class OpdEntry:
    code: str
    name: str
    questions: int
    late: int
    states: dict[str, int]
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """Something that does not fit together in a year. `facts` contradict each other: which of them
    is true is not said. Where it is neither a question nor an OPD, `place` alone names it.
    """

    severity: Severity
    rule: str
    title: str
    question: str | None
    opd: str | None
    place: str
    facts: str


@dataclass(frozen=True, slots=True)
class AwardEntry:
    """A predikat that a public source, `source`, says was awarded."""

    predikat: str
    points: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A year of a city; what nobody recorded of it is null, never a zero.

    `furthest` is the total that says most: of the last official stage, else what is proven.
    """

    year: int
    instrument: str | None
    maximum: Decimal | None
    totals: dict[str, Decimal]
    furthest: ScoreKind | None
    predikat: str
    award: AwardEntry | None
