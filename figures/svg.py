"""Drawings as SVG: on a page, where its style sheets apply, and as a file that stands by itself.

Tags are joined string by string; a template for each row of a long table costs too much. All
lengths are whole numbers, which no locale writes with a comma.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from figures.layout.bars import FULL, THICK
from figures.layout.shapes import (
    LEGEND_BOX,
    Circle,
    Drawing,
    LegendEntry,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Words,
    picture,
)
from figures.styles import stylesheet
from figures.values import Chart

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def svg(drawing: Drawing) -> SafeString:
    """A drawing of a page: read aloud by its title, or hidden where it only repeats figures."""
    return mark_safe(
        f'<svg class="{drawing.style}" viewBox="0 0 {drawing.width} {drawing.height}"'
        f"{_told(drawing.title, drawing.description)}{_shapes(drawing.shapes)}</svg>"
    )


def bar_svg(shapes: Iterable[Shape], *, title: str = "", style: str = "bar") -> SafeString:
    """A bar stretched to the cell of a table; without a title its figures stand beside it."""
    return mark_safe(
        f'<svg class="{style}" viewBox="0 0 {FULL} {THICK}" preserveAspectRatio="none"'
        f"{_told(title)}{_shapes(shapes)}</svg>"
    )


def legend_svg(shapes: Iterable[Shape]) -> SafeString:
    """The sign of a legend's entry, whose words stand beside it."""
    return mark_safe(
        f'<svg class="legend__shape" viewBox="0 0 {LEGEND_BOX} {LEGEND_BOX}" aria-hidden="true">'
        f"{_shapes(shapes)}</svg>"
    )


def legend_signs(entries: Iterable[LegendEntry]) -> list[tuple[SafeString, str]]:
    """Each entry of a legend as its sign and its words."""
    return [(legend_svg(entry.shapes), entry.label) for entry in entries]


def picture_svg(chart: Chart, drawing: Drawing) -> str:
    """The drawing with its title, its legend and its styles, standing by itself."""
    whole = picture(drawing, title=chart.title, sentence=chart.sentence)
    size = f'width="{whole.width}" height="{whole.height}"'
    return (
        f'<svg {NAMESPACE} class="{whole.style}" {size} viewBox="0 0 {whole.width} {whole.height}"'
        f"{_told(whole.title, whole.description)}<style>{stylesheet()}</style>"
        f"{render_to_string('components/hatches.html')}{_shapes(whole.shapes)}</svg>"
    )


def _told(title: str, description: str = "") -> str:
    """The end of an opening tag and what is read aloud."""
    if not title:
        return ' aria-hidden="true">'
    more = f"<desc>{escape(description)}</desc>" if description else ""
    return f' role="img"><title>{escape(title)}</title>{more}'


def _shapes(shapes: Iterable[Shape]) -> str:
    return "".join([WRITERS[type(shape)](shape) for shape in shapes])


def _hatch(name: str) -> str:
    return f' fill="url(#hatch-{name})"' if name else ""


def _rectangle(shape: Rectangle) -> str:
    return (
        f'<rect class="{shape.style}" x="{shape.x}" y="{shape.y}" '
        f'width="{shape.width}" height="{shape.height}"{_hatch(shape.hatch)} />'
    )


def _circle(shape: Circle) -> str:
    return f'<circle class="{shape.style}" cx="{shape.x}" cy="{shape.y}" r="{shape.radius}" />'


def _polyline(shape: Polyline) -> str:
    if len(shape.points) == 2:
        (x, y), (to_x, to_y) = shape.points
        end = f"V{to_y}" if x == to_x else f"H{to_x}" if y == to_y else f"L{to_x} {to_y}"
        return f'<path class="{shape.style}" d="M{x} {y}{end}" />'
    return f'<polyline class="{shape.style}" points="{_points(shape.points)}" />'


def _polygon(shape: Polygon) -> str:
    hatch = _hatch(shape.hatch)
    return f'<polygon class="{shape.style}" points="{_points(shape.points)}"{hatch} />'


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x} {y}" for x, y in points)


def _words(shape: Words) -> str:
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    figure = (
        f' <tspan class="ladder__figure">{escape(shape.figure)}</tspan>' if shape.figure else ""
    )
    return (
        f'<text class="{shape.style}" x="{shape.x}" y="{shape.y}"{anchor}>'
        f"{escape(shape.text)}{figure}</text>"
    )


WRITERS: dict[type, Callable[[Any], str]] = {
    Rectangle: _rectangle,
    Circle: _circle,
    Polyline: _polyline,
    Polygon: _polygon,
    Words: _words,
}
