"""Charts as a page shows them: drawings, legends and the tables behind them.

Tables are joined here, string by string: a template would cost many times as much a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from figures.layout import bars
from figures.layout.ladder import LadderLike, small_ladder, tall_ladder, wide_ladder
from figures.layout.ladder_drawing import ladder_drawing, marker_shape
from figures.layout.line import NARROW, WIDE, line_drawing, line_legend
from figures.layout.radar import radar as radar_drawing
from figures.layout.shapes import LEGEND_BOX
from figures.svg import bar_svg, legend_signs, legend_svg, svg
from figures.values import Cell, Chart, Lines, Unit, format_cell

register = template.Library()

NUMBERS = frozenset(Unit) - {Unit.TEXT}
LEGENDS = {"points": bars.points_legend, "range": bars.range_legend}


@register.simple_tag
def chart_table(chart: Chart) -> SafeString:
    """The figures of a chart; the first cell of each row names it."""
    units = [column.unit for column in chart.columns]
    marked = ['class="num"' if unit in NUMBERS else "" for unit in units]
    head = "".join(
        f'<th scope="col" {mark}>{conditional_escape(column.name)}</th>'
        for mark, column in zip(marked, chart.columns, strict=True)
    )
    body = "".join(_row(row, units, marked) for row in chart.rows)
    return format_html(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="table chart-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        chart.title,
        mark_safe(head),
        mark_safe(body),
    )


def _row(row: Iterable[Cell], units: Iterable[Unit], marked: Iterable[str]) -> str:
    cells = [
        (conditional_escape(format_cell(value, unit)), mark)
        for value, unit, mark in zip(row, units, marked, strict=True)
    ]
    name, mark = cells[0]
    rest = "".join(f"<td {mark}>{text}</td>" for text, mark in cells[1:])
    return f'<tr><th scope="row" {mark}>{name}</th>{rest}</tr>'


# --- Ladders ----------------------------------------------------------------------------------------


@register.simple_tag
def ladder(standing: LadderLike, size: str = "large") -> SafeString:
    """The five bands to scale with our markers on them; `small` has no words, for lists."""
    if size == "small":
        return svg(ladder_drawing(standing, small_ladder))
    if size != "large":
        raise template.TemplateSyntaxError(f"ladder is large or small, not {size!r}")
    context = {
        "ladder": standing,
        "drawings": [svg(ladder_drawing(standing, form)) for form in (wide_ladder, tall_ladder)],
    }
    return render_to_string("components/ladder.html", context)


@register.simple_tag
def ladder_sign(kind: str) -> SafeString:
    """The sign of a total for the legend: evidenced, claimed or official."""
    return legend_svg([marker_shape(kind, LEGEND_BOX // 2, LEGEND_BOX // 2)])


# --- Bars -------------------------------------------------------------------------------------------


@register.inclusion_tag("components/bar_table.html")
def cluster_bars(rows: Sequence[bars.BarRow]) -> dict[str, Any]:
    """Every cluster's claimed and evidenced points against its maximum, on one scale."""
    scale = bars.longest(rows)
    return {"rows": _with_bars(rows, scale), "heading": _("Klaster"), "kind": "clusters"}


@register.inclusion_tag("components/bar_table.html")
def indicator_bars(rows: Sequence[bars.BarRow]) -> dict[str, Any]:
    """Every indicator's share of its own maximum, as a compact table."""
    return {"rows": _with_bars(rows), "heading": _("Indikator"), "kind": "indicators"}


def _with_bars(
    rows: Sequence[bars.BarRow], scale: Decimal | None = None
) -> list[tuple[bars.BarRow, SafeString]]:
    return [(row, bar_svg(bars.points_bar(row, scale=scale))) for row in rows]


@register.simple_tag
def cluster_bar(row: bars.PointsRow) -> SafeString:
    """One cluster's points against its own maximum; the figures stand beside it."""
    return bar_svg(bars.points_bar(row))


@register.simple_tag
def fall_bar(step: bars.FallStep, maximum: Decimal) -> SafeString:
    """A stage of a year's waterfall as its bar."""
    return bar_svg(bars.fall_bar(step, maximum))


@register.filter
def spread_bar(row: bars.RangeRow) -> SafeString:
    """A forecast with its range; its figures stand beside it."""
    return bar_svg(bars.range_bar(row))


# --- Plots ------------------------------------------------------------------------------------------


@register.inclusion_tag("components/radar.html")
def radar(rows: Sequence[bars.BarRow]) -> dict[str, Any]:
    """The shape of a city: each cluster's share of its own maximum."""
    drawing = radar_drawing(rows)
    return {"drawing": svg(drawing), "legend": legend_signs(drawing.legend)}


@register.inclusion_tag("components/line_plot.html")
def line_plot(chart: Chart, lines: Lines) -> dict[str, Any]:
    """Lines over time, drawn twice: for a desk and for a phone held upright."""
    told = {"title": chart.title, "description": chart.sentence}
    drawings = [svg(line_drawing(lines, size, **told)) for size in (WIDE, NARROW)]
    return {"drawings": drawings, "legend": legend_signs(line_legend(lines))}


@register.inclusion_tag("components/legend.html")
def legend(kind: str) -> dict[str, Any]:
    """What the shades of a bar mean: of points, or of a range."""
    return {"legend": legend_signs(LEGENDS[kind]())}
