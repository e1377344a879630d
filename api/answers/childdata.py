"""Numbers of children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from childdata.choices import Sex


@dataclass(frozen=True, slots=True)
class VariableEntry:
    """A variable about children with its numbers of a year; of an unknown number nothing is said.

    `units_told` of `units` kecamatan told their part, `units_total` is what they add up to.
    """

    code: str
    title: str
    concept: str
    definition: str
    formula: str
    unit_of_count: str
    cluster: str
    period: str
    breakdowns: list[str]
    within: str | None
    producer: str
    opd: str | None
    total: int | None
    total_before: int | None
    units: int
    units_told: int
    units_total: int
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class CountEntry:
    """One number of a table, this year and the year before; null where it is not known.

    Without `age` all ages, or those of untold age where the table has bands. Children with a
    disability are among the others, not beside them.
    """

    sex: Sex | None
    age: str | None
    disability: bool
    count: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class UnitCount:
    unit: str
    name: str
    total: int | None
    total_before: int | None


@dataclass(frozen=True, slots=True)
class ChildTable:
    """A variable at the city (`unit` null) or one of its units, and the totals of the units below.

    `difference` is the total less the sum of those; null where the place told none, or has no units.
    """

    variable: str
    title: str
    year: int
    unit: str | None
    unit_name: str | None
    total: int | None
    total_before: int | None
    counts: list[CountEntry]
    units: list[UnitCount]
    difference: int | None
    explanation: str
    source: str
    note: str
    recorded_at: datetime | None
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class ProfileYear:
    """The city's own number of a year; null where it was not told, which is no zero.

    `boys` and `girls` are null too where it was not counted by sex. `share` is in per cent of what
    the variable is a part of.
    """

    year: int
    boys: int | None
    girls: int | None
    total: int | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class ProfileVariable:
    """A variable in both years, the earlier first."""

    variable: str
    title: str
    unit_of_count: str
    within: str | None
    years: list[ProfileYear]


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """The variables of a cluster; `whole` of them are known in both years."""

    cluster: str
    name: str
    whole: int
    variables: list[ProfileVariable]


@dataclass(frozen=True, slots=True)
class ChildProfile:
    """The children of a city in a year and the one before, cluster by cluster."""

    years: list[int]
    clusters: list[ProfilePart]


@dataclass(frozen=True, slots=True)
class OpenCount:
    """A line of the city's open data. A small number is kept back: `count` null, `remark` says why.

    `sex`, `age` and `disability` are words, as in the file; `share` is in per cent.
    """

    variable: str
    title: str
    producer: str
    source: str
    year: int
    unit: str | None
    place: str
    sex: str
    age: str
    disability: str
    count: int | None
    share: Decimal | None
    remark: str
