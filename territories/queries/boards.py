"""What the pages of units show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from cities.models import Membership, User
from territories.choices import ChangeKind, CriterionLevel
from territories.criteria import CriteriaSet, Criterion, Said, set_for
from territories.models import CriteriaChoice, Report, Unit, UnitChange
from territories.queries.names import named_as_on
from territories.queries.standing import Standing, standings
from territories.rating import RatingRules
from territories.sheets.writing import UnitLine


@dataclass(frozen=True, slots=True)
class ReportingYear:
    """For which year units report to an assessment, and to which criteria.

    `rules` are those of rating that were kept when the year was closed.
    """

    year: int
    criteria: CriteriaSet
    rules: RatingRules | None = None

    @property
    def as_of(self) -> date:
        return date(self.year, 12, 31)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its standing to each criterion that it is asked."""

    unit: Unit
    cells: tuple[Standing, ...]

    @property
    def reported(self) -> int:
        """To how many criteria something was sent."""
        return sum(cell.is_sent for cell in self.cells)

    @property
    def last_sent(self) -> Report | None:
        """The newest report that was sent, with who sent it and when."""
        sent = [
            (cell.latest.sent_at, cell.latest.pk, cell.latest)
            for cell in self.cells
            if cell.latest and cell.latest.sent_at
        ]
        return max(sent)[2] if sent else None


def reporting_year(assessment: Assessment) -> ReportingYear:
    """The last evaluated year with the set that the city chose, else that of the instrument; a query."""
    year = evaluated_years(assessment.year)[1]
    choice = CriteriaChoice.objects.of_year(assessment.city_id, year)
    chosen = choice.as_set() if choice else None
    return ReportingYear(
        year,
        chosen or set_for(*assessment.instrument.codes),
        choice.kept_rules if choice else None,
    )


def reference_date(assessment: Assessment) -> date:
    """The last day of that year; without a query."""
    return date(evaluated_years(assessment.year)[1], 12, 31)


def units_of(member: Membership, reporting: ReportingYear, level: CriterionLevel) -> list[Unit]:
    """The active units of that level that the member may see, in the order of codes, named as then."""
    rows = Unit.objects.visible_to(member).active_on(reporting.as_of).of_level(level)
    return named_as_on(rows, reporting.as_of)


def rows_of(
    units: Sequence[Unit],
    asked: Sequence[Criterion],
    found: Mapping[str, Mapping[int, Standing]],
) -> list[UnitRow]:
    """A row a unit of standings that are at hand; one query, for who sent the last of each."""
    rows = [
        UnitRow(unit, tuple(found[criterion.code][unit.pk] for criterion in asked))
        for unit in units
    ]
    senders = User.objects.in_bulk(
        {row.last_sent.sent_by_id for row in rows if row.last_sent is not None}
    )
    for row in rows:
        last = row.last_sent
        if last is not None and last.sent_by_id is not None:
            last.sent_by = senders[last.sent_by_id]
    return rows


def history_of(unit: Unit) -> list[UnitChange]:
    """What the unit came from and what became of it, oldest first, under the names of those
    days; three queries.
    """
    changes = UnitChange.objects.filter(after=unit) | UnitChange.objects.filter(before=unit)
    rows = list(changes.distinct().prefetch_related("before", "after"))
    later: dict[int, str] = {}  # what was replaced by a new name that came after
    for change in reversed(rows):
        for one in (*change.before.all(), *change.after.all()):
            one.name = later.get(one.pk, one.name)
        if change.kind == ChangeKind.RENAMED:
            later |= {one.pk: change.former_name for one in change.before.all()}
    return rows


def last_years(cells: Sequence[Standing], unit: Unit, reporting: ReportingYear) -> list[Standing]:
    """What was accepted for the year before to criteria that this year says nothing to; a query.

    Proposed to a person and counted nowhere.
    """
    empty = [cell.criterion for cell in cells if cell.latest is None]
    found = standings([unit], empty, reporting.criteria, year=reporting.year - 1)
    rows = [found[criterion.code][unit.pk] for criterion in empty]
    return [row for row in rows if row.accepted is not None]


def unit_lines(
    units: Sequence[Unit], reporting: ReportingYear
) -> dict[CriterionLevel, list[UnitLine]]:
    """Each unit with what it has said last, by level, for the sheet; two queries."""
    lines: dict[CriterionLevel, list[UnitLine]] = {level: [] for level in CriterionLevel}
    criteria = reporting.criteria
    found = standings(units, criteria.criteria, criteria, year=reporting.year)
    for unit in units:
        said = [
            cell.latest.said if (cell := found[one.code][unit.pk]).latest else Said()
            for one in criteria.of(unit.criterion_level)
        ]
        district = unit.parent.name if unit.parent else ""
        lines[unit.criterion_level].append(UnitLine(unit.code, unit.name, district, said))
    return lines
