"""How a year goes: its pace, what is left of it, and the sheet of its leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.answers.years import ClusterEntry, OfficialTotal, Total, YearEntry
from assessments.pace import Unknown
from assessments.queries.leadership import Matter


@dataclass(frozen=True, slots=True)
class PaceDay:
    """Questions answered and accepted by the end of a day on which either count changed."""

    day: date
    answered: int
    accepted: int


@dataclass(frozen=True, slots=True)
class PaceForecast:
    """Questions accepted on the deadline at this pace, `rate` a day; 80 % of cases lie in the range."""

    rate: Decimal
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Documents that wait since so many days."""

    label: str
    documents: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Documents that wait for a decision, the oldest since `oldest_days`."""

    documents: int
    oldest_days: int | None
    groups: list[WaitingGroup]


@dataclass(frozen=True, slots=True)
class YearPace:
    """Without a forecast, `unknown` says why; `sentence` is either in words."""

    questions: int
    deadline: date | None
    days: list[PaceDay]
    forecast: PaceForecast | None
    unknown: Unknown | None
    sentence: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class RemainingEntry:
    """Points of an indicator that are not proven yet: `left` by its own maximum, `states` by the
    state of its questions, which together may be more."""

    code: str
    name: str
    left: Decimal
    states: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class LeadershipDecision:
    """Something to decide with the facts behind it; about an OPD or a cluster it names that."""

    matter: Matter
    title: str
    fact: str
    opd: str | None
    cluster: str | None


@dataclass(frozen=True, slots=True)
class AwardedYear:
    year: int
    predikat: str


@dataclass(frozen=True, slots=True)
class LeadershipSheet:
    """Where the city stands in its current year and what is to be decided, at most five things.

    `awards` are the last ones. All years are told by `history/`.
    """

    year: YearEntry
    days_left: int | None
    unit: str
    maximum: Decimal
    evidenced: Total
    claimed: Total
    official: OfficialTotal | None
    decisions: list[LeadershipDecision]
    clusters: list[ClusterEntry]
    awards: list[AwardedYear]


@dataclass(frozen=True, slots=True)
class Leadership:
    """`sheet` is null while the city has opened no year."""

    sheet: LeadershipSheet | None
