"""What kecamatan and kelurahan report."""

from __future__ import annotations

from dataclasses import dataclass

from territories.choices import UnitLevel


@dataclass(frozen=True, slots=True)
class UnitEntry:
    code: str
    name: str
    level: UnitLevel
    district: str | None
    reported: int
    waiting: int
    returned: int


@dataclass(frozen=True, slots=True)
class SaidEntry:
    """What a unit says to a criterion; which fields are filled depends on what is asked."""

    yes: bool | None
    part: int | None
    whole: int | None
    count: int | None
    boys: int | None
    girls: int | None
    nil: bool


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """`counts` says whether the accepted report meets the criterion; null without one."""

    criterion: str
    text: str
    kind: str
    id: int | None
    state: str
    reason: str
    latest: SaidEntry | None
    source: str
    accepted: SaidEntry | None
    counts: bool | None


@dataclass(frozen=True, slots=True)
class UnitReports:
    unit: str
    name: str
    data_year: int
    criteria: str
    reports: list[ReportEntry]
