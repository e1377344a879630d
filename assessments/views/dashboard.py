"""Where a city stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.choices import AnswerState
from assessments.models import Assessment
from assessments.pictures import heat_picture, opds_picture
from assessments.queries.pace import pace_lines
from assessments.queries.scores import IndicatorRow, NumberedIndicator
from assessments.queries.year import (
    Actions,
    YearDashboard,
    shape_chart,
    year_charts,
    year_dashboard,
)
from assessments.scoring import ZERO
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import Pictures, chart_file, with_pictures
from figures.layout.ladder_drawing import ladder_drawing
from figures.layout.line import line_drawing
from figures.layout.radar import radar
from figures.layout.tables import points_table


@dataclass(frozen=True, slots=True)
class BarLine:
    """A row of a bar table with the page behind it."""

    label: str
    name: str
    url: str
    claimed: Decimal
    evidenced: Decimal
    maximum: Decimal
    is_part: bool = False  # a lettered row (21a) below the line of its number


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    count: int
    url: str


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def city_dashboard(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """The city's current year; without one, what to do to get one."""
    return _render(request, member, Assessment.objects.current(member.city))


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def assessment_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    return _render(request, member, get_assessment_or_404(member, year))


def _render(
    request: HttpRequest, member: Membership, assessment: Assessment | None
) -> HttpResponseBase:
    context: dict[str, object] = {
        "member": member,
        "assessment": assessment,
        "page": "dashboard",
        "awards": member.city.awards.all(),
        "may_open": member.may(Permission.MANAGE_ASSESSMENT),
    }
    if assessment is None:
        return render(request, "assessments/city_without_year.html", context)
    today = timezone.localdate()
    dashboard = year_dashboard(assessment, today=today)
    questions = reverse("assessments:question_list", args=[member.city.slug, assessment.year])
    clusters = _cluster_lines(dashboard, questions)
    indicators = _indicator_groups(dashboard, assessment)
    pictures: Pictures = {
        "tangga": partial(ladder_drawing, dashboard.ladder),
        "klaster": partial(points_table, clusters, shared_scale=True),
        "bentuk": partial(radar, clusters),
        "laju": partial(line_drawing, pace_lines(dashboard.pace)),
        "sisa": partial(heat_picture, dashboard.heat),
        "opd": partial(opds_picture, dashboard.opds),
        "indikator": partial(
            points_table, [line for _c, own in indicators for line in own], shared_scale=False
        ),
    }
    charts = with_pictures([*year_charts(dashboard).values(), shape_chart(dashboard)], pictures)
    file = chart_file(request, charts.values(), f"{member.city.slug}-{assessment.year}", pictures)
    if file is not None:
        return file
    context |= {
        "dashboard": dashboard,
        "charts": charts,
        "pace_lines": pace_lines(dashboard.pace),
        "days_left": assessment.days_left(today),
        "clusters": clusters,
        "among_24": sum(indicator.counts_among_24 for indicator in dashboard.indicators)
        or len(dashboard.indicators),
        "indicator_groups": indicators,
        "states": [(state, dashboard.states[state]) for state in AnswerState],
        "actions": _actions(member, assessment, dashboard.actions, questions),
        "questions_url": questions,
    }
    return render(request, "assessments/year_dashboard.html", context)


def _cluster_lines(dashboard: YearDashboard, questions: str) -> list[BarLine]:
    return [
        BarLine(
            label=row.label,
            name=row.name,
            url=f"{questions}?klaster={row.code}",
            claimed=row.claimed,
            evidenced=row.evidenced,
            maximum=row.maximum,
        )
        for row in dashboard.clusters
    ]


def _indicator_groups(
    dashboard: YearDashboard, assessment: Assessment
) -> list[tuple[str, list[BarLine]]]:
    """The 24 under their clusters, then the territorial ones; lettered rows under their number."""
    groups: dict[str, list[BarLine]] = {}
    for indicator in dashboard.indicators:
        lines = groups.setdefault(indicator.cluster, [])
        is_part = len(indicator.rows) > 1
        if is_part:
            lines.append(_number_line(indicator))
        lines += [_indicator_line(row, assessment, is_part=is_part) for row in indicator.rows]
    return list(groups.items())


def _number_line(indicator: NumberedIndicator) -> BarLine:
    """One number of the 24 with the sum of its lettered rows."""
    return BarLine(
        label=str(indicator.number),
        name=_("Gabungan %(codes)s") % {"codes": ", ".join(row.code for row in indicator.rows)},
        url="",
        claimed=sum((row.claimed for row in indicator.rows), ZERO),
        evidenced=sum((row.evidenced for row in indicator.rows), ZERO),
        maximum=sum((row.maximum for row in indicator.rows), ZERO),
    )


def _indicator_line(row: IndicatorRow, assessment: Assessment, *, is_part: bool) -> BarLine:
    place = [assessment.city.slug, assessment.year, row.code]
    return BarLine(
        label=row.code,
        name=row.name,
        url=reverse("assessments:indicator_detail", args=place),
        claimed=row.claimed,
        evidenced=row.evidenced,
        maximum=row.maximum,
        is_part=is_part,
    )


def _actions(
    member: Membership, assessment: Assessment, actions: Actions, questions: str
) -> list[Action]:
    """What needs somebody now, each with the page where it is done."""
    waiting = f"{questions}?keadaan={AnswerState.WAITING}"
    if member.may(Permission.REVIEW_EVIDENCE):
        waiting = reverse("assessments:review_queue", args=[member.city.slug, assessment.year])
    everything = [
        Action(_("dokumen menunggu pemeriksaan"), actions.documents_waiting, waiting),
        Action(
            _("pertanyaan dengan dokumen dikembalikan"),
            actions.questions_returned,
            f"{questions}?keadaan={AnswerState.RETURNED}",
        ),
        Action(
            _("pertanyaan dengan pesan OPD belum dijawab"),
            actions.questions_unanswered,
            f"{questions}?keadaan=pesan-belum-dijawab",
        ),
        Action(
            _("pertanyaan melewati tenggat"),
            actions.questions_late,
            f"{questions}?keadaan=terlambat",
        ),
        Action(
            _("pertanyaan tanpa penanggung jawab"),
            actions.questions_without_lead,
            f"{questions}?keadaan=tanpa-penanggung-jawab",
        ),
    ]
    return [action for action in everything if action.count]
