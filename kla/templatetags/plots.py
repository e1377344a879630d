"""Charts with the tables behind them.

Tables are joined here, string by string: a template would cost many times as much a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.charts import NOTHING, Cell, Chart, Lines, Unit, written
from assessments.choices import AnswerState
from assessments.models import Assessment
from assessments.queries.history import ScoreStep
from assessments.queries.scores import HEAT_STATES, ClusterRow, HeatRow
from kla import charts, drawing, plots
from kla.templatetags.kla import STATES, points

register = template.Library()

WIDE, NARROW = (760, 300), (340, 280)
NUMBERS = frozenset(Unit) - {Unit.TEXT}


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


@register.simple_tag
def heat_map(rows: Iterable[HeatRow], chart: Chart, assessment: Assessment) -> SafeString:
    """Indicators by state, each cell the points left there and a way to its questions."""
    heads = "".join(_state_head(state) for state in HEAT_STATES)
    body = "".join(_heat_row(row, assessment) for row in rows)
    return format_html(
        '<table class="table heat" aria-label="{}"><thead><tr><th scope="col">{}</th>{}'
        '<th scope="col" class="num">{}</th></tr></thead><tbody>{}</tbody></table>',
        chart.title,
        _("Indikator"),
        mark_safe(heads),
        _("Sisa"),
        mark_safe(body),
    )


def _state_head(state: AnswerState) -> str:
    icon, word = STATES[state]
    return (
        f'<th scope="col" class="num heat__state"><i class="bi bi-{icon}" aria-hidden="true"></i> '
        f'<span class="heat__word">{conditional_escape(word)}</span></th>'
    )


def _heat_row(row: HeatRow, assessment: Assessment) -> str:
    year = [assessment.city.slug, assessment.year]
    indicator = reverse("assessments:indicator_detail", args=[*year, row.code])
    questions = f"{reverse('assessments:question_list', args=year)}?indikator={quote(row.code)}"
    cells = "".join(
        f'<td class="num heat__cell heat__cell--{cell.tone}">'
        f'<a href="{questions}&amp;keadaan={cell.state}">{points(cell.points)}</a></td>'
        if cell.tone
        else f'<td class="num heat__cell">{NOTHING}</td>'
        for cell in row.cells
    )
    return (
        f'<tr><th scope="row"><a href="{indicator}"><span class="heat__code">'
        f"{conditional_escape(row.code)}</span> "
        f'<span class="heat__name">{conditional_escape(row.name)}</span></a></th>'
        f'{cells}<td class="num heat__left">{points(row.left)}</td></tr>'
    )


@register.simple_tag
def cluster_bar(row: ClusterRow) -> SafeString:
    """One cluster's points against its own maximum; the figures stand beside it."""
    return drawing.meter(charts.bar(row.evidenced, row.claimed, row.maximum))


@register.simple_tag
def fall_bar(step: ScoreStep, maximum: Decimal) -> SafeString:
    """A stage of a year's waterfall as its bar."""
    return drawing.fall_bar(step.points, step.before, maximum)


@register.filter
def change(value: Decimal | None) -> str:
    """A difference with its sign: +12,5 and −60; a dash where there is nothing to compare."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{points(abs(value))}"
