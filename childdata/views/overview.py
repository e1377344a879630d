"""All variables of a year, cluster by cluster, and what is missing of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from childdata.queries.boards import boards
from childdata.views.shared import SHOWN_YEARS, context_of, current_year, require_year
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
def overview(request: HttpRequest, member: Membership) -> HttpResponse:
    """The year in the address (`?tahun=`), else the one that is evaluated."""
    assessment = Assessment.objects.current(member.city)
    wanted = request.GET.get("tahun", "")
    is_year = wanted.isdecimal() and len(wanted) == 4
    year = require_year(int(wanted)) if is_year else current_year(assessment)
    found = boards(member, year)
    latest = timezone.localdate().year
    context = context_of(
        member,
        assessment=assessment,
        year=year,
        years=range(latest, latest - SHOWN_YEARS, -1),
        boards=found,
        filled=sum(one.filled for one in found),
        count=sum(len(one.rows) for one in found),
    )
    return render(request, "childdata/overview.html", context)
