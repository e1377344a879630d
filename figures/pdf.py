"""Drawings on paper: the shapes that a page shows, as reportlab draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reportlab.graphics import shapes as paper
from reportlab.lib.colors import Color, toColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from figures.fonts import BOLD, REGULAR, printable_text
from figures.layout.shapes import (
    Circle,
    Drawing,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Words,
    with_legend,
)
from figures.styles import declared, tokens

SEMIBOLD = 600  # letters of this weight and more are printed bold
# Paper has no patterns: a hatched area is lightly toned, and its outline tells the rest.
HATCHES = {"ground": "--tint", "lost": "--hairline", "returned": "--act", "late": "--wrong"}


def pdf_drawing(drawing: Drawing, width: float) -> paper.Drawing:
    """The drawing with its legend, scaled to `width` points; 72 points are an inch."""
    whole = with_legend(drawing)
    scale = width / whole.width
    # reportlab counts y upwards from the foot.
    group = paper.Group(transform=(scale, 0, 0, scale, 0, whole.height * scale))
    for shape in whole.shapes:
        for drawn in WRITERS[type(shape)](shape):
            group.add(drawn)
    return paper.Drawing(width, whole.height * scale, group)


def _number(value: str) -> float:
    return float(value.removesuffix("px"))


def _colour(value: str | None) -> Color | None:
    if value is None or value == "none":
        return None
    if value.startswith("#") and len(value) == 4:  # reportlab takes #fff for a number of six digits
        value = "#" + "".join(digit * 2 for digit in value[1:])
    return toColor(value)


def _look(style: str, hatch: str = "") -> dict[str, Any]:
    """Fill and stroke of a shape, by the names that reportlab gives them."""
    rules = declared(style)
    dashes = rules.get("stroke-dasharray")
    return {
        # As in SVG: black where nothing is said.
        "fillColor": _colour(tokens()[HATCHES[hatch]])
        if hatch
        else _colour(rules.get("fill", "#000")),
        "strokeColor": _colour(rules.get("stroke")),
        "strokeWidth": _number(rules.get("stroke-width", "1")),
        "strokeDashArray": [_number(part) for part in dashes.split()] if dashes else None,
    }


def _rectangle(shape: Rectangle) -> Iterator[paper.Shape]:
    below = -shape.y - shape.height
    look = _look(shape.style, shape.hatch)
    yield paper.Rect(shape.x, below, shape.width, shape.height, **look)


def _circle(shape: Circle) -> Iterator[paper.Shape]:
    yield paper.Circle(shape.x, -shape.y, shape.radius, **_look(shape.style))


def _polyline(shape: Polyline) -> Iterator[paper.Shape]:
    if len(shape.points) > 1:
        look = _look(shape.style)
        del look["fillColor"]
        yield paper.PolyLine(_flat(shape.points), **look)


def _polygon(shape: Polygon) -> Iterator[paper.Shape]:
    yield paper.Polygon(_flat(shape.points), **_look(shape.style, shape.hatch))


def _flat(points: Sequence[Point]) -> list[int]:
    return [number for x, y in points for number in (x, -y)]


def _words(shape: Words) -> Iterator[paper.Shape]:
    """A line of text upon a strip of the colour that its halo has on the page."""
    rules = declared(shape.style)
    size = _number(rules.get("font-size", "16px"))
    is_bold = float(rules.get("font-weight", "400")) >= SEMIBOLD
    parts = [(printable_text(shape.text), BOLD if is_bold else REGULAR)]
    if shape.figure:
        parts = [(f"{parts[0][0]} ", parts[0][1]), (printable_text(shape.figure), BOLD)]
    widths = [stringWidth(text, font, size) for text, font in parts]
    x = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * sum(widths)
    if "paint-order" in rules:
        halo, edge = _colour(rules["stroke"]), _number(rules["stroke-width"]) / 2
        yield paper.Rect(
            x - edge,
            -shape.y - size / 4,
            sum(widths) + 2 * edge,
            size,
            fillColor=halo,
            strokeColor=None,
        )
    fill = _colour(rules.get("fill", "#000"))
    for (text, font), width in zip(parts, widths, strict=True):
        yield paper.String(x, -shape.y, text, fontName=font, fontSize=size, fillColor=fill)
        x += width


WRITERS: Mapping[type, Callable[[Any], Iterator[paper.Shape]]] = {
    Rectangle: _rectangle,
    Circle: _circle,
    Polyline: _polyline,
    Polygon: _polygon,
    Words: _words,
}
