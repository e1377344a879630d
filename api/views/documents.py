"""Documents: what is known of them, and their content through the gate of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.answers.questions import DocumentEntry, OfferEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.problems import Problem
from api.queries.questions import document_entries, offer_entries, with_documents
from assessments.models import Evidence, SupportingDocument
from assessments.views.documents import document_download
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission


def _offers(call: Call, year: int) -> Page[OfferEntry]:
    assessment = get_assessment_or_404(call.member, year)
    rows = Evidence.objects.visible_to(call.member).filter(answer__assessment=assessment)

    def shown(found: Sequence[Evidence]) -> list[OfferEntry]:
        return offer_entries(found, call.member)

    return page_of(call.request, with_documents(rows), key="pk", shown=shown)


def _document(call: Call, pk: UUID) -> DocumentEntry:
    documents = SupportingDocument.objects.visible_to(call.member).select_related("opd")
    [entry] = document_entries([get_object_or_404(documents, pk=pk)], call.member)
    return entry


def _content(call: Call, pk: UUID) -> HttpResponseBase:
    """The file as the page hands it out: asked, marked, noted and compared in the same way."""
    return handed_out(document_download(call.request, city_slug=call.member.city.slug, pk=pk))


def handed_out(found: HttpResponseBase) -> HttpResponseBase:
    """What the page of a file answers; its refusal as a problem. Raises Problem."""
    if found.status_code < 400:
        return found
    if found.status_code == 403:
        sentence = gettext(
            "Dokumen ini tidak dapat dibuka akun ini: sensitif, ditahan pemindai virus, atau terkunci."
        )
        raise Problem(403, "closed_document", sentence)
    sentence = gettext("Berkas yang tersimpan rusak atau hilang. Beri tahu administrator situs.")
    raise Problem(404 if found.status_code == 404 else 500, "damaged", sentence)


offers = resource(
    get=Endpoint(
        _offers,
        _("Dokumen yang diajukan dalam satu tahun, dengan keputusannya"),
        permission=Permission.VIEW_QUESTION,
        returns=OfferEntry,
        is_page=True,
    )
)
document = resource(
    get=Endpoint(
        _document,
        _("Keterangan satu dokumen"),
        permission=Permission.VIEW_QUESTION,
        returns=DocumentEntry,
    )
)
content = resource(
    get=Endpoint(
        _content,
        _("Isi berkasnya"),
        permission=Permission.VIEW_QUESTION,
        media_type="application/octet-stream",
    )
)
