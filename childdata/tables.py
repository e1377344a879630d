"""The table of one variable: its cells, its sums, and what somebody must look at in it.

A table is a mapping of cells to counts; a cell that is not in it is unknown, never nought. Knows no
database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childdata.catalogue import Variable, catalogue
from childdata.choices import Sex
from childdata.counts import Odd, excess, jump
from figures.numbers import format_points

WHOLE = ""  # the sex of what is not counted by sex; the age of those whose age nobody told


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One number of a table. Children with a disability are among the others, not beside them."""

    sex: str = WHOLE
    age: str = WHOLE
    disability: bool = False


Counts = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table as people read it; `sexes` are its columns."""

    age: str
    disability: bool
    label: str
    sexes: tuple[str, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(sex, self.age, self.disability) for sex in self.sexes)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when a change is told: more than `jump_percent` of last year, from counts of `small`."""

    jump_percent: int
    small: int


def sexes_of(variable: Variable) -> tuple[str, ...]:
    return tuple(Sex.values) if "sex" in variable.breakdowns else (WHOLE,)


def lines_of(variable: Variable) -> tuple[Line, ...]:
    """Age bands, those of untold age (or simply all), and those with a disability."""
    sexes, bands = sexes_of(variable), catalogue().bands_of(variable)
    rest = _("Umur tidak dirinci") if bands else variable.unit.capitalize()
    lines = [Line(band, False, _age_words(band), sexes) for band in bands]
    lines.append(Line(WHOLE, False, rest, sexes))
    if "disability" in variable.breakdowns:
        lines.append(Line(WHOLE, True, _("Di antaranya penyandang disabilitas"), sexes))
    return tuple(lines)


def _age_words(band: str) -> str:
    return band if band[-1].isalpha() else _("%(band)s tahun") % {"band": band}


def label_of(variable: Variable, cell: Cell) -> str:
    """A cell in words: laki-laki, 4–6 tahun."""
    line = next(one for one in lines_of(variable) if cell in one.cells)
    return f"{Sex(cell.sex).label}, {line.label}" if cell.sex else line.label


def sum_of(counts: Counts, *, sex: str | None = None, disability: bool = False) -> int | None:
    """Everybody in the table, or those of one sex; None where nothing is told."""
    told = [
        count
        for cell, count in counts.items()
        if cell.disability == disability and sex in (None, cell.sex)
    ]
    return sum(told) if told else None


def missing_cells(variable: Variable, counts: Counts) -> list[Cell]:
    """What a table lacks before it can be summed.

    For each sex the ages must all be told, or else those of untold age; those with a disability for
    every sex or for none. Nothing is missing of an empty table.
    """
    if not counts:
        return []
    lines = lines_of(variable)
    bands = [line.age for line in lines if line.age]
    found = []
    for sex in sexes_of(variable):
        if Cell(sex) not in counts:
            asked = [Cell(sex, band) for band in bands] or [Cell(sex)]
            found += [cell for cell in asked if cell not in counts]
    of_disabled = [cell for line in lines if line.disability for cell in line.cells]
    if any(cell in counts for cell in of_disabled):
        found += [cell for cell in of_disabled if cell not in counts]
    return found


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a table is measured by, each empty where unknown.

    `before` is the same table a year earlier, `whole` that of the variable which it is part of,
    `parts` those which are part of it, by the code of their variable.
    """

    before: Counts
    whole: Counts
    parts: Mapping[str, Counts]


def findings(variable: Variable, counts: Counts, near: Neighbours, limits: Limits) -> list[str]:
    """Everything of a table that is stored only with a note, in the order of its cells; a sentence
    each, in the words of whoever has to explain it.
    """
    return [
        *_jumps(variable, counts, near.before, limits),
        *_disabled_above_all(variable, counts),
        *_above_whole(variable, counts, near.whole),
        *(found for code, part in near.parts.items() for found in _below_part(code, part, counts)),
    ]


def _jumps(variable: Variable, counts: Counts, before: Counts, limits: Limits) -> Iterator[str]:
    for cell, count in sorted(counts.items()):
        odd = jump(count, before.get(cell), percent=limits.jump_percent, small=limits.small)
        if odd is not None:
            words = _("%(cell)s: %(count)s, tahun lalu %(against)s.")
            yield words % _facts(odd, cell=label_of(variable, cell))


def _disabled_above_all(variable: Variable, counts: Counts) -> Iterator[str]:
    for sex in sexes_of(variable):
        odd = excess(sum_of(counts, sex=sex, disability=True), sum_of(counts, sex=sex))
        if odd is not None:
            words = _("%(sex)s: penyandang disabilitas %(count)s, seluruhnya %(against)s.")
            yield words % _facts(odd, sex=_sex_words(sex))


def _above_whole(variable: Variable, counts: Counts, whole: Counts) -> Iterator[str]:
    if not variable.within:
        return
    title = catalogue().variables[variable.within].title
    for sex in _shared_sexes(counts, whole):
        odd = excess(sum_of(counts, sex=sex), sum_of(whole, sex=sex))
        if odd is not None:
            words = _("%(sex)s: %(count)s, lebih banyak daripada %(whole)s %(against)s.")
            yield words % _facts(odd, sex=_sex_words(sex), whole=title)


def _below_part(code: str, part: Counts, counts: Counts) -> Iterator[str]:
    title = catalogue().variables[code].title
    for sex in _shared_sexes(part, counts):
        odd = excess(sum_of(part, sex=sex), sum_of(counts, sex=sex))
        if odd is not None:
            words = _("%(sex)s: %(against)s, padahal %(part)s tercatat %(count)s.")
            yield words % _facts(odd, sex=_sex_words(sex), part=title)


def _shared_sexes(one: Counts, other: Counts) -> tuple[str | None, ...]:
    """Both tables by sex: each of them; else both as a whole."""
    by_sex = all({cell.sex for cell in table} == set(Sex.values) for table in (one, other))
    return tuple(Sex.values) if by_sex else (None,)


def _sex_words(sex: str | None) -> str:
    return str(Sex(sex).label) if sex else _("Seluruhnya")


def _facts(odd: Odd, **more: str) -> dict[str, str]:
    return {"count": format_points(odd.count), "against": format_points(odd.against)} | more
