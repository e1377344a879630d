"""Stored tables as values: of one place, of those beside it, and of the units below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from childdata.catalogue import Variable, catalogue
from childdata.counts import Comparison, compare
from childdata.models import Observation, ObservationQuerySet
from childdata.tables import Counts, Neighbours, sum_of
from cities.models import City
from territories.choices import UnitLevel
from territories.models import Unit, UnitQuerySet

Key = tuple[str, int]  # code of the variable, year


def tables_at(
    city: City, unit: Unit | None, codes: Iterable[str], years: Iterable[int]
) -> dict[Key, Observation]:
    """The observations of one place with their cells; two queries."""
    rows = Observation.objects.of_place(city, unit).filter(
        variable__in=list(codes), year__in=list(years)
    )
    return {(one.variable, one.year): one for one in with_cells(rows)}


def with_cells(rows: ObservationQuerySet) -> ObservationQuerySet:
    return rows.select_related("by", "opd").prefetch_related("cells")


def neighbours_of(city: City, variable: Variable, year: int, unit: Unit | None) -> Neighbours:
    """What a table is measured by at its place; two queries."""
    variables = catalogue().variables.values()
    parts = [one.code for one in variables if one.within == variable.code]
    codes = [variable.code, variable.within, *parts]
    found = tables_at(city, unit, codes, (year - 1, year))

    def counts(code: str, of: int) -> Counts:
        return found[code, of].counts if (code, of) in found else {}

    return Neighbours(
        before=counts(variable.code, year - 1),
        whole=counts(variable.within, year),
        parts={code: counts(code, year) for code in parts},
    )


def units_below(city: City, unit: Unit | None, year: int) -> UnitQuerySet:
    """The kecamatan of the city, or what lies in one of them, as of 31 December of the year."""
    below = Unit.objects.filter(city=city).active_on(date(year, 12, 31))
    if unit is None:
        return below.filter(level=UnitLevel.KECAMATAN)
    return below.filter(parent=unit)


@dataclass(frozen=True, slots=True)
class UnitTables:
    """A unit with its table of a year and that of the year before, None where there is none."""

    unit: Unit
    now: Observation | None
    before: Observation | None

    @property
    def total(self) -> int | None:
        return sum_of(self.now.counts) if self.now else None

    @property
    def total_before(self) -> int | None:
        return sum_of(self.before.counts) if self.before else None


def tables_below(city: City, variable: Variable, year: int, unit: Unit | None) -> list[UnitTables]:
    """Every unit below a place, also those that said nothing; three queries."""
    units = list(units_below(city, unit, year))
    rows = Observation.objects.filter(
        city=city, variable=variable.code, year__in=(year - 1, year), unit__in=units
    )
    found = {(one.unit_id, one.year): one for one in with_cells(rows)}
    return [
        UnitTables(one, found.get((one.pk, year)), found.get((one.pk, year - 1))) for one in units
    ]


def comparison_at(city: City, variable: Variable, year: int, unit: Unit | None) -> Comparison:
    """The sum of the units below a place against the place's own number; five queries."""
    own = tables_at(city, unit, [variable.code], [year]).get((variable.code, year))
    below = tables_below(city, variable, year, unit)
    return compare([one.total for one in below], sum_of(own.counts) if own else None)
