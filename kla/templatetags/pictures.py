"""Tables with bars in them as one drawing each, to be put into somebody's slides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.queries.history import ScoreStep
from assessments.queries.opds import OpdRow
from assessments.queries.scores import HEAT_STATES, HeatRow
from kla import charts, drawing
from kla.templatetags.kla import NOTHING, STATES, points
from plans.queries.forecast import SpreadRow

register = template.Library()

WORDS, BAR, FIGURE, ROW, HEAD = 350, 400, 90, 28, 34  # widths of columns, heights of rows
LONGEST = 40  # letters beside a bar
CELL = 120  # the width of a cell of the heat map


@register.simple_tag
def bars_picture(rows: Iterable[charts.BarRow], shared: bool) -> SafeString:
    """A bar table: each row its name, its bar and its three figures."""
    return _table(
        [
            (
                bar.row.label
                if bar.row.name == bar.row.label
                else f"{bar.row.label} {bar.row.name}",
                drawing.meter(bar),
                [points(bar.row.evidenced), points(bar.row.claimed), points(bar.row.maximum)],
            )
            for bar in charts.bars(rows, shared_scale=shared)
            if bar.row
        ],
        [_("Terbukti"), _("Diklaim"), _("Maksimum")],
    )


@register.simple_tag
def opds_picture(rows: Iterable[OpdRow]) -> SafeString:
    """Each OPD's questions by state and the points it holds back."""
    return _table(
        [
            (
                row.opd.name,
                drawing.stacked_bar(
                    {
                        "done": row.accepted,
                        "waiting": row.waiting,
                        "returned": row.returned,
                        "late": 0,
                        "untouched": row.untouched,
                    }
                ),
                [str(row.accepted), str(row.questions), points(row.held)],
            )
            for row in rows
        ],
        [_("Diterima"), _("Pertanyaan"), _("Tertahan")],
    )


@register.simple_tag
def falls_picture(falls: Iterable[Sequence[ScoreStep]], maximum: Decimal) -> SafeString:
    """Each stage of a year's chains and what it left."""
    return _table(
        [
            (
                str(step.kind.label),
                drawing.fall_bar(step.points, step.before, maximum),
                [points(step.points)],
            )
            for steps in falls
            for step in steps
        ],
        [_("Nilai")],
    )


@register.simple_tag
def spreads_picture(rows: Iterable[SpreadRow]) -> SafeString:
    """What verification will leave of the whole and of each cluster."""
    return _table(
        [
            (
                row.label if row.name == row.label else f"{row.label} {row.name}",
                drawing.spread_bar(row),
                [
                    points(row.expected),
                    f"{points(row.low)}–{points(row.high)}",
                    points(row.claimed),
                    points(row.maximum),
                ],
            )
            for row in rows
        ],
        [_("Perkiraan"), _("Rentang"), _("Diklaim"), _("Maks.")],
    )


@register.simple_tag
def heat_picture(rows: Sequence[HeatRow]) -> SafeString:
    """Indicators by state, each cell the points left there."""
    heads = [*(str(STATES[state][1]) for state in HEAT_STATES), _("Sisa")]
    parts = [
        _word(WORDS + CELL * place + CELL // 2, 20, head, "middle")
        for place, head in enumerate(heads)
    ]
    for number, row in enumerate(rows):
        y = HEAD + ROW * number
        parts.append(_word(0, y + 19, f"{row.code} {row.name}"))
        for place, cell in enumerate(row.cells):
            x = WORDS + CELL * place
            parts.append(
                f'<rect class="picture__cell tone-{cell.tone}" x="{x}" y="{y}" '
                f'width="{CELL - 2}" height="{ROW - 2}" />'
                f'<text class="picture__figure on-tone-{cell.tone or 1}" x="{x + CELL // 2}" y="{y + 19}" '
                f'text-anchor="middle">{points(cell.points) if cell.tone else NOTHING}</text>'
            )
        x = WORDS + CELL * len(row.cells) + CELL // 2
        parts.append(_word(x, y + 19, points(row.left), "middle"))
    return _svg(WORDS + CELL * len(heads), HEAD + ROW * len(rows), parts)


def _table(
    rows: Sequence[tuple[str, SafeString, Sequence[str]]], heads: Sequence[str]
) -> SafeString:
    ends = [WORDS + BAR + FIGURE * (place + 1) for place in range(len(heads))]
    parts = [_word(x, 20, head, "end") for x, head in zip(ends, heads, strict=True)]
    for number, (label, bar, figures) in enumerate(rows):
        y = HEAD + ROW * number
        parts.append(_word(0, y + 15, label))
        place = f'<svg x="{WORDS}" y="{y}" width="{BAR}" height="18" '
        parts.append(bar.replace("<svg ", place, 1))
        parts += [_word(x, y + 15, figure, "end") for x, figure in zip(ends, figures, strict=True)]
    return _svg(ends[-1], HEAD + ROW * len(rows), parts)


def _word(x: int, y: int, text: str, anchor: str = "start") -> str:
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
    return (
        f'<text class="picture__word" x="{x}" y="{y}" text-anchor="{anchor}">{escape(short)}</text>'
    )


def _svg(width: int, height: int, parts: Iterable[str]) -> SafeString:
    return format_html(
        '<svg class="picture__table" viewBox="0 0 {} {}">{}</svg>',
        str(width),
        str(height),
        mark_safe("".join(parts)),
    )
