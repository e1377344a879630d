"""The trail of a year, for the city's administrators."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.forms.trail import TrailFilterForm
from assessments.queries.trail import COLUMNS, exported
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from workbooks.writing import csv_lines, xlsx_file

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = TrailFilterForm(request.GET, assessment=assessment)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "trail",
        "form": form,
        "page_obj": Paginator(form.rows(), PAGE).get_page(request.GET.get("halaman")),
        "head": assessment.activities.order_by("-position").first(),
    }
    return render(request, "assessments/trail_list.html", context)


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_csv(request: HttpRequest, member: Membership, year: int) -> StreamingHttpResponse:
    """The lines that the same filters show, sent while they are read."""
    assessment = get_assessment_or_404(member, year)
    rows = TrailFilterForm(request.GET, assessment=assessment).rows()
    lines = csv_lines([str(name) for name in COLUMNS], exported(rows, member.city.zone))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"jejak-{member.city.slug}-{year}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_xlsx(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    assessment = get_assessment_or_404(member, year)
    rows = TrailFilterForm(request.GET, assessment=assessment).rows()
    values = exported(rows, member.city.zone)
    file = xlsx_file(f"Jejak {year}", [str(name) for name in COLUMNS], values)
    name = f"jejak-{member.city.slug}-{year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
