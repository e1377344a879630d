"""Facilities of a city, and the files of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.facilities import FacilityDetail, FacilityDocument, FacilityEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries import facilities as told
from api.views.documents import handed_out
from cities.roles import Permission
from facilities.models import Facility
from facilities.views.facilities import facility_or_404
from facilities.views.records import document_view


def _facilities(call: Call) -> Page[FacilityEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Facility]) -> list[FacilityEntry]:
        return told.facility_entries(found, today)

    return page_of(call.request, told.facilities_of(call.member), key="pk", shown=shown)


def _facility(call: Call, facility: int) -> FacilityDetail:
    return told.facility_detail(facility_or_404(call.member, facility), timezone.localdate())


def _documents(call: Call, facility: int) -> list[FacilityDocument]:
    return told.facility_documents(facility_or_404(call.member, facility), call.member)


def _content(call: Call, facility: int, pk: UUID) -> HttpResponseBase:
    """As the page shows it: never the original."""
    slug = call.member.city.slug
    return handed_out(document_view(call.request, city_slug=slug, pk=facility, document_pk=pk))


facilities = resource(
    get=Endpoint(
        _facilities,
        _("Fasilitas dengan keadaan, surat, dan sertifikatnya"),
        permission=Permission.VIEW_FACILITIES,
        returns=FacilityEntry,
        is_page=True,
    )
)
facility = resource(
    get=Endpoint(
        _facility,
        _("Satu fasilitas dengan kunjungan dan penggunanya"),
        permission=Permission.VIEW_FACILITIES,
        returns=FacilityDetail,
    )
)
documents = resource(
    get=Endpoint(
        _documents,
        _("Berkas surat dan sertifikat sebuah fasilitas, dan fotonya"),
        permission=Permission.VIEW_FACILITIES,
        returns=FacilityDocument,
        is_list=True,
    )
)
content = resource(
    get=Endpoint(
        _content,
        _("Isi berkas atau foto sebuah fasilitas, seperti yang tampak pada halamannya"),
        permission=Permission.VIEW_FACILITIES,
        media_type="application/octet-stream",
    )
)
