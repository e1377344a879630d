"""The grid unit × criterion of a year, read as values: of hundreds of units most are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cities.models import Membership
from territories.choices import CriterionLevel, ReportState
from territories.criteria import Criterion, Said
from territories.models import FIGURES, Unit
from territories.queries.boards import ReportingYear
from territories.queries.names import with_names_then
from territories.queries.standing import UNSENT, CriterionStanding, reports_to
from territories.rating import Rating, RatingRules, rate

Place = tuple[int, str]  # a unit and the code of a criterion
Figures = tuple[Any, ...]  # in the order of FIGURES


@dataclass(frozen=True, slots=True)
class GridLine:
    """A unit, named as on the reference date, with its cells by the code of the criterion."""

    code: str
    name: str
    level: str
    district_code: str
    district: str
    cells: Mapping[str, CriterionStanding]
    rating: Rating | None = None  # only where every criterion of its level is at hand

    @property
    def states(self) -> set[str]:
        """Those that its cells have, of reports that were sent."""
        return {cell.state for cell in self.cells.values()} - UNSENT

    @property
    def reported(self) -> int:
        """To how many criteria something was sent."""
        return sum(cell.is_sent for cell in self.cells.values())

    @property
    def met(self) -> int:
        """How many criteria it meets by what was accepted."""
        return sum(cell.counts is True for cell in self.cells.values())

    @property
    def waiting(self) -> int:
        return sum(cell.state == ReportState.SENT for cell in self.cells.values())

    @property
    def returned(self) -> int:
        return sum(cell.state == ReportState.RETURNED for cell in self.cells.values())


def grid(
    member: Membership,
    reporting: ReportingYear,
    level: CriterionLevel,
    asked: Sequence[Criterion],
) -> list[GridLine]:
    """A line for each active unit of the level that the member may see, by code; two queries."""
    units = Unit.objects.visible_to(member).active_on(reporting.as_of).of_level(level)
    reports = reports_to(asked, reporting.criteria, year=reporting.year)
    reports = reports.filter(unit__in=units.values("pk"))
    states: dict[Place, str] = {}
    accepted: dict[Place, Figures] = {}
    counts = ReportState.ACCEPTED.value
    for row in reports.values_list("unit", "criterion", "state", *FIGURES):
        states[row[:2]] = row[2]
        if row[2] == counts:
            accepted[row[:2]] = row[3:]
    # Cells that are alike are one object, so that each is judged and put in words once.
    cells = [(one.code, cache(partial(_cell, one))) for one in asked]
    return [
        GridLine(
            code,
            name,
            unit_level,
            district_code or "",
            district or "",
            {
                criterion: cell(states.get((pk, criterion), ""), accepted.get((pk, criterion)))
                for criterion, cell in cells
            },
        )
        for pk, code, name, unit_level, district_code, district in with_names_then(
            units, reporting.as_of
        ).values_list(
            "pk",
            "code",
            Coalesce("name_then", "name"),
            "level",
            "parent__code",
            Coalesce("parent_then", "parent__name"),
        )
    ]


def _cell(criterion: Criterion, state: str, accepted: Figures | None) -> CriterionStanding:
    return CriterionStanding(criterion, state, None if accepted is None else Said(*accepted))


def with_ratings(lines: Iterable[GridLine], rules: RatingRules) -> list[GridLine]:
    """The lines with their ratings; their cells are those of every criterion of their level."""
    return [
        replace(
            line,
            rating=rate(rules, {code: cell.favours for code, cell in line.cells.items()}),
        )
        for line in lines
    ]


def of_criteria(lines: Iterable[GridLine], asked: Sequence[Criterion]) -> list[GridLine]:
    """The lines with no cells but those of these criteria."""
    return [
        replace(line, cells={one.code: line.cells[one.code] for one in asked}) for line in lines
    ]


def grid_table(
    lines: Sequence[GridLine], asked: Sequence[Criterion]
) -> tuple[list[str], Iterator[list[str]]]:
    """The grid as a header and rows of text, in words instead of letters."""
    header = [_("Kode"), _("Nama"), _("Kecamatan")]
    if any(line.rating for line in lines):
        header += [_("Peringkat"), _("Mendukung"), _("Belum diterima")]
    header += [f"{one.code} {one.text}" for one in asked]
    rows = (
        [
            line.code,
            line.name,
            line.district,
            *(_rating_cells(line.rating) if line.rating else ()),
            *(cell.words for cell in line.cells.values()),
        ]
        for line in lines
    )
    return header, rows


def _rating_cells(rating: Rating) -> list[str]:
    return [rating.words, str(rating.favourable), str(len(rating.missing))]
