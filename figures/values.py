"""What a plot tells, as plain values: a sentence, a table, and its lines where it has any.

Dashboards make these, templates draw them, and the same rows go out as CSV and XLSX, so that
a figure on paper, on the screen and in a spreadsheet is one and the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.formats import date_format

Cell = str | int | Decimal | date | None
TENTH = Decimal("0.1")
# A person reads at most three decimals; the instrument's own points have no more.
SHOWN = Decimal("0.001")
NOTHING = "–"


class Unit(StrEnum):
    """What the cells of a column are, for writing and aligning them."""

    TEXT = "text"
    POINTS = "points"
    COUNT = "count"
    PERCENT = "percent"  # 0 to 100
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    unit: Unit = Unit.TEXT


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot's figures and what they say.

    `key` names it in the address and in the files it is downloaded as; `sentence` says what the
    plot shows to whoever cannot see it.
    """

    key: str
    title: str
    sentence: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    is_drawn: bool = False  # there is a picture of it, not only a table

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


class Stroke(StrEnum):
    """How a line is drawn, so that two differ in greyscale too."""

    STRONG = "strong"
    LIGHT = "light"
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Series:
    """One unbroken line through places (x, y), with a dot on each place if wanted.

    What must not be joined goes into two series; those of one label share a line of the legend.
    """

    label: str
    stroke: Stroke
    places: Sequence[tuple[int, Decimal | int]]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line at x with its word: a deadline, today, a change of instrument."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over one axis from `start` to `end`; y goes from 0 to `top`.

    `band` is an area between two bounds, each entry (x, lower, upper).
    """

    start: int
    end: int
    top: Decimal | int
    series: Sequence[Series]
    ticks: Sequence[Mark]
    marks: Sequence[Mark] = ()
    band: Sequence[tuple[int, Decimal | int, Decimal | int]] = field(default=())
    band_label: str = ""


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """The part in hundredths of the whole to one decimal; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


def grouped(value: Decimal) -> str:
    """1234.50 as 1.234,5 and -2 as −2: Indonesian marks, a true minus, no trailing zeros."""
    text = f"{value:,f}".replace("-", "−")
    whole, _point, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.replace(",", ".")
    if not decimals:
        return "0" if whole == "−0" else whole
    return f"{whole},{decimals}"


def written_points(value: Decimal | int) -> str:
    """Points as people write them: 642,5 and 1.000."""
    return grouped(Decimal(value).quantize(SHOWN, ROUND_HALF_UP))


def written(value: Cell, unit: Unit) -> str:
    """A cell as people read it: 642,5; 21 November 2026; 43,2%; a dash where there is nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return date_format(value, "j F Y", use_l10n=False)
    if unit == Unit.PERCENT and isinstance(value, int | Decimal):
        return f"{written_points(value)}%"
    if unit == Unit.POINTS and isinstance(value, int | Decimal):
        return written_points(value)
    return str(value)
