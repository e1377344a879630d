"""Bars that show points, ranges and counts; their figures stand beside them.

All lengths are whole drawing units; a bar by itself is FULL long, and stretched to its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from figures.layout.shapes import (
    Hatch,
    LegendEntry,
    Polyline,
    Rectangle,
    Shape,
    along,
)

FULL, THICK = 1000, 16  # the length and the thickness of a bar by itself
# States that differ from the others by their hatching too.
HATCHED: Mapping[str, Hatch] = {"returned": "returned", "late": "late"}


class PointsRow(Protocol):
    """Points of a cluster or an indicator: claimed, proven, and the most there can be."""

    @property
    def claimed(self) -> Decimal: ...
    @property
    def evidenced(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


class BarRow(PointsRow, Protocol):
    """One line of a bar table: a cluster, or an indicator under its number."""

    @property
    def label(self) -> str: ...
    @property
    def name(self) -> str: ...


class RangeRow(Protocol):
    """A forecast of points with its bounds, on the way from nothing to `maximum`."""

    @property
    def low(self) -> Decimal: ...
    @property
    def expected(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def claimed(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


class FallStep(Protocol):
    """A stage of a year: the points that it left, and those before it."""

    @property
    def points(self) -> Decimal: ...
    @property
    def before(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class BarLine:
    """The line that a bar is drawn on: where it begins, and how long it can be."""

    x: int = 0
    y: int = 0
    length: int = FULL
    thickness: int = THICK

    def part(self, style: str, start: int, end: int, hatch: Hatch = "") -> Rectangle:
        return Rectangle(style, self.x + start, self.y, end - start, self.thickness, hatch)

    def place(self, value: Decimal | int, whole: Decimal | int) -> int:
        return along(value, whole, self.length)


ALONE = BarLine()


class Named(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def name(self) -> str: ...


def name_of(row: Named) -> str:
    """The label of a row with its name, or the name that is its label."""
    return row.label if row.name == row.label else f"{row.label} {row.name}"


def share_of(row: PointsRow) -> Decimal | None:
    """The proven part of the maximum, from 0 to 1; None where nothing can be had."""
    return row.evidenced / row.maximum if row.maximum else None


def longest(rows: Iterable[PointsRow]) -> Decimal:
    """The maximum that fills a line, where all rows share one scale."""
    return max((row.maximum for row in rows), default=Decimal(0))


def points_bar(
    row: PointsRow, *, scale: Decimal | None = None, line: BarLine = ALONE
) -> list[Shape]:
    """Proven solid, claimed light, the maximum outlined; the line ends at `scale`, or there."""
    whole = row.maximum if scale is None else scale
    maximum = line.place(row.maximum, whole)
    return [
        line.part("bar__maximum", 0, maximum),
        line.part("bar__claimed", 0, line.place(row.claimed, whole)),
        line.part("bar__evidenced", 0, line.place(row.evidenced, whole)),
        line.part("bar__frame", 0, maximum),
    ]


def range_bar(row: RangeRow, *, line: BarLine = ALONE) -> list[Shape]:
    """What is claimed light, the range upon it solid, what is likeliest a stroke across."""
    low, high = line.place(row.low, row.maximum), line.place(row.high, row.maximum)
    middle = line.x + line.place(row.expected, row.maximum)
    return [
        line.part("bar__claimed", 0, line.place(row.claimed, row.maximum)),
        line.part("bar__evidenced", low, high),
        Polyline("bar__middle", ((middle, line.y), (middle, line.y + line.thickness))),
        line.part("bar__frame", 0, line.length),
    ]


def fall_bar(step: FallStep, maximum: Decimal, *, line: BarLine = ALONE) -> list[Shape]:
    """One stage of a waterfall: what stayed, then what was lost (hatched) or gained (light)."""
    before = step.points if step.before is None else step.before
    kept = line.place(min(step.points, before), maximum)
    end = line.place(max(step.points, before), maximum)
    shapes: list[Shape] = [line.part("fall__kept", 0, kept)]
    if end > kept and step.points > before:
        shapes.append(line.part("fall__gained", kept, end))
    elif end > kept:
        shapes.append(line.part("fall__lost", kept, end, "lost"))
    return [*shapes, line.part("bar__frame", 0, line.length)]


def count_bar(counts: Mapping[str, int], *, line: BarLine = ALONE) -> list[Shape]:
    """Counts by state end to end, filling the line exactly; nothing is left out by rounding."""
    total = sum(counts.values())
    shapes: list[Shape] = []
    before = 0
    for state, count in counts.items():
        if count:
            start, end = line.place(before, total), line.place(before + count, total)
            style = f"part part--{state}"
            shapes.append(line.part(style, start, end, HATCHED.get(state, "")))
        before += count
    return [*shapes, line.part("bar__frame", 0, line.length)]


def plain_bar(value: int, whole: int) -> list[Shape]:
    """A solid bar as long as a value is among the `whole`."""
    return [ALONE.part("bar__evidenced", 0, ALONE.place(value, whole))]


def split_bar(first: int, second: int, whole: int, *, line: BarLine = ALONE) -> list[Shape]:
    """Two parts end to end, solid and light, as long together as they are among the `whole`."""
    middle, end = line.place(first, whole), line.place(first + second, whole)
    return [
        line.part("bar__evidenced", 0, middle),
        line.part("bar__claimed", middle, end),
        line.part("bar__frame", 0, end),
    ]


# --- Legends ----------------------------------------------------------------------------------------


def bar_sample(label: str, style: str, hatch: Hatch = "") -> LegendEntry:
    """A piece of a bar and what it means."""
    return LegendEntry(label, [Rectangle(style, 2, 6, 20, 12, hatch)])


def points_legend() -> list[LegendEntry]:
    return [
        bar_sample(_("Terbukti"), "bar__evidenced"),
        bar_sample(_("Diklaim"), "bar__claimed"),
        bar_sample(_("Maksimum"), "bar__frame"),
    ]


def range_legend() -> list[LegendEntry]:
    middle = Polyline("bar__middle", ((12, 6), (12, 18)))
    sample: list[Shape] = [Rectangle("bar__evidenced", 2, 6, 20, 12), middle]
    return [
        LegendEntry(_("Rentang 80%, dengan yang paling mungkin"), sample),
        bar_sample(_("Diklaim"), "bar__claimed"),
        bar_sample(_("Maksimum"), "bar__frame"),
    ]
