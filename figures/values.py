"""A chart as plain values: a sentence, a table of columns and rows, and its lines if it has any.

The queries of a page make these, tags and layouts draw them, and the same rows go out as CSV and
XLSX, so that a figure on paper, on the screen and in a spreadsheet is one and the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from figures.numbers import NOTHING, format_date, format_points

# What stands in a table: points of at most 1000, counts, percentages, years, days or words.
Cell = str | int | Decimal | date | None


class Unit(StrEnum):
    """What the cells of a column are, for writing and aligning them."""

    TEXT = "text"
    POINTS = "points"
    COUNT = "count"
    PERCENT = "percent"  # 0 to 100
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A column of a chart's table: its heading, and what its cells are."""

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
    columns: Sequence[ChartColumn]
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
class LineSeries:
    """One unbroken line through points (x, y), with a dot on each point if wanted.

    What must not be joined goes into two series; those of one label share a line of the legend.
    """

    label: str
    stroke: Stroke
    points: Sequence[tuple[int, Decimal | int]]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class AxisMark:
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
    series: Sequence[LineSeries]
    ticks: Sequence[AxisMark]
    marks: Sequence[AxisMark] = ()
    band: Sequence[tuple[int, Decimal | int, Decimal | int]] = field(default=())
    band_label: str = ""
    rung_names: Sequence[str] = ()  # what each step of y is called, from 0; else its number


def format_cell(value: Cell, unit: Unit) -> str:
    """A cell as people read it: 642,5; 21 November 2026; 43,2%; a dash where there is nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return format_date(value)
    if unit == Unit.PERCENT and isinstance(value, int | Decimal):
        return f"{format_points(value)}%"
    if unit == Unit.POINTS and isinstance(value, int | Decimal):
        return format_points(value)
    return str(value)
