"""Units of a year: their declarations, history, ratings, criteria, and which are visited."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from api.answers.territories import (
    CriteriaSetDetail,
    CriteriaSetEntry,
    DeclaredUnit,
    UnitHistory,
    UnitRatings,
    VisitSampleDetail,
)
from api.endpoints import Call, Endpoint, resource
from api.queries import territories as told
from api.views.documents import handed_out
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission
from territories.queries.boards import reporting_year
from territories.views.criteria import set_or_404
from territories.views.declarations import declaration_file
from territories.views.units import unit_then_or_404


def _declarations(call: Call, year: int) -> list[DeclaredUnit]:
    return told.declared_entries(call.member, get_assessment_or_404(call.member, year))


def _history(call: Call, year: int, unit: str) -> UnitHistory:
    assessment = get_assessment_or_404(call.member, year)
    return told.unit_history(unit_then_or_404(call.member, unit, assessment), call.member)


def _content(call: Call, year: int, unit: str, pk: UUID) -> HttpResponseBase:
    """As the page shows it: never the original."""
    slug = call.member.city.slug
    return handed_out(
        declaration_file(call.request, city_slug=slug, year=year, code=unit, document_pk=pk)
    )


def _ratings(call: Call, year: int) -> UnitRatings:
    assessment = get_assessment_or_404(call.member, year)
    return told.unit_ratings(call.member, reporting_year(assessment))


def _criteria_sets(call: Call, year: int) -> list[CriteriaSetEntry]:
    assessment = get_assessment_or_404(call.member, year)
    return told.criteria_sets(call.member.city, reporting_year(assessment))


def _criteria_set(call: Call, year: int, set_code: str) -> CriteriaSetDetail:
    assessment = get_assessment_or_404(call.member, year)
    known = set_or_404(call.member, assessment, set_code)
    return told.criteria_set_detail(known, reporting_year(assessment))


def _visits(call: Call, year: int) -> VisitSampleDetail:
    assessment = get_assessment_or_404(call.member, year)
    return told.visit_sample(call.member, reporting_year(assessment))


declarations = resource(
    get=Endpoint(
        _declarations,
        _("Wilayah dengan pencanangan dan keputusan penetapannya"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=DeclaredUnit,
        is_list=True,
    )
)
history = resource(
    get=Endpoint(
        _history,
        _("Pencanangan satu wilayah beserta berkasnya, dan perubahan wilayahnya"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=UnitHistory,
    )
)
content = resource(
    get=Endpoint(
        _content,
        _("Isi berkas atau foto sebuah pencanangan, seperti yang tampak pada halamannya"),
        permission=Permission.VIEW_UNIT_REPORTS,
        media_type="application/octet-stream",
    )
)
ratings = resource(
    get=Endpoint(
        _ratings,
        _("Peringkat wilayah dengan aturannya"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=UnitRatings,
    )
)
criteria_sets = resource(
    get=Endpoint(
        _criteria_sets,
        _("Set kriteria wilayah, dan mana yang dipakai"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=CriteriaSetEntry,
        is_list=True,
    )
)
criteria_set = resource(
    get=Endpoint(
        _criteria_set,
        _("Satu set kriteria wilayah dengan temuannya"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=CriteriaSetDetail,
    )
)
visits = resource(
    get=Endpoint(
        _visits,
        _("Wilayah yang dikunjungi dalam satu tahun, dan bagaimana ditetapkan"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=VisitSampleDetail,
    )
)
