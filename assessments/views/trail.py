"""The trail of a year, for the city's administrators."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.forms.trail import TrailFilterForm
from assessments.models import Activity, Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from trail.export import export_header, export_rows
from trail.pages import trail_context
from workbooks.writing import csv_lines, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = _filters(request, assessment)
    context = {"member": member, "assessment": assessment, "page": "trail"}
    return render(request, "assessments/trail_list.html", context | trail_context(request, form))


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_csv(request: HttpRequest, member: Membership, year: int) -> StreamingHttpResponse:
    """The entries that the same filters show, sent while they are read."""
    assessment = get_assessment_or_404(member, year)
    rows = export_rows(_filters(request, assessment).rows(), member.city.zone)
    lines = csv_lines(export_header(Activity), rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"jejak-{member.city.slug}-{year}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_xlsx(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    assessment = get_assessment_or_404(member, year)
    rows = export_rows(_filters(request, assessment).rows(), member.city.zone)
    file = xlsx_file(f"Jejak {year}", export_header(Activity), rows)
    name = f"jejak-{member.city.slug}-{year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _filters(request: HttpRequest, assessment: Assessment) -> TrailFilterForm:
    entries = assessment.activities.all()
    return TrailFilterForm(request.GET, entries=entries, zone=assessment.city.zone)
