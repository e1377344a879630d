"""A city over its years."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.charts import Chart
from assessments.dashboards.history import (
    HistoryYear,
    cluster_fall_chart,
    fall_chart,
    history_years,
    year_lines,
    years_chart,
)
from assessments.models import Assessment
from assessments.views.charts import chart_file
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


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
    falls = [
        Fall(one, fall_chart(one), cluster_fall_chart(one)) for one in reversed(years) if one.falls
    ]
    chart = years_chart(years)
    charts = [chart, *(own for fall in falls for own in (fall.stages, fall.clusters))]
    file = chart_file(request, charts, f"{member.city.slug}-riwayat")
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": Assessment.objects.current(member.city),
        "page": "history",
        "chart": chart,
        "years": years[::-1],
        "lines": year_lines(years),
        "falls": falls,
    }
    return render(request, "assessments/city_history.html", context)
