"""What the pages of children's data show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from childdata.catalogue import CLUSTERS, Variable, catalogue
from childdata.choices import Sex
from childdata.counts import Comparison, compare
from childdata.models import Observation
from childdata.queries.observed import (
    UnitTables,
    tables_at,
    tables_below,
    units_below,
)
from childdata.queries.producers import is_producer, producers_of
from childdata.tables import Cell, Line, lines_of, sexes_of, sum_of
from cities.models import City, Membership, Opd
from clusters.library import packaged
from territories.models import Unit

INSTRUMENT = "kla-2023"  # whose clusters the catalogue follows


def cluster_name(code: str) -> str:
    """As the instrument calls it: Klaster IV, with what it is about."""
    label = f"Klaster {code}"
    one = next(one for one in packaged(INSTRUMENT).clusters if one.label == label)
    return f"{label}: {one.name}"


@dataclass(frozen=True, slots=True)
class VariableRow:
    """A variable of a year: the city's table, the year before, and what its kecamatan told."""

    variable: Variable
    opd: Opd | None
    now: Observation | None
    before: Observation | None
    units: Comparison
    told: int  # how many kecamatan told their part

    @property
    def total(self) -> int | None:
        return sum_of(self.now.counts) if self.now else None

    @property
    def total_before(self) -> int | None:
        return sum_of(self.before.counts) if self.before else None

    @property
    def is_divided(self) -> bool:
        """Whether any kecamatan told its part."""
        return self.told > 0

    @property
    def lacks(self) -> list[str]:
        """What is missing of it, in words."""
        found = []
        if self.now is None:
            found.append(_("belum diisi"))
        if self.opd is None:
            found.append(_("produsen %(code)s belum ada") % {"code": self.variable.producer})
        if self.is_divided and self.units.missing:
            found.append(_("%(count)d kecamatan belum mengisi") % {"count": self.units.missing})
        if self.is_divided and is_unexplained(self.now, self.units):
            found.append(_("selisih dengan kecamatan belum dijelaskan"))
        return found


def is_unexplained(own: Observation | None, units: Comparison) -> bool:
    """All units told, their sum is another, and nobody said why it is by so much."""
    if own is None or units.missing or not units.difference:
        return False
    return own.explained != units.difference


@dataclass(frozen=True, slots=True)
class ClusterBoard:
    code: str
    name: str
    rows: list[VariableRow]

    @property
    def filled(self) -> int:
        return sum(row.now is not None for row in self.rows)

    @property
    def is_whole(self) -> bool:
        return not any(row.lacks for row in self.rows)


def boards(member: Membership, year: int) -> list[ClusterBoard]:
    """The variables that the member may see, by cluster; six queries."""
    city, producers = member.city, producers_of(member.city)
    seen = [one for one in catalogue().variables.values() if is_producer(member, one, producers)]
    found = tables_at(city, None, [one.code for one in seen], (year - 1, year))
    sums, asked = _told_by_units(city, year), units_below(city, None, year).count()
    rows = []
    for one in seen:
        own = found.get((one.code, year))
        total, told = sums.get(one.code, (0, 0))
        units = Comparison(total, sum_of(own.counts) if own else None, asked - told)
        before = found.get((one.code, year - 1))
        rows.append(VariableRow(one, producers.get(one.producer), own, before, units, told))
    return [
        ClusterBoard(code, cluster_name(code), mine)
        for code in CLUSTERS
        if (mine := [row for row in rows if row.variable.cluster == code])
    ]


def _told_by_units(city: City, year: int) -> Mapping[str, tuple[int, int]]:
    """By variable: what the kecamatan add up to, and how many of them told; one query."""
    rows = Observation.objects.filter(
        city=city, year=year, unit__in=units_below(city, None, year)
    ).order_by()
    counted = rows.values("variable").annotate(
        total=Sum("cells__count", filter=Q(cells__disability=False)),
        told=Count("unit", distinct=True),
    )
    return {row["variable"]: (row["total"] or 0, row["told"]) for row in counted}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a table with the numbers of its columns, this year and before; None: unknown."""

    label: str
    now: tuple[int | None, ...]
    before: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PlaceBoard:
    """A variable at one place: its table beside last year's, and the units below it."""

    variable: Variable
    year: int
    unit: Unit | None
    opd: Opd | None
    now: Observation | None
    before: Observation | None
    below: list[UnitTables]

    @property
    def years(self) -> tuple[int, int]:
        return self.year - 1, self.year

    @property
    def sexes(self) -> list[str]:
        """The headings of the columns of a year."""
        return [str(Sex(sex).label) if sex else _("Jumlah") for sex in sexes_of(self.variable)]

    @property
    def lines(self) -> list[ShownLine]:
        """The lines of which a year says anything, and the sum."""
        now = self.now.counts if self.now else {}
        before = self.before.counts if self.before else {}
        found = [
            _shown(line, now, before)
            for line in lines_of(self.variable)
            if any(cell in table for cell in line.cells for table in (now, before))
        ]
        sexes = sexes_of(self.variable)
        sums = [tuple(sum_of(table, sex=sex) for sex in sexes) for table in (now, before)]
        return [*found, ShownLine(_("Seluruhnya"), *sums)] if len(found) > 1 else found

    @property
    def units(self) -> Comparison:
        own = sum_of(self.now.counts) if self.now else None
        return compare([one.total for one in self.below], own)

    @property
    def is_unexplained(self) -> bool:
        return is_unexplained(self.now, self.units)

    @property
    def is_explained(self) -> bool:
        """Somebody said why, of this very difference."""
        explained = self.now.explained if self.now else None
        return explained is not None and explained == self.units.difference


def _shown(line: Line, now: Mapping[Cell, int], before: Mapping[Cell, int]) -> ShownLine:
    return ShownLine(
        line.label,
        tuple(now.get(cell) for cell in line.cells),
        tuple(before.get(cell) for cell in line.cells),
    )


def place_board(
    city: City, variable: Variable, year: int, unit: Unit | None, opd: Opd | None
) -> PlaceBoard:
    """Five queries, however many units there are."""
    found = tables_at(city, unit, [variable.code], (year - 1, year))
    is_divided = "unit" in variable.breakdowns
    return PlaceBoard(
        variable=variable,
        year=year,
        unit=unit,
        opd=opd,
        now=found.get((variable.code, year)),
        before=found.get((variable.code, year - 1)),
        below=tables_below(city, variable, year, unit) if is_divided else [],
    )
