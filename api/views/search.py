"""The search over a city."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.answers.search import SearchGroup, SearchHit
from api.endpoints import Asked, Call, Endpoint, resource
from api.paging import Page, ranked_page_of
from api.problems import refused_form
from assessments.forms.search import SearchForm
from assessments.queries.search import KINDS, Hit, found_of_kind, search
from cities.roles import Permission

ASKED = (Asked("q", _("Yang dicari")),)


def _term(call: Call) -> str:
    form = SearchForm(call.request.GET)
    if not form.is_valid():
        raise refused_form(form)
    return form.term


def _hits(found: Sequence[Hit]) -> list[SearchHit]:
    return [
        SearchHit(
            title=one.title,
            detail=one.detail,
            url=one.url,
            closeness=one.closeness,
            year=one.year,
            question=one.question or None,
            document=one.document,
            opd=one.opd or None,
        )
        for one in found
    ]


def _search(call: Call) -> list[SearchGroup]:
    return [
        SearchGroup(group.kind, str(group.label), group.has_more, _hits(group.hits))
        for group in search(call.member, _term(call))
    ]


def _search_kind(call: Call, found: str) -> Page[SearchHit]:
    wanted = next((one for one in KINDS if one.name == found), None)
    if wanted is None:
        raise Http404
    rows, told = found_of_kind(call.member, _term(call), wanted)
    return ranked_page_of(call.request, rows, shown=lambda page: _hits([told(row) for row in page]))


everything = resource(
    get=Endpoint(
        _search,
        _("Pertanyaan, dokumen, OPD, dan anggota yang cocok, terdekat dahulu"),
        permission=Permission.VIEW_QUESTION,
        returns=SearchGroup,
        is_list=True,
        asks=ASKED,
    )
)
of_kind = resource(
    get=Endpoint(
        _search_kind,
        _("Semua yang cocok dari satu jenis"),
        permission=Permission.VIEW_QUESTION,
        returns=SearchHit,
        is_page=True,
        asks=ASKED,
    )
)
