"""How the states of answers and documents look everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments import pictures
from assessments.choices import AnswerState, Sensitivity, TaskStep, Verdict
from assessments.models import Assessment, Evidence
from assessments.queries.scores import HEAT_STATES, HeatRow
from assessments.states import STATES
from figures.layout.bars import count_bar
from figures.numbers import NOTHING, format_points
from figures.svg import bar_svg, legend_signs
from figures.values import Chart

register = template.Library()

VERDICTS = ("waiting", "returned", "accepted")
STATE_OF_STEP = {
    TaskStep.TO_DO: "empty",
    TaskStep.WAITING: "waiting",
    TaskStep.DONE: "accepted",
}


@register.simple_tag
def sensitivities() -> list[tuple[str, str]]:
    """Why a document may be sensitive, and last that it is not."""
    return [*((one.value, str(one.label)) for one in Sensitivity), ("", _("Tidak sensitif"))]


@register.filter
def state_words(state: str, is_late: bool = False) -> SafeString:
    """What `state_badge` and `verdict_badge` show, joined here: for the rows of a long table."""
    names = [str(state)]
    if is_late and names[0] not in ("accepted", "late"):
        names.append("late")
    return format_html_join(
        " ",
        '<span class="badge-state badge-state--{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>',
        ((name, *STATES[name]) for name in names),
    )


@register.filter
def step_count(step: TaskStep, total: int) -> SafeString:
    """How many questions are at a step: its shape and the number, the word for who hears it."""
    icon, word = STATES[STATE_OF_STEP[step]]
    return format_html(
        '<i class="bi bi-{}" aria-hidden="true"></i> <span class="num">{}</span>'
        '<span class="visually-hidden"> {}</span>',
        icon,
        total,
        str(word).lower(),
    )


def _badge(state: str, *, is_late: bool) -> dict[str, Any]:
    name = str(state)
    icon, word = STATES[name]
    return {"state": name, "icon": icon, "word": word, "is_late": is_late, "late": STATES["late"]}


@register.inclusion_tag("components/state_badge.html")
def state_badge(state: str, is_late: bool = False) -> dict[str, Any]:
    """What has become of an answer, as shape, word and colour; late is told besides."""
    return _badge(state, is_late=is_late and str(state) not in ("accepted", "late"))


@register.inclusion_tag("components/state_badge.html")
def verdict_badge(verdict: str) -> dict[str, Any]:
    """What was decided on a document: waiting, returned or accepted."""
    if str(verdict) not in VERDICTS:
        raise template.TemplateSyntaxError(f"verdict_badge knows {VERDICTS}, not {verdict!r}")
    return _badge(verdict, is_late=False)


@register.inclusion_tag("components/state_badge.html")
def evidence_badge(evidence: Evidence) -> dict[str, Any]:
    """Like `verdict_badge`; of an undecided one also that it is not scanned, or was refused so."""
    document = evidence.document
    badge = verdict_badge(evidence.verdict)
    if document.is_quarantined and evidence.verdict == Verdict.WAITING:
        looks = _badge("returned" if document.is_infected else "waiting", is_late=False)
        return looks | {"word": document.get_scan_state_display()}
    return badge


@register.simple_tag
def opd_bar(
    done: int = 0, waiting: int = 0, returned: int = 0, late: int = 0, untouched: int = 0
) -> SafeString:
    """An OPD's questions by state, as one stacked bar; the counts stand beside it."""
    counts = {
        "done": done,
        "waiting": waiting,
        "returned": returned,
        "late": late,
        "untouched": untouched,
    }
    words = _(
        "%(done)d diterima, %(waiting)d menunggu, %(returned)d dikembalikan, %(late)d terlambat, "
        "%(untouched)d belum dikerjakan"
    )
    return bar_svg(count_bar(counts), title=words % counts, style="bar bar--stacked")


@register.inclusion_tag("components/legend.html")
def opd_legend() -> dict[str, Any]:
    """What the parts of an OPD's bar mean."""
    return {"legend": legend_signs(pictures.opd_legend())}


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
        f'<span class="heat__word">{conditional_escape(str(word))}</span></th>'
    )


def _heat_row(row: HeatRow, assessment: Assessment) -> str:
    year = [assessment.city.slug, assessment.year]
    indicator = reverse("assessments:indicator_detail", args=[*year, row.code])
    questions = f"{reverse('assessments:question_list', args=year)}?indikator={quote(row.code)}"
    cells = "".join(
        f'<td class="num heat__cell heat__cell--{cell.tone}">'
        f'<a href="{questions}&amp;keadaan={cell.state}">{format_points(cell.points)}</a></td>'
        if cell.tone
        else f'<td class="num heat__cell">{NOTHING}</td>'
        for cell in row.cells
    )
    return (
        f'<tr><th scope="row"><a href="{indicator}"><span class="heat__code">'
        f"{conditional_escape(row.code)}</span> "
        f'<span class="heat__name">{conditional_escape(row.name)}</span></a></th>'
        f'{cells}<td class="num heat__left">{format_points(row.left)}</td></tr>'
    )
