"""A variable in two years as a register tells it: the city's number, and its kecamatan behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from childdata.catalogue import Variable
from childdata.choices import Sex
from childdata.counts import Comparison, compare
from childdata.models import Observation
from childdata.queries.observed import Key, with_cells
from childdata.tables import Counts, sum_of
from registers.contract import Count, YearCount
from territories.choices import UnitLevel
from territories.models import Unit

CITY = None  # stands for the city itself where a place is the primary key of a unit


@dataclass(frozen=True, slots=True)
class TwoYears:
    """The tables of a variable and of what it is part of; `units` are the kecamatan, by year."""

    variable: Variable
    years: tuple[int, int]
    units: Mapping[int, list[Unit]]
    tables: Mapping[int | None, Mapping[Key, Observation]]

    def year_count(self, place: int | None, year: int, *, has_whole: bool) -> YearCount:
        """Of one place; without a whole where the number is to stand alone."""
        whole = self._count(place, self.variable.within, year) if has_whole else None
        return YearCount(year, self._count(place, self.variable.code, year), whole)

    def of_city(self, year: int, *, has_whole: bool) -> YearCount:
        """The city's own numbers; where it says none, the sum of its kecamatan if all told."""
        whole = self._of_all(self.variable.within, year) if has_whole else None
        return YearCount(year, self._of_all(self.variable.code, year), whole)

    def told(self, place: int | None, year: int) -> Observation | None:
        return self.tables.get(place, {}).get((self.variable.code, year))

    def comparison(self, year: int) -> Comparison:
        """The sum of the kecamatan beside the city's own number."""
        own = self._count(CITY, self.variable.code, year)
        counts = [self._count(unit.pk, self.variable.code, year) for unit in self.units[year]]
        return compare([one.total if one else None for one in counts], own.total if own else None)

    def _of_all(self, code: str, year: int) -> Count | None:
        own = self._count(CITY, code, year)
        if own is not None:
            return own
        counts = [self._count(unit.pk, code, year) for unit in self.units[year]]
        known = [count for count in counts if count is not None]
        return sum(known[1:], start=known[0]) if known and len(known) == len(counts) else None

    def _count(self, place: int | None, code: str, year: int) -> Count | None:
        observation = self.tables.get(place, {}).get((code, year))
        return count_of(observation.counts) if observation else None


def count_of(counts: Counts) -> Count | None:
    """Everybody in a table, by sex where it tells both; None of an empty one."""
    male, female = sum_of(counts, sex=Sex.MALE), sum_of(counts, sex=Sex.FEMALE)
    if male is not None and female is not None:
        return Count.by_sex(male, female)
    total = sum_of(counts)
    return None if total is None else Count(total)


def told_of(city_id: int, variable: Variable, years: tuple[int, int]) -> TwoYears:
    """Three queries, however many kecamatan there are."""
    ever = list(Unit.objects.filter(city=city_id, level=UnitLevel.KECAMATAN))
    units = {
        year: [unit for unit in ever if unit.is_active_on(date(year, 12, 31))] for year in years
    }
    places = {unit.pk for found in units.values() for unit in found}
    rows = Observation.objects.filter(
        Q(unit=None) | Q(unit__in=places),
        city=city_id,
        variable__in=[variable.code, variable.within],
        year__in=years,
    )
    tables: dict[int | None, dict[Key, Observation]] = {}
    for one in with_cells(rows):
        tables.setdefault(one.unit_id, {})[one.variable, one.year] = one
    return TwoYears(variable, years, units, tables)
