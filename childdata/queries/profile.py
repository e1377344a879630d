"""The profile of a city's children: every variable in two years side by side, cluster by cluster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childdata.catalogue import CLUSTERS, Variable, catalogue
from childdata.queries.answers import count_of
from childdata.queries.boards import cluster_name
from childdata.queries.observed import tables_at
from childdata.queries.producers import is_producer, producers_of
from cities.models import City, Membership
from figures.values import Cell, Chart, ChartColumn, Unit
from registers.contract import Count, YearCount


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A variable with the city's own counts, the earlier year first."""

    variable: Variable
    years: tuple[YearCount, YearCount]

    @property
    def most(self) -> int:
        """The larger of both years: the length of a bar."""
        return max((one.counted.total for one in self.years if one.counted), default=0)

    @property
    def missing(self) -> list[int]:
        return [one.year for one in self.years if one.counted is None]


@dataclass(frozen=True, slots=True)
class ProfileCluster:
    code: str
    name: str
    years: tuple[int, int]
    rows: list[ProfileRow]

    @property
    def known(self) -> list[ProfileRow]:
        """Those of which at least one year is known."""
        return [row for row in self.rows if len(row.missing) < len(row.years)]

    @property
    def whole(self) -> int:
        """How many are known in both years."""
        return sum(not row.missing for row in self.rows)

    @property
    def lacks(self) -> list[str]:
        """What is missing, a line for each variable."""
        return [
            f"{row.variable.title} ({', '.join(map(str, row.missing))})"
            for row in self.rows
            if row.missing
        ]

    @property
    def sentence(self) -> str:
        facts = {"whole": self.whole, "count": len(self.rows), "years": _years_told(self.years)}
        return _("%(whole)d dari %(count)d variabel terisi untuk %(years)s.") % facts

    @property
    def chart(self) -> Chart:
        return Chart(
            key=f"klaster-{self.code.lower()}",
            title=self.name,
            sentence=self.sentence,
            columns=_columns(self.years),
            rows=[_cells(row) for row in self.rows],
        )


@dataclass(frozen=True, slots=True)
class Profile:
    city: City
    years: tuple[int, int]
    clusters: list[ProfileCluster]

    @property
    def title(self) -> str:
        return _("Profil anak %(years)s") % {"years": "–".join(map(str, self.years))}

    @property
    def whole(self) -> int:
        return sum(cluster.whole for cluster in self.clusters)

    @property
    def count(self) -> int:
        return sum(len(cluster.rows) for cluster in self.clusters)


def profile_of(member: Membership, year: int) -> Profile:
    """What the member may see of `year` and the year before; three queries."""
    producers = producers_of(member.city)
    variables = catalogue().variables.values()
    seen = [one for one in variables if is_producer(member, one, producers)]
    return _profile(member.city, year, seen)


def city_profile(city: City, year: int) -> Profile:
    """Of every variable; two queries."""
    return _profile(city, year, catalogue().variables.values())


def _profile(city: City, year: int, variables: Iterable[Variable]) -> Profile:
    years, shown = (year - 1, year), list(variables)
    found = tables_at(city, None, catalogue().variables, years)

    def count(code: str, of: int) -> Count | None:
        return count_of(found[code, of].counts) if (code, of) in found else None

    def told(one: Variable, of: int) -> YearCount:
        return YearCount(of, count(one.code, of), count(one.within, of))

    rows = [ProfileRow(one, (told(one, years[0]), told(one, years[1]))) for one in shown]
    return Profile(
        city,
        years,
        [
            ProfileCluster(code, cluster_name(code), years, mine)
            for code in CLUSTERS
            if (mine := [row for row in rows if row.variable.cluster == code])
        ],
    )


def _years_told(years: tuple[int, int]) -> str:
    return _("%(before)d dan %(now)d") % {"before": years[0], "now": years[1]}


def _columns(years: tuple[int, int]) -> list[ChartColumn]:
    columns = [ChartColumn(_("Variabel")), ChartColumn(_("Satuan"))]
    for year in years:
        columns += [
            ChartColumn(f"L {year}", Unit.COUNT),
            ChartColumn(f"P {year}", Unit.COUNT),
            ChartColumn(_("Jumlah %(year)d") % {"year": year}, Unit.COUNT),
            ChartColumn(_("Persen %(year)d") % {"year": year}, Unit.PERCENT),
        ]
    return columns


def _cells(row: ProfileRow) -> list[Cell]:
    cells: list[Cell] = [row.variable.title, row.variable.unit]
    for one in row.years:
        told = one.counted
        counts = (told.male, told.female, told.total) if told else (None, None, None)
        cells += [*counts, one.value]
    return cells
