"""A year's documents as one file to take along."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.choices import FileKind
from assessments.forms.filters import PackageForm
from assessments.packaging.stream import stream
from assessments.producing import asked_package, is_long, package_name
from assessments.services.sensitivity import PACKAGE, note_opened
from assessments.views.lookups import get_assessment_or_404
from assessments.views.produced_files import made_later
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from workbooks.downloads import download_stream


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.VIEW_QUESTION)
@in_indonesian
def package_download(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Each member's own view of the year; a large one is made by a job, which POST asks for."""
    assessment = get_assessment_or_404(member, year)
    form = PackageForm(request.GET, assessment=assessment)
    if not form.is_valid():
        # Unlike a list, a package must not silently be wider than what was asked for.
        raise Http404
    at = timezone.now()
    package = asked_package(form, assessment=assessment, by=member, at=at)
    count, size = sum(1 for _file in package.files()), package.size
    if request.method == "POST" or is_long(documents=count, size=size):
        return made_later(
            request,
            member,
            assessment,
            FileKind.PACKAGE,
            scope=form.address(),
            documents=count,
            size=size,
        )
    if request.method != "HEAD":
        note_opened(package.sensitive, member, way=PACKAGE, at=at)
    content = () if request.method == "HEAD" else stream(package, storage=default_storage)
    return download_stream(content, package_name(assessment))
