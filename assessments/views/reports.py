"""A city's year to take along, for those who may see all of it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.reports.book import report_book
from assessments.reports.city import city_report
from assessments.reports.paper import report_file
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_moment
from workbooks.downloads import download_file


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def report_pdf(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    assessment = get_assessment_or_404(member, year)
    local = timezone.localtime()
    moment = f"{format_moment(local)} {member.city.get_timezone_display()}"
    file = report_file(city_report(assessment, today=local.date()), moment=moment)
    return download_file(file, f"laporan-kla-{member.city.slug}-{year}.pdf")


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def report_xlsx(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    assessment = get_assessment_or_404(member, year)
    file = report_book(city_report(assessment, today=timezone.localdate()))
    return download_file(file, f"tabel-kla-{member.city.slug}-{year}.xlsx")
