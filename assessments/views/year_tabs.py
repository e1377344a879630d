"""The figures of a city's year, each kind on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Answer, Assessment, Assignment
from assessments.pictures import heat_picture, opds_picture
from assessments.queries.answer_points import answer_facts
from assessments.queries.opds import held_by, opd_chart, opd_rows
from assessments.queries.pace import milestones, pace, pace_chart, pace_lines
from assessments.queries.review_backlog import waiting, waiting_chart
from assessments.queries.scores import (
    ClusterRow,
    IndicatorRow,
    NumberedIndicator,
    cluster_chart,
    cluster_rows,
    heat_chart,
    heat_rows,
    indicator_chart,
    numbered_indicators,
)
from assessments.queries.year import shape_chart
from assessments.scoring import ZERO
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import Pictures, chart_file, with_pictures
from figures.layout.line import line_drawing
from figures.layout.radar import radar
from figures.layout.tables import points_table
from figures.values import Chart

# Where a chart's figures are, for addresses from the time when all stood on one page.
TAB_OF_CHART = {
    "klaster": "year_clusters",
    "bentuk": "year_clusters",
    "indikator": "year_indicators",
    "opd": "year_opds",
    "laju": "year_pace",
    "menunggu": "year_pace",
    "sisa": "year_remaining",
}


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
class IndicatorGroup:
    """The indicators of one cluster under what the cluster itself counts."""

    cluster: ClusterRow
    lines: list[BarLine]


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def year_clusters(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Points of each cluster, as bars and as a shape."""
    assessment = get_assessment_or_404(member, year)
    rows = cluster_rows(assessment)
    questions = reverse("assessments:question_list", args=[member.city.slug, assessment.year])
    lines = [
        BarLine(
            label=row.label,
            name=row.name,
            url=f"{questions}?klaster={row.code}",
            claimed=row.claimed,
            evidenced=row.evidenced,
            maximum=row.maximum,
        )
        for row in rows
    ]
    pictures: Pictures = {
        "klaster": partial(points_table, lines, shared_scale=True),
        "bentuk": partial(radar, lines),
    }
    charts = [cluster_chart(rows), shape_chart(rows)]
    return _tab(request, member, assessment, "clusters", charts, pictures, {"clusters": lines})


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def year_indicators(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Points of each indicator under its cluster."""
    assessment = get_assessment_or_404(member, year)
    indicators = numbered_indicators(assessment)
    groups = _indicator_groups(cluster_rows(assessment), indicators, assessment)
    lines = [line for group in groups for line in group.lines]
    pictures: Pictures = {"indikator": partial(points_table, lines, shared_scale=False)}
    context = {
        "groups": groups,
        "among_24": sum(one.counts_among_24 for one in indicators) or len(indicators),
    }
    charts = [indicator_chart(indicators)]
    return _tab(request, member, assessment, "indicators", charts, pictures, context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def year_opds(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Questions and points of each OPD that holds any."""
    assessment = get_assessment_or_404(member, year)
    facts = answer_facts(Answer.objects.filter(assessment=assessment), timezone.localdate())
    held = held_by(Assignment.objects.filter(answer__assessment=assessment))
    opds = opd_rows(held, assessment.city.opds.all(), facts)
    pictures: Pictures = {"opd": partial(opds_picture, opds)}
    return _tab(request, member, assessment, "opds", [opd_chart(opds)], pictures, {"opds": opds})


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def year_pace(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Questions answered and accepted by day, and the documents that wait."""
    assessment = get_assessment_or_404(member, year)
    today = timezone.localdate()
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    shown = pace(assessment, milestones(assessment, facts), facts.keys(), today=today)
    undecided = waiting(assessment, today=today)
    pictures: Pictures = {"laju": partial(line_drawing, pace_lines(shown))}
    context = {"pace_lines": pace_lines(shown), "waiting": undecided}
    charts = [pace_chart(shown), waiting_chart(undecided)]
    return _tab(request, member, assessment, "pace", charts, pictures, context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def year_remaining(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Points that are not proven yet, by indicator and by the state of their questions."""
    assessment = get_assessment_or_404(member, year)
    facts = answer_facts(Answer.objects.filter(assessment=assessment), timezone.localdate())
    heat = heat_rows(numbered_indicators(assessment), facts)
    pictures: Pictures = {"sisa": partial(heat_picture, heat)}
    charts = [heat_chart(heat)]
    return _tab(request, member, assessment, "remaining", charts, pictures, {"heat": heat})


def _tab(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    tab: str,
    charts: Iterable[Chart],
    pictures: Pictures,
    context: dict[str, Any],
) -> HttpResponseBase:
    """The page of one kind of figures, or the file of a chart on it that the address asks for."""
    marked = with_pictures(charts, pictures)
    file = chart_file(request, marked.values(), f"{member.city.slug}-{assessment.year}", pictures)
    if file is not None:
        return file
    shared = {
        "member": member,
        "assessment": assessment,
        "page": "dashboard",
        "tab": tab,
        "charts": marked,
    }
    return render(request, f"assessments/year_{tab}.html", shared | context)


def _indicator_groups(
    clusters: Iterable[ClusterRow],
    indicators: Iterable[NumberedIndicator],
    assessment: Assessment,
) -> list[IndicatorGroup]:
    """The 24 under their clusters, then the territorial ones; lettered rows under their number."""
    groups = {row.label: IndicatorGroup(row, []) for row in clusters}
    for indicator in indicators:
        lines = groups[indicator.cluster].lines
        is_part = len(indicator.rows) > 1
        if is_part:
            lines.append(_number_line(indicator))
        lines += [_indicator_line(row, assessment, is_part=is_part) for row in indicator.rows]
    return list(groups.values())


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
