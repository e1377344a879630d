"""One OPD in one year."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assessments.forms.filters import TaskFilterForm
from assessments.pictures import opds_picture
from assessments.queries.opd import opd_charts, opd_dashboard
from assessments.queries.pace import pace_lines
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership, Opd
from cities.roles import Permission
from figures.downloads import chart_file, with_pictures
from figures.layout.line import line_drawing


@require_safe
@city_view(Permission.VIEW_QUESTION)
def opd_detail(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponseBase:
    """An OPD's share, tasks and pace; for its own staff without the others."""
    assessment = get_assessment_or_404(member, year)
    opd = get_opd_or_404(member, pk)
    form = TaskFilterForm(request.GET)
    today = timezone.localdate()
    dashboard = opd_dashboard(assessment, opd, member, today=today, state=form.wanted)
    lines = pace_lines(dashboard.pace)
    pictures = {
        "laju": partial(line_drawing, lines),
        "banding": partial(opds_picture, [one.row for one in dashboard.others]),
    }
    charts = with_pictures(opd_charts(dashboard).values(), pictures)
    stem = f"{member.city.slug}-{assessment.year}-{slugify(opd.code)}"
    file = chart_file(request, charts.values(), stem, pictures)
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": assessment,
        "page": "tasks" if member.may(Permission.OWN_TASKS) else "dashboard",
        "opd": opd,
        "form": form,
        "dashboard": dashboard,
        "charts": charts,
        "pace_lines": lines,
    }
    return render(request, "assessments/opd_detail.html", context)


def get_opd_or_404(member: Membership, pk: int) -> Opd:
    """An OPD of the city; for who sees only single questions, only their own."""
    if not member.may(Permission.VIEW_ASSESSMENT) and member.opd_id != pk:
        raise Http404
    return get_object_or_404(Opd, city=member.city, pk=pk)
