"""What units report, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from api.answers.reports import ReportEntry, SaidEntry, UnitEntry, UnitReports
from assessments.models import Assessment
from cities.models import Membership
from territories.choices import CriterionLevel, UnitLevel
from territories.models import FIGURES, Report, Unit
from territories.queries.boards import ReportingYear, reporting_year
from territories.queries.grid import grid
from territories.queries.standing import Standing, standings


def unit_entries(member: Membership, assessment: Assessment) -> list[UnitEntry]:
    """Every unit that the member may see, by level and code, with how much it has reported."""
    reporting = reporting_year(assessment)
    return [
        UnitEntry(
            code=row.code,
            name=row.name,
            level=UnitLevel(row.level),
            district=row.district or None,
            reported=row.reported,
            waiting=row.waiting,
            returned=row.returned,
        )
        for level in CriterionLevel
        for row in grid(member, reporting, level, reporting.criteria.of(level))
    ]


def unit_reports(unit: Unit, reporting: ReportingYear) -> UnitReports:
    """What the unit says to each criterion of its level; one query."""
    return UnitReports(
        unit=unit.code,
        name=unit.name,
        data_year=reporting.year,
        criteria=reporting.criteria.code,
        reports=[_entry(one) for one in cells_of(unit, reporting)],
    )


def cells_of(unit: Unit, reporting: ReportingYear) -> Sequence[Standing]:
    asked = reporting.criteria.of(unit.criterion_level)
    found = standings([unit], asked, reporting.criteria, year=reporting.year)
    return [found[one.code][unit.pk] for one in asked]


def _entry(cell: Standing) -> ReportEntry:
    latest = cell.latest
    return ReportEntry(
        criterion=cell.criterion.code,
        text=cell.criterion.text,
        kind=cell.criterion.kind,
        id=latest.pk if latest else None,
        state=cell.state,
        reason=latest.reason if latest else "",
        latest=_said(latest),
        source=latest.source if latest else "",
        accepted=_said(cell.accepted),
        counts=cell.counts,
    )


def _said(report: Report | None) -> SaidEntry | None:
    if report is None:
        return None
    return SaidEntry(**{name: getattr(report, name) for name in FIGURES})
