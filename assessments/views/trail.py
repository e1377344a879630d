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
from texts.languages import in_indonesian
from trail.export import export_header, export_rows
from trail.pages import trail_context
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_list(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    form = _filters(request, assessment)
    context = {"member": member, "assessment": assessment, "page": "trail"}
    return render(request, "assessments/trail_list.html", context | trail_context(request, form))


@require_safe
@city_view(Permission.VIEW_TRAIL)
@in_indonesian
def trail_csv(request: HttpRequest, member: Membership, year: int) -> StreamingHttpResponse:
    """The entries that the same filters show, sent while they are read."""
    assessment = get_assessment_or_404(member, year)
    rows = export_rows(_filters(request, assessment).rows(), member.city.zone)
    lines = csv_lines(export_header(Activity), rows)
    return download_stream(lines, f"jejak-{member.city.slug}-{year}.csv")


@require_safe
@city_view(Permission.VIEW_TRAIL)
@in_indonesian
def trail_xlsx(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    assessment = get_assessment_or_404(member, year)
    rows = export_rows(_filters(request, assessment).rows(), member.city.zone)
    file = xlsx_file(f"Jejak {year}", export_header(Activity), rows)
    return download_file(file, f"jejak-{member.city.slug}-{year}.xlsx")


def _filters(request: HttpRequest, assessment: Assessment) -> TrailFilterForm:
    entries = assessment.activities.all()
    return TrailFilterForm(request.GET, entries=entries, zone=assessment.city.zone)
