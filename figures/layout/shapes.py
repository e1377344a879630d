"""What drawings are made of: shapes as plain values, which svg.py and pdf.py write down.

All lengths are whole drawing units, x to the right and y downwards. `style` is one or more class
names; the style sheets say what colour, stroke and letters they mean, on the page and on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, Self

Point = tuple[int, int]
Anchor = Literal["start", "middle", "end"]
# Which hatching fills a shape (components/hatches.html); nothing for the colour of its style.
Hatch = Literal["", "ground", "returned", "late", "lost"]

LEGEND_BOX = 24  # the shape of a legend's entry is drawn within a square of this side


def along(value: Decimal | float, maximum: Decimal | float, length: int) -> int:
    """How far along a line of `length` a value lies, 0 to `length`; 0 where nothing is allowed."""
    if maximum <= 0:
        return 0
    return max(0, min(length, round(Decimal(value) * length / Decimal(maximum))))


@dataclass(frozen=True, slots=True)
class Rectangle:
    style: str
    x: int
    y: int
    width: int
    height: int
    hatch: Hatch = ""

    def moved(self, right: int, down: int) -> Self:
        return replace(self, x=self.x + right, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Circle:
    style: str
    x: int  # its centre
    y: int
    radius: int

    def moved(self, right: int, down: int) -> Self:
        return replace(self, x=self.x + right, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Polyline:
    """Straight strokes from point to point; two points are the plain line."""

    style: str
    points: Sequence[Point]

    def moved(self, right: int, down: int) -> Self:
        return replace(self, points=_moved(self.points, right, down))


@dataclass(frozen=True, slots=True)
class Polygon:
    style: str
    points: Sequence[Point]
    hatch: Hatch = ""

    def moved(self, right: int, down: int) -> Self:
        return replace(self, points=_moved(self.points, right, down))


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on its baseline; `figure` follows it in stronger letters."""

    style: str
    x: int
    y: int
    text: str
    anchor: Anchor = "start"
    figure: str = ""

    def moved(self, right: int, down: int) -> Self:
        return replace(self, x=self.x + right, y=self.y + down)


Shape = Rectangle | Circle | Polyline | Polygon | Words


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a sign of a drawing means; its shapes lie within a square of LEGEND_BOX."""

    label: str
    shapes: Sequence[Shape]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet of `width` × `height`, the later ones above the earlier.

    A drawing without a title only repeats what stands beside it, and is not read aloud.
    """

    style: str
    width: int
    height: int
    shapes: Sequence[Shape]
    title: str = ""
    description: str = ""
    legend: Sequence[LegendEntry] = ()


def _moved(points: Iterable[Point], right: int, down: int) -> tuple[Point, ...]:
    return tuple((x + right, y + down) for x, y in points)


# --- A drawing with its legend, and as a picture that stands by itself ---------------------------

EDGE, TITLE_ROOM, LEGEND_ROOM = 24, 60, 44
LETTER = 9  # about the width of a letter of the legend


def with_legend(drawing: Drawing) -> Drawing:
    """The drawing with its legend in a row below it; itself where it has none."""
    if not drawing.legend:
        return drawing
    shapes = list(drawing.shapes)
    x, y = 0, drawing.height + EDGE // 2
    for entry in drawing.legend:
        shapes += [shape.moved(x, y) for shape in entry.shapes]
        shapes.append(Words("picture__word", x + LEGEND_BOX + 6, y + 17, entry.label))
        x += 2 * LEGEND_BOX + EDGE // 2 + LETTER * len(entry.label)
    return replace(drawing, height=drawing.height + LEGEND_ROOM, shapes=shapes, legend=())


def picture(drawing: Drawing, *, title: str, sentence: str) -> Drawing:
    """The drawing with its legend on paper of its own, under its title."""
    whole = with_legend(drawing)
    width, height = drawing.width + 2 * EDGE, TITLE_ROOM + drawing.height + LEGEND_ROOM
    return Drawing(
        style="picture",
        width=width,
        height=height,
        shapes=[
            Rectangle("picture__paper", 0, 0, width, height),
            Words("picture__title", EDGE, 36, title),
            *(shape.moved(EDGE, TITLE_ROOM) for shape in whole.shapes),
        ],
        title=title,
        description=sentence,
    )
