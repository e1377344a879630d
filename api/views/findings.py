"""What is to be mended at facilities."""

from __future__ import annotations

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.facilities import FindingEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.findings import finding_entries, findings_of
from api.views.documents import handed_out
from cities.roles import Permission
from facilities.models import Finding
from facilities.views.findings import finding_photo


def _findings(call: Call) -> Page[FindingEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Finding]) -> list[FindingEntry]:
        return finding_entries(found, call.member, today=today)

    return page_of(call.request, findings_of(call.member), key="pk", shown=shown)


def _photo(call: Call, finding: int) -> HttpResponseBase:
    """As the page shows it: never the original."""
    return handed_out(finding_photo(call.request, city_slug=call.member.city.slug, pk=finding))


findings = resource(
    get=Endpoint(
        _findings,
        _("Temuan di fasilitas dengan tenggat dan penyelesaiannya"),
        permission=Permission.VIEW_FACILITIES,
        returns=FindingEntry,
        is_page=True,
    )
)
photo = resource(
    get=Endpoint(
        _photo,
        _("Foto sebuah temuan"),
        permission=Permission.VIEW_FACILITIES,
        media_type="application/octet-stream",
    )
)
