"""What to do about a year: ways to a predikat, plans, suppositions, and the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from assessments.choices import AnswerState
from plans.choices import Basis, Outcome
from plans.experience import Condition


@dataclass(frozen=True, slots=True)
class WayQuestion:
    """An open question: what it can add, `effort` 1 to 20 for it, and kinds of documents it lacks.

    `estimate` is what the effort would be without the city's own number.
    """

    question: str
    text: str
    state: AnswerState
    lead: str | None
    gain: Decimal
    effort: int
    estimate: int
    missing: list[str]


@dataclass(frozen=True, slots=True)
class WayShare:
    """What a way asks of an OPD; null for questions that nobody leads."""

    opd: str | None
    questions: int
    gain: Decimal
    effort: int


@dataclass(frozen=True, slots=True)
class Detour:
    """The best way `without` a question, and the questions that it takes `instead`."""

    without: str
    instead: list[str]
    questions: int
    effort: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Pathway:
    """The cheapest way from `start` to `goal`; `predikat` is null where any total is meant.

    Where the goal is out of reach, `is_enough` is false, and the way leads as far as one can come.
    `rest` are the open questions that it leaves, the best bargains first.
    """

    predikat: str | None
    goal: Decimal
    basis: Basis
    start: Decimal
    start_predikat: str
    needed: Decimal
    total: Decimal
    total_predikat: str
    effort: int
    is_enough: bool
    short_of: Decimal
    steps: list[WayQuestion]
    shares: list[WayShare]
    others: list[Detour]
    locked: list[str]
    excluded: list[str]
    rest: list[WayQuestion]


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A way that was saved: points are those of that day, `realised` what has been proven since."""

    id: int
    name: str
    basis: Basis
    start: Decimal
    goal: Decimal
    predikat: str | None
    at: datetime
    by: str
    steps: int
    done: int
    planned: Decimal
    realised: Decimal


@dataclass(frozen=True, slots=True)
class PlanStepEntry:
    question: str
    lead: str | None
    due_on: date | None
    is_late: bool
    state: AnswerState
    start: Decimal
    goal: Decimal
    effort: int
    realised: Decimal
    is_done: bool


@dataclass(frozen=True, slots=True)
class PlanShareEntry:
    opd: str | None
    steps: int
    done: int
    planned: Decimal
    realised: Decimal


@dataclass(frozen=True, slots=True)
class SavedPlanDetail:
    """`total` and `total_predikat` are those of today, `left` what is missing to the goal."""

    plan: SavedPlan
    total: Decimal
    total_predikat: str
    left: Decimal
    shares: list[PlanShareEntry]
    steps: list[PlanStepEntry]


@dataclass(frozen=True, slots=True)
class SupposedOutcome:
    """What is supposed of a question, and the points that would then count."""

    question: str
    outcome: Outcome
    points: Decimal


@dataclass(frozen=True, slots=True)
class SupposedClusterEntry:
    code: str
    label: str
    name: str
    maximum: Decimal
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The proven total as it is and as supposed. Nothing of it is kept."""

    maximum: Decimal
    before: Decimal
    before_predikat: str
    after: Decimal
    after_predikat: str
    next_predikat: str | None
    to_next: Decimal | None
    clusters: list[SupposedClusterEntry]
    outcomes: list[SupposedOutcome]


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """Suppositions that were saved; `total` is that of the day on which they were."""

    id: int
    name: str
    total: Decimal
    at: datetime
    by: str
    outcomes: list[SupposedOutcome]


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A scenario on the points of today; `scenario` is null for the year as it is.

    `clusters` are points by code, `counts` how many questions end in which way.
    """

    scenario: int | None
    name: str | None
    total: Decimal
    predikat: str
    saved_total: Decimal | None
    clusters: dict[str, Decimal]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ForecastBound:
    total: Decimal
    predikat: str


@dataclass(frozen=True, slots=True)
class ForecastCluster:
    label: str
    name: str
    maximum: Decimal
    claimed: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ForecastRisk:
    """A claim and what it is expected to keep, the largest loss first; `seen` is what became of
    questions of its kind in finished years."""

    question: str
    claimed: Decimal
    expected: Decimal
    loss: Decimal
    condition: Condition
    why: str
    seen: str


@dataclass(frozen=True, slots=True)
class ForecastCondition:
    """Claims by the state of their documents. `kept` is a share of what accepted ones keep; it was
    learned from `seen` points of finished years, and is a guess where these are 0."""

    condition: Condition
    name: str
    questions: int
    claimed: Decimal
    loss: Decimal
    kept: Decimal
    seen: Decimal


@dataclass(frozen=True, slots=True)
class ForecastReplay:
    """A finished year as it would have been forecast from those before it."""

    year: int
    claimed: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal
    verified: Decimal
    holds: bool


@dataclass(frozen=True, slots=True)
class VerificationForecast:
    """What verification will leave of the claims; 80 % of cases lie between `low` and `high`, which
    are null where nothing is claimed and so nothing known.

    Not counted are the `unclaimed` questions, and what `register_sentence` says. `years` are the
    finished ones that were learned from.
    """

    claimed: Decimal
    maximum: Decimal
    low: ForecastBound | None
    expected: ForecastBound | None
    high: ForecastBound | None
    sentence: str
    unclaimed: int
    unclaimed_points: Decimal
    register_sentence: str
    years: int
    clusters: list[ForecastCluster]
    risks: list[ForecastRisk]
    conditions: list[ForecastCondition]
    replays: list[ForecastReplay]
