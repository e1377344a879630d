"""Facilities of a city."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.facilities import FacilityEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.facilities import facilities_of, facility_entries
from cities.roles import Permission
from facilities.models import Facility


def _facilities(call: Call) -> Page[FacilityEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Facility]) -> list[FacilityEntry]:
        return facility_entries(found, today)

    return page_of(call.request, facilities_of(call.member), key="pk", shown=shown)


facilities = resource(
    get=Endpoint(
        _facilities,
        _("Fasilitas dengan keadaan, surat, dan sertifikatnya"),
        permission=Permission.VIEW_FACILITIES,
        returns=FacilityEntry,
        is_page=True,
    )
)
