"""Lines over one axis: of time, of years. All lengths are whole drawing units."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from figures.layout.shapes import (
    Anchor,
    Circle,
    Drawing,
    LegendEntry,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Words,
    along,
)
from figures.values import AxisMark, Lines

WIDE, NARROW = (760, 300), (340, 280)  # for a desk, paper and pictures; for a phone held upright
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 30, 30
FEWEST_STEPS = 3  # a y axis has at least so many, where its values allow
NEAR_EDGE = 60  # words this close to an end of the axis are written inwards


def line_drawing(
    lines: Lines, size: tuple[int, int] = WIDE, *, title: str = "", description: str = ""
) -> Drawing:
    """The lines on a drawing of a width and height, with what is read aloud."""
    width, height = size
    return Drawing(
        style=f"line-plot__drawing line-plot__drawing--{'wide' if size == WIDE else 'narrow'}",
        width=width,
        height=height,
        shapes=list(line_shapes(lines, width=width, height=height)),
        title=title,
        description=description,
        legend=line_legend(lines),
    )


def line_legend(lines: Lines) -> list[LegendEntry]:
    """Each label once, however many series it has, then the area between the bounds."""
    styles = {series.label: f"line line--{series.stroke}" for series in lines.series}
    entries = [
        LegendEntry(label, [Polyline(style, ((1, 12), (23, 12)))])
        for label, style in styles.items()
    ]
    if lines.band and lines.band_label:
        area = Rectangle("line-plot__band", 2, 6, 20, 12, "ground")
        entries.append(LegendEntry(lines.band_label, [area]))
    return entries


def line_shapes(lines: Lines, *, width: int, height: int) -> Iterator[Shape]:
    """The axis with its values and words, the area, the marks, and the lines above them all."""
    frame = _Frame(lines, width, height)
    for value in frame.rungs():
        y = frame.y(value)
        yield Polyline("line-plot__rung", ((LEFT, y), (width - RIGHT, y)))
        if lines.rung_names:
            yield Words("line-plot__word", LEFT + 12, y - 5, lines.rung_names[value])
        else:
            yield Words("line-plot__word", LEFT - 8, y + 5, str(value), "end")
    for tick in lines.ticks:
        yield frame.words("line-plot__word", tick, height - 8)
    if lines.band:
        upper = [frame.point(x, high) for x, _low, high in lines.band]
        lower = [frame.point(x, low) for x, low, _high in reversed(lines.band)]
        yield Polygon("line-plot__band", (*upper, *lower), "ground")
    for mark in lines.marks:
        x = frame.x(mark.x)
        yield Polyline("line-plot__mark", ((x, TOP), (x, height - BOTTOM)))
        yield frame.words("line-plot__word line-plot__word--mark", mark, TOP - 12)
    for series in lines.series:
        points = tuple(frame.point(*point) for point in series.points)
        yield Polyline(f"line line--{series.stroke}", points)
        if series.dots:
            for x, y in points:
                yield Circle(f"dot dot--{series.stroke}", x, y, 5)


def steps_to(top: Decimal | int) -> int:
    """A round distance (1, 2 or 5 times a power of ten) that fits FEWEST_STEPS times below top."""
    most = max(1, math.floor(Decimal(top) / FEWEST_STEPS))
    power = 10 ** (len(str(most)) - 1)
    return next(power * part for part in (5, 2, 1) if power * part <= most)


class _Frame:
    """From values to points of the drawing."""

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

    def point(self, x: int, y: Decimal | int) -> Point:
        return self.x(x), self.y(y)

    def rungs(self) -> Sequence[int]:
        """The values of the y axis."""
        return range(0, math.floor(self.lines.top) + 1, steps_to(self.lines.top))

    def words(self, style: str, mark: AxisMark, y: int) -> Words:
        """The words of a mark, centred upon it or written inwards near an end of the axis."""
        x = self.x(mark.x)
        anchor: Anchor = "middle"
        if x < LEFT + NEAR_EDGE:
            anchor = "start"
        elif x > LEFT + self.length - NEAR_EDGE:
            anchor = "end"
        return Words(style, x, y, mark.label, anchor)
