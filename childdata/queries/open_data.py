"""The numbers of a year for open data, with what Satu Data wants told of them: by sex, each of
kecamatan, age band and disability.

Small numbers are left out, and as many others as it takes that nobody computes them; see
`suppression.py`. City, kecamatan and sexes share totals and are published as one table. Those by age
and by disability are of the whole city and stand beside it: only where its totals are all shown, and
so that no hidden number of theirs touches a total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childdata.catalogue import Variable, catalogue
from childdata.choices import Sex
from childdata.models import Observation
from childdata.queries.observed import units_below, with_cells
from childdata.queries.producers import is_producer, producers_of
from childdata.suppression import hidden_below_totals, hidden_cells, with_totals
from childdata.tables import Cell, Counts, lines_of, sexes_of, sum_of
from cities.models import City, Membership, Opd
from registers.contract import Count, YearCount

HEADER = (
    "kode_variabel", "variabel", "konsep", "definisi", "rumus", "satuan", "produsen", "periode",
    "sumber", "tahun", "kode_wilayah", "wilayah", "jenis_kelamin", "kelompok_umur", "disabilitas",
    "jumlah", "persen", "keterangan",
)  # fmt: skip
Values = list[int | str]
Stored = Mapping[tuple[str, int | None], Observation]


@dataclass(frozen=True, slots=True)
class Divided:
    """The whole city divided by age or by disability: the two words of each line, and its counts."""

    lines: list[tuple[str, str]]
    counts: list[list[int]]


@dataclass(frozen=True, slots=True)
class Published:
    """A variable's numbers with their totals, and the cells that are kept back; see `with_totals`.

    `places` are pairs of code and name, the city itself last: its row is the sum.
    """

    variable: Variable
    places: list[tuple[str, str]]
    counts: list[list[int]]
    hidden: frozenset[tuple[int, int]]
    divided: list[Divided]

    @property
    def shows_totals(self) -> bool:
        """Whether every number of the whole city is shown."""
        return all(row != len(self.counts) for row, _column in self.hidden)

    @property
    def total(self) -> int | None:
        """Of the whole city; None where it is kept back."""
        last = (len(self.counts), len(self.counts[0]))
        return None if last in self.hidden else with_totals(self.counts)[-1][-1]


def open_data(member: Membership, *years: int, small: int) -> Iterator[list[str | int]]:
    """Of each year a row for each place and sex of what the member may see, and of the whole city for
    each age and for those with and without a disability; counts from 1 to below `small` are kept
    back. Three queries, and one for the places of each year.
    """
    producers = producers_of(member.city)
    stored: dict[int, dict[tuple[str, int | None], Observation]] = {year: {} for year in years}
    for one in with_cells(Observation.objects.filter(city=member.city, year__in=years)):
        stored[one.year][one.variable, one.unit_id] = one
    for year, of_year in stored.items():
        yield from _year_rows(member, year, of_year, producers, small)


def _year_rows(
    member: Membership, year: int, stored: Stored, producers: Mapping[str, Opd], small: int
) -> Iterator[list[str | int]]:
    city, known = member.city, catalogue().variables
    units = [(unit.code, unit.name, unit.pk) for unit in units_below(city, None, year)]
    published = {
        code: table
        for code, one in known.items()
        if (table := _published(one, city, units, stored, small)) is not None
    }
    for code, table in published.items():
        if is_producer(member, table.variable, producers):
            own = stored[code, None]
            opd = producers.get(table.variable.producer)
            facts = _facts(table.variable, opd.name if opd else "", own.source, year)
            yield from _rows(table, facts, published.get(table.variable.within), year)
            yield from _divided_rows(table, [*facts, "", city.name], small)


def _published(
    variable: Variable, city: City, units: list[tuple[str, str, int]], stored: Stored, small: int
) -> Published | None:
    """None where the city has no number. By kecamatan where each of them told and together they are
    not more than the city: what is not of any known kecamatan is a row of its own.
    """
    own = stored.get((variable.code, None))
    sexes = sexes_of(variable)
    whole = _numbers(own, sexes) if own else None
    if own is None or whole is None:
        return None
    parts = [_numbers(stored.get((variable.code, pk)), sexes) for _code, _name, pk in units]
    told = [part for part in parts if part is not None]
    rest = [all_of - sum(part[at] for part in told) for at, all_of in enumerate(whole)]
    if told and len(told) == len(units) and min(rest) >= 0:
        places = [
            *((code, name) for code, name, _pk in units),
            ("", _("Tidak diketahui wilayahnya")),
        ]
        counts = [*told, rest]
    else:
        places, counts = [], [whole]
    hidden = hidden_cells(counts, small)
    divided = [_by_age(variable, own.counts), _by_disability(variable, own.counts, whole)]
    return Published(
        variable,
        [*places, ("", city.name)],
        counts,
        hidden,
        [one for one in divided if one is not None],
    )


def _by_age(variable: Variable, told: Counts) -> Divided | None:
    """None where an age is not told of every sex: a number that is not known is no nought."""
    sexes, bands = sexes_of(variable), [line for line in lines_of(variable) if line.age]
    if not bands or any(Cell(sex, line.age) not in told for sex in sexes for line in bands):
        return None
    lines = [(line.label, _all()) for line in bands]
    counts = [[told[Cell(sex, line.age)] for sex in sexes] for line in bands]
    rest = [told.get(Cell(sex), 0) for sex in sexes]
    if any(rest):
        lines.append((_("Umur tidak dirinci"), _all()))
        counts.append(rest)
    return Divided(lines, counts)


def _by_disability(variable: Variable, told: Counts, whole: list[int]) -> Divided | None:
    """None where it is not told of every sex, or more are told than there are."""
    cells = [Cell(sex, disability=True) for sex in sexes_of(variable)]
    if any(cell not in told for cell in cells):
        return None
    counts = [told[cell] for cell in cells]
    others = [all_of - count for all_of, count in zip(whole, counts, strict=True)]
    if min(others) < 0:
        return None
    return Divided([(_all(), _("Ya")), (_all(), _("Tidak"))], [counts, others])


def _all() -> str:
    return _("Semua")


def _numbers(one: Observation | None, sexes: tuple[str, ...]) -> list[int] | None:
    if one is None:
        return None
    counts = [sum_of(one.counts, sex=sex) for sex in sexes]
    return [count for count in counts if count is not None] if None not in counts else None


def _facts(variable: Variable, opd: str, source: str, year: int) -> Values:
    return [
        variable.code, variable.title, variable.concept, variable.definition, variable.formula,
        variable.unit, opd or variable.producer, variable.period, source, year,
    ]  # fmt: skip


def _rows(
    table: Published, facts: Values, whole: Published | None, year: int
) -> Iterator[list[str | int]]:
    grid, columns = with_totals(table.counts), _columns(table.variable)
    last = len(grid) - 1
    for number, (code, name) in enumerate(table.places):
        at = last if number == len(table.places) - 1 else number
        for column, words in enumerate(columns):
            is_total = at == last and column == len(columns) - 1
            share = _share(table, whole, year) if is_total else ""
            count, remark = _shown(grid[at][column], is_hidden=(at, column) in table.hidden)
            yield [*facts, code, name, words, _all(), _all(), count, share, remark]


def _divided_rows(table: Published, facts: Values, small: int) -> Iterator[list[str | int]]:
    """The lines by age and by disability; their totals are those of the city, told already."""
    for one in table.divided if table.shows_totals else []:
        hidden = hidden_below_totals(one.counts, small)
        if hidden is None:
            continue
        grid = with_totals(one.counts)
        for at, divided_by in enumerate(one.lines):
            for column, words in enumerate(_columns(table.variable)):
                count, remark = _shown(grid[at][column], is_hidden=(at, column) in hidden)
                yield [*facts, words, *divided_by, count, "", remark]


def _columns(variable: Variable) -> list[str]:
    """The words of each sex and of all together, as the columns of `with_totals` stand."""
    sexes = sexes_of(variable)
    return [*(str(Sex(sex).label) for sex in sexes if len(sexes) > 1), _("Jumlah")]


def _shown(count: int, *, is_hidden: bool) -> tuple[int | str, str]:
    return ("", _("disembunyikan agar anak tidak dikenali")) if is_hidden else (count, "")


def _share(table: Published, whole: Published | None, year: int) -> str:
    """In per cent, from counts that are both shown."""
    if table.total is None or whole is None or whole.total is None:
        return ""
    value = YearCount(year, Count(table.total), Count(whole.total)).value
    return "" if value is None else f"{value}"
