"""One indicator in one year."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assessments.models import Answer, Evidence
from assessments.queries.indicator import (
    DocumentsInOrder,
    indicator_charts,
    indicator_dashboard,
)
from assessments.queries.trend import trend_lines
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from clusters.models import Indicator
from figures.downloads import chart_file, with_pictures
from figures.layout.line import line_drawing

PAGE = 25  # documents


@require_safe
@city_view(Permission.VIEW_QUESTION)
def indicator_detail(
    request: HttpRequest, member: Membership, year: int, code: str
) -> HttpResponseBase:
    """An indicator with its questions; for an OPD, only with the questions it holds."""
    assessment = get_assessment_or_404(member, year)
    seen = Answer.objects.visible_to(member).filter(assessment=assessment)
    indicator = get_object_or_404(
        Indicator.objects.select_related("cluster"),
        pk__in=seen.values("question__indicator"),
        code=code,
    )
    answers = seen.filter(question__indicator=indicator)
    sees_whole = member.may(Permission.VIEW_ASSESSMENT)
    dashboard = indicator_dashboard(
        assessment, indicator, answers, sees_whole=sees_whole, today=timezone.localdate()
    )
    lines = trend_lines(dashboard.years) if dashboard.years else None
    pictures = {"tren": partial(line_drawing, lines)} if lines and len(dashboard.years) > 1 else {}
    charts = with_pictures(indicator_charts(dashboard).values(), pictures)
    stem = f"{member.city.slug}-{assessment.year}-indikator-{slugify(code)}"
    file = chart_file(request, charts.values(), stem, pictures)
    if file is not None:
        return file
    documents = DocumentsInOrder(dashboard.rows)
    paginator = Paginator[Evidence](documents, PAGE)  # type: ignore[arg-type]  # asks for slices alone
    context = {
        "member": member,
        "assessment": assessment,
        "page": "questions" if sees_whole else "tasks",
        "indicator": indicator,
        "dashboard": dashboard,
        "charts": charts,
        "trend_lines": lines,
        "page_obj": paginator.get_page(request.GET.get("halaman")),
    }
    return render(request, "assessments/indicator_detail.html", context)
