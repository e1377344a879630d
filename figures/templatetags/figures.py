"""Charts with the tables behind them.

Tables are joined here, string by string: a template would cost many times as much a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from figures import svg
from figures.layout import bars as charts
from figures.layout import ladder as ladders
from figures.layout import line as plots
from figures.values import Cell, Chart, Lines, Unit, written

register = template.Library()

WIDE, NARROW = (760, 300), (340, 280)
NUMBERS = frozenset(Unit) - {Unit.TEXT}


class FallStep(Protocol):
    """One step of a waterfall: the points that it left, and those before it."""

    @property
    def points(self) -> Decimal: ...
    @property
    def before(self) -> Decimal | None: ...


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
        (conditional_escape(written(value, unit)), mark)
        for value, unit, mark in zip(row, units, marked, strict=True)
    ]
    name, mark = cells[0]
    rest = "".join(f"<td {mark}>{text}</td>" for text, mark in cells[1:])
    return f'<tr><th scope="row" {mark}>{name}</th>{rest}</tr>'


@register.inclusion_tag("components/line_plot.html")
def line_plot(chart: Chart, lines: Lines) -> dict[str, Any]:
    """Lines over time, drawn twice: for a desk and for a phone held upright."""
    labels = {series.label: series.stroke.value for series in lines.series}
    return {
        "chart": chart,
        "drawings": [
            ("wide", plots.line_plot(lines, width=WIDE[0], height=WIDE[1])),
            ("narrow", plots.line_plot(lines, width=NARROW[0], height=NARROW[1])),
        ],
        "legend": labels.items(),
        "band_label": lines.band_label if lines.band else "",
    }


@register.inclusion_tag("components/ladder.html")
def ladder(standing: ladders.LadderLike, size: str = "large") -> dict[str, Any]:
    """The five bands to scale with our markers on them; `small` has no words, for lists."""
    if size not in ("large", "small"):
        raise template.TemplateSyntaxError(f"ladder is large or small, not {size!r}")
    if size == "small":
        return {"size": size, "ladder": standing, "small": ladders.small_ladder(standing)}
    return {
        "size": size,
        "ladder": standing,
        "wide": ladders.wide_ladder(standing),
        "tall": ladders.tall_ladder(standing),
    }


@register.inclusion_tag("components/bar_table.html")
def cluster_bars(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """Every cluster's claimed and evidenced points against its maximum, on one scale."""
    bars = charts.bars(rows, shared_scale=True)
    return {"bars": bars, "heading": _("Klaster"), "kind": "clusters"}


@register.inclusion_tag("components/bar_table.html")
def indicator_bars(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """Every indicator's share of its own maximum, as a compact table."""
    bars = charts.bars(rows, shared_scale=False)
    return {"bars": bars, "heading": _("Indikator"), "kind": "indicators"}


@register.inclusion_tag("components/radar.html")
def radar(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """The shape of a city: each cluster's share of its own maximum."""
    bars = charts.bars(rows, shared_scale=False)
    return {"bars": bars, "radar": charts.radar([bar.row for bar in bars if bar.row])}


@register.filter
def spread_bar(row: svg.Spread) -> SafeString:
    """A forecast with its range; its figures stand beside it."""
    return svg.spread_bar(row)


@register.filter
def meter(bar: charts.Bar) -> SafeString:
    """A row of a bar table as its bar."""
    return svg.meter(bar)


@register.simple_tag
def cluster_bar(row: charts.BarRow) -> SafeString:
    """One cluster's points against its own maximum; the figures stand beside it."""
    return svg.meter(charts.bar(row.evidenced, row.claimed, row.maximum))


@register.simple_tag
def fall_bar(step: FallStep, maximum: Decimal) -> SafeString:
    """A stage of a year's waterfall as its bar."""
    return svg.fall_bar(step.points, step.before, maximum)
