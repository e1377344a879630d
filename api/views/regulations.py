"""The legal register of a city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.regulations import RegulationDetail, RegulationEntry, TopicCoverage
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.regulations import (
    coverage_entries,
    regulation_detail,
    regulation_entries,
    regulations_of,
)
from api.views.documents import handed_out
from assessments.models import Assessment
from assessments.views.documents import document_download
from assessments.views.lookups import get_assessment_or_404
from cities.models import Membership
from cities.roles import Permission
from regulations.models import Regulation
from regulations.queries.register import day_of_force


def _regulations(call: Call) -> Page[RegulationEntry]:
    day = _day(call.member)

    def shown(found: Sequence[Regulation]) -> list[RegulationEntry]:
        return regulation_entries(found, call.member, day)

    return page_of(call.request, regulations_of(call.member), key="pk", shown=shown)


def _regulation(call: Call, regulation: int) -> RegulationDetail:
    found = get_object_or_404(regulations_of(call.member), pk=regulation)
    return regulation_detail(found, call.member, _day(call.member))


def _text(call: Call, regulation: int) -> HttpResponseBase:
    """As the page of the regulation hands it out: the document that it leads to."""
    rows = Regulation.objects.visible_to(call.member)
    document = get_object_or_404(rows, pk=regulation).document_id
    if document is None:
        raise Http404
    slug = call.member.city.slug
    return handed_out(document_download(call.request, city_slug=slug, pk=document))


def _coverage(call: Call, year: int) -> list[TopicCoverage]:
    return coverage_entries(call.member, get_assessment_or_404(call.member, year))


def _day(member: Membership) -> date:
    current = Assessment.objects.current(member.city)
    return day_of_force(current, today=timezone.localdate())


regulations = resource(
    get=Endpoint(
        _regulations,
        _("Produk hukum dengan keadaan dan topiknya"),
        permission=Permission.VIEW_CITY,
        returns=RegulationEntry,
        is_page=True,
    )
)
regulation = resource(
    get=Endpoint(
        _regulation,
        _("Satu produk hukum dengan hubungan dan naskahnya"),
        permission=Permission.VIEW_CITY,
        returns=RegulationDetail,
    )
)
text = resource(
    get=Endpoint(
        _text,
        _("Isi naskah sebuah produk hukum"),
        permission=Permission.VIEW_QUESTION,
        media_type="application/octet-stream",
    )
)
coverage = resource(
    get=Endpoint(
        _coverage,
        _("Topik produk hukum dan anggaran satu tahun dengan cakupannya"),
        permission=Permission.VIEW_QUESTION,
        returns=TopicCoverage,
        is_list=True,
    )
)
