"""A page's plots as pictures for slides: SVG as the page draws it, PNG made from that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import resvg_py
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from assessments.charts import Chart
from assessments.fonts import PICTURE_FAMILY, PICTURE_FILES

PLOTS = ("tone", "chart-patterns", "bar", "crowd", "fall", "ladder", "line-plot", "marker", "radar")
STYLES = (*(f"css/components/{name}.css" for name in PLOTS), "css/pictures.css")
TOKENS = "css/tokens.css"
# A server has no fonts of its own.
FONT_FILES = [str(file) for file in PICTURE_FILES]
FONT = PICTURE_FAMILY
ZOOM = 2  # so that letters stay sharp on a projector

EDGE, TOP, LEGEND = 24, 60, 44
SWATCH, LETTER = 26, 9  # the width of a legend's shape, and about that of a letter

DRAWING = re.compile(
    r"<svg\b[^>]*?viewBox=\"0 0 (\d+) (\d+)\"[^>]*>(.*?)</svg>\s*(?=<fig|</fig|<ul|$)", re.DOTALL
)
ITEM = re.compile(r'<li><svg class="legend__shape"[^>]*>(.*?)</svg>([^<]+)</li>', re.DOTALL)
DEFS = re.compile(r"<defs>.*</defs>", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Picture:
    """How the page draws a chart: the template `pictures/<kind>.html` and what it needs."""

    kind: str
    values: Mapping[str, Any]


def with_pictures(charts: Iterable[Chart], pictures: Mapping[str, Picture]) -> dict[str, Chart]:
    """The charts by key, marked where the page offers a picture as well."""
    return {chart.key: replace(chart, is_drawn=chart.key in pictures) for chart in charts}


@dataclass(frozen=True, slots=True)
class LegendItem:
    shape: str
    label: str
    x: int
    y: int

    @property
    def text_x(self) -> int:
        return self.x + SWATCH

    @property
    def text_y(self) -> int:
        return self.y + 15


def svg_of(chart: Chart, picture: Picture) -> str:
    """The drawing with its title, its legend and its styles, standing by itself."""
    page = render_to_string(
        f"pictures/{picture.kind}.html", {"chart": chart, **picture.values}
    ).strip()
    width, height, drawn = _drawing(page)
    patterns = DEFS.search(render_to_string("components/chart_patterns.html"))
    context = {
        "chart": chart,
        "width": width + 2 * EDGE,
        "height": TOP + height + LEGEND,
        "style": mark_safe(stylesheet()),
        "patterns": mark_safe(patterns[0] if patterns else ""),
        "drawing": mark_safe(drawn),
        "legend": list(_legend(page, TOP + height + EDGE // 2)),
    }
    return render_to_string("pictures/picture.svg", context)


def png_of(svg: str) -> bytes:
    """The same on white, in twice as many pixels as it has units."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=FONT_FILES,
        font_family=FONT,
        sans_serif_family=FONT,
    )


def _drawing(page: str) -> tuple[int, int, str]:
    """The size of the first drawing of a component, and itself at its place in the picture."""
    found = DRAWING.search(page)
    if found is None:
        raise ValueError("The component draws nothing.")
    width, height, inner = int(found[1]), int(found[2]), found[3]
    place = f'x="{EDGE}" y="{TOP}" width="{width}" height="{height}"'
    return (
        width,
        height,
        f'<svg {place} overflow="visible" viewBox="0 0 {width} {height}">{inner}</svg>',
    )


def _legend(page: str, y: int) -> Iterator[LegendItem]:
    x = EDGE
    for shape, label in ITEM.findall(page):
        yield LegendItem(mark_safe(shape), label.strip(), x, y)
        x += SWATCH + LETTER * len(label.strip()) + SWATCH


@cache
def stylesheet() -> str:
    """The rules of our plots without those for other widths, each token as its value."""
    tokens = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", _source(TOKENS)))
    rules = "".join(
        f"{selector.strip()}{{{' '.join(body.split())}}}"
        for sheet in STYLES
        for selector, body in RULE.findall(_without_media(_source(sheet)))
    )
    return re.sub(r"var\((--[\w-]+)\)", lambda name: tokens[name[1]], rules)


def _source(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return re.sub(r"/\*.*?\*/", "", Path(path).read_text(), flags=re.DOTALL)


def _without_media(sheet: str) -> str:
    return re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
