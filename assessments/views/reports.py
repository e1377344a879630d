"""A city's year to take along, for those who may see all of it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from assessments.choices import FileKind
from assessments.producing import is_long, report
from assessments.reports.city import documents_of
from assessments.views.lookups import get_assessment_or_404
from assessments.views.produced_files import made_later
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from workbooks.downloads import download_file


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.VIEW_ASSESSMENT)
def report_pdf(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    return _report(request, member, year, FileKind.REPORT_PDF)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.VIEW_ASSESSMENT)
def report_xlsx(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    return _report(request, member, year, FileKind.REPORT_XLSX)


@in_indonesian
def _report(
    request: HttpRequest, member: Membership, year: int, kind: FileKind
) -> HttpResponseBase:
    """At once, or for a year with many documents by a job, which POST asks for."""
    assessment = get_assessment_or_404(member, year)
    documents = documents_of(assessment).count()
    if request.method == "POST" or is_long(documents=documents):
        return made_later(request, member, assessment, kind, documents=documents)
    file, name = report(assessment, kind)
    return download_file(file, name)
