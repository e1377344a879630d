"""Where the lines of a line plot go: pure geometry, whole units only (see figures/layout/bars.py)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from figures.layout.bars import along
from figures.values import Lines, Mark

LEFT, RIGHT, TOP, BOTTOM = 44, 14, 30, 30
FEWEST_STEPS = 3  # a y axis has at least so many, where its values allow
NEAR_EDGE = 60  # words this close to an end of the axis are written inwards


@dataclass(frozen=True, slots=True)
class Stroked:
    """A line as the `points` of an SVG polyline, and its dots."""

    stroke: str
    points: str
    dots: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word on the plot with the line it belongs to."""

    text: str
    x: int
    y: int
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    width: int
    height: int
    left: int
    right: int
    top: int
    base: int
    rungs: tuple[Word, ...]  # the values of the y axis, each with a line across
    ticks: tuple[Word, ...]
    marks: tuple[Word, ...]
    lines: tuple[Stroked, ...]
    band: str  # the `points` of a polygon, or nothing


def line_plot(lines: Lines, *, width: int, height: int) -> Plot:
    """The lines on a drawing of that size."""
    frame = _Frame(lines, width, height)
    return Plot(
        width=width,
        height=height,
        left=LEFT,
        right=width - RIGHT,
        top=TOP,
        base=height - BOTTOM,
        rungs=tuple(Word(str(value), LEFT - 8, frame.y(value), "end") for value in frame.rungs()),
        ticks=tuple(_words(lines.ticks, frame, height - 8)),
        marks=tuple(_words(lines.marks, frame, TOP - 12)),
        lines=tuple(
            Stroked(
                stroke=series.stroke.value,
                points=_points([frame.place(*place) for place in series.places]),
                dots=tuple(frame.place(*place) for place in series.places) if series.dots else (),
            )
            for series in lines.series
        ),
        band=_band(lines, frame),
    )


def steps_to(top: Decimal | int) -> int:
    """A round distance (1, 2 or 5 times a power of ten) that fits FEWEST_STEPS times below top."""
    most = max(1, math.floor(Decimal(top) / FEWEST_STEPS))
    power = 10 ** (len(str(most)) - 1)
    return next(power * part for part in (5, 2, 1) if power * part <= most)


class _Frame:
    """From values to places on the drawing."""

    def __init__(self, lines: Lines, width: int, height: int) -> None:
        self.lines = lines
        self.length = width - LEFT - RIGHT
        self.base = height - BOTTOM
        self.rise = self.base - TOP

    def x(self, value: int) -> int:
        return LEFT + along(
            value - self.lines.start, self.lines.end - self.lines.start, self.length
        )

    def y(self, value: Decimal | int) -> int:
        return self.base - along(value, self.lines.top, self.rise)

    def place(self, x: int, y: Decimal | int) -> tuple[int, int]:
        return self.x(x), self.y(y)

    def rungs(self) -> range:
        return range(0, math.floor(self.lines.top) + 1, steps_to(self.lines.top))


def _words(marks: Sequence[Mark], frame: _Frame, y: int) -> Iterator[Word]:
    for mark in marks:
        x = frame.x(mark.x)
        anchor = "middle"
        if x < LEFT + NEAR_EDGE:
            anchor = "start"
        elif x > LEFT + frame.length - NEAR_EDGE:
            anchor = "end"
        yield Word(mark.label, x, y, anchor)


def _band(lines: Lines, frame: _Frame) -> str:
    upper = [frame.place(x, high) for x, _low, high in lines.band]
    lower = [frame.place(x, low) for x, low, _high in reversed(lines.band)]
    return _points([*upper, *lower])


def _points(places: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
