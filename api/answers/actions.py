"""The RAD and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from actionplan.choices import Direction, FundSource, LinkKind, Reach
from monitoring.choices import Light


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A RAD. `in_force` is the one, the newest, of whose years this year is one."""

    id: int
    title: str
    first_year: int
    last_year: int
    instrument: str
    legal_basis: int | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The actions of a plan that the account sees in a year; money in whole rupiah.

    `absorbed` is the percentage of the ceiling that was spent, `lights` how many actions stand so.
    """

    year: int
    actions: int
    ceiling: int
    spent: int
    absorbed: Decimal | None
    lights: dict[str, int]


@dataclass(frozen=True, slots=True)
class FundEntry:
    """Whole rupiah of a ceiling from one source; `source` null where nobody named it."""

    source: FundSource | None
    rupiah: int


@dataclass(frozen=True, slots=True)
class QuarterEntry:
    """What was reported until the end of a quarter, counted from the beginning of the year.

    `physical` in percent of the year's target, `money` in whole rupiah.
    """

    quarter: int
    light: Light
    due_on: date
    is_late: bool
    revision: int | None
    reported_at: datetime | None
    physical: Decimal | None
    money: int | None
    obstacle: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class ActionYearEntry:
    """A year of an action: target, ceiling in whole rupiah and its sources, and the four quarters.

    `child_share` is the percentage of the ceiling that serves children, `for_children` its rupiah.
    """

    year: int
    target: Decimal | None
    ceiling: int | None
    source: FundSource | None
    funds: list[FundEntry]
    child_share: Decimal | None
    child_reason: str
    for_children: int | None
    spent: int | None
    light: Light
    quarters: list[QuarterEntry]


@dataclass(frozen=True, slots=True)
class ActionQuestionEntry:
    """A question that an action is about. `planned` points from the year `planned_in` are proven by
    the next year, `told_in`, as `reached`; null while no year promises, or tells of it.
    """

    question: str
    planned_in: int | None
    planned: Decimal | None
    told_in: int | None
    reached: Decimal | None
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """An action of a plan with each of its years that has a target or a ceiling.

    `code_state` is what the nomenclature of the city says of `code` in `code_year`, null without a
    code; `questions` is null for whoever does not see the whole year.
    """

    number: int
    name: str
    problem: str
    cluster: str
    indicator: str
    reach: Reach
    code: str
    code_year: int
    code_state: str | None
    code_name: str
    code_change: str
    measure: str
    unit_of_measure: str
    direction: Direction
    baseline: Decimal | None
    place: str
    lead: str | None
    supporting: list[str]
    questions: list[ActionQuestionEntry] | None
    years: list[ActionYearEntry]


@dataclass(frozen=True, slots=True)
class PlanLinkEntry:
    """A planning or budget document that a plan is tied to; where it is stored here, its `document`."""

    id: int
    kind: LinkKind
    kind_name: str
    title: str
    address: str | None
    document: UUID | None


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What verifiers criticise in a RAD; `rule` groups them."""

    rule: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Actions of a cluster or an OPD, by its name, or all of them; whole rupiah.

    `unsaid` counts those with a ceiling of which nobody said what serves children, and `supposed` is
    what does by the rule of the city.
    """

    name: str
    actions: int
    ceiling: int
    spent: int
    for_children: int
    unsaid: int
    supposed: int


@dataclass(frozen=True, slots=True)
class SourceSum:
    name: str
    rupiah: int


@dataclass(frozen=True, slots=True)
class PlanBudget:
    """What the actions of a year cost; `per_child` is of the ceilings, `share_per_child` of what was
    said and supposed to serve children, null where their number is not known."""

    total: BudgetLine
    clusters: list[BudgetLine]
    opds: list[BudgetLine]
    sources: list[SourceSum]
    children: int | None
    children_source: str
    per_child: int | None
    share_per_child: int | None
