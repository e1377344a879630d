"""A city over its years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.pictures import falls_picture
from assessments.queries.history import (
    HistoryYear,
    cluster_fall_chart,
    fall_chart,
    history_years,
    year_lines,
    years_chart,
)
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import Pictures, chart_file, with_pictures
from figures.layout.line import line_drawing
from figures.values import Chart, Lines


@dataclass(frozen=True, slots=True)
class Fall:
    """A year of which at least two stages are known, with what tells of it."""

    year: HistoryYear
    stages: Chart
    clusters: Chart


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def city_history(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """Predikat, totals and awards by year, and what was lost from stage to stage."""
    years = history_years(member.city)
    lines = year_lines(years)
    pictures = _pictures(years, lines)
    fallen = [one for one in reversed(years) if one.falls]
    made = (own for one in fallen for own in (fall_chart(one), cluster_fall_chart(one)))
    charts = with_pictures([years_chart(years), *made], pictures)
    file = chart_file(request, charts.values(), f"{member.city.slug}-riwayat", pictures)
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": Assessment.objects.current(member.city),
        "page": "history",
        "chart": charts["tahun"],
        "years": years[::-1],
        "lines": lines,
        "falls": [
            Fall(one, charts[f"tahap-{one.year}"], charts[f"klaster-{one.year}"]) for one in fallen
        ],
    }
    return render(request, "assessments/city_history.html", context)


def _pictures(years: Sequence[HistoryYear], lines: Lines | None) -> Pictures:
    pictures = {"tahun": partial(line_drawing, lines)} if lines else {}
    for one in years:
        if one.falls and one.assessment:
            maximum = one.assessment.instrument.max_points
            pictures[f"tahap-{one.year}"] = partial(falls_picture, one.falls, maximum)
    return pictures
