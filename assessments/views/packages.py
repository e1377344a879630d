"""A year's documents as one file to take along."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.forms.filters import PackageForm
from assessments.models import Answer
from assessments.packaging.contents import package_of
from assessments.packaging.names import safe_part
from assessments.packaging.stream import stream
from assessments.services.sensitivity import PACKAGE, note_opened
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from workbooks.downloads import download_stream


@require_safe
@city_view(Permission.VIEW_QUESTION)
def package_download(request: HttpRequest, member: Membership, year: int) -> StreamingHttpResponse:
    """Each member's own view of the year: an OPD packs the questions that it holds."""
    assessment = get_assessment_or_404(member, year)
    form = PackageForm(request.GET, assessment=assessment)
    if not form.is_valid():
        # Unlike a list, a package must not silently be wider than what was asked for.
        raise Http404
    package = package_of(
        form.narrowed(Answer.objects.visible_to(member).filter(assessment=assessment)),
        assessment=assessment,
        only_accepted=form.only_accepted,
        scope=form.scope(),
        by=member,
        at=timezone.now(),
    )
    if request.method != "HEAD":
        note_opened(package.sensitive, member, way=PACKAGE, at=timezone.now())
    content = () if request.method == "HEAD" else stream(package, storage=default_storage)
    name = _("Paket KLA %(city)s %(year)d") % {"city": member.city.name, "year": year}
    return download_stream(content, f"{safe_part(name)}.zip")
