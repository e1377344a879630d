"""What does not fit together in a year."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file
from plans.queries.checks import check_board, check_chart


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def check_list(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Every finding by severity, with its facts and the way to its remedy."""
    assessment = get_assessment_or_404(member, year)
    board = check_board(assessment, member, today=timezone.localdate())
    chart = check_chart(board)
    file = chart_file(request, [chart], f"{member.city.slug}-{year}")
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "board": board,
        "chart": chart,
    }
    return render(request, "plans/check_list.html", context)
