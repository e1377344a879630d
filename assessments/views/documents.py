"""Stored files: handed out only to those who may see the question behind them."""

from __future__ import annotations

import logging

from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Evidence, SupportingDocument
from assessments.services.documents import withdraw_evidence
from assessments.views.found import found_assessment
from cities.access import city_view, person
from cities.models import Membership
from cities.roles import Permission

logger = logging.getLogger(__name__)

# What a stored file may do once a browser shows it: nothing at all. Pages fetch it as data.
SANDBOX = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": [""]}


@require_safe
@csp(SANDBOX)
@city_view(Permission.VIEW_QUESTION)
def document_download(request: HttpRequest, member: Membership, pk: object) -> HttpResponseBase:
    return _file(_found_document(member, pk), as_attachment=True)


@require_safe
@csp(SANDBOX)
@city_view(Permission.VIEW_QUESTION)
def document_view(request: HttpRequest, member: Membership, pk: object) -> HttpResponseBase:
    """The file for showing inside our own page: PDF and pictures, nothing else."""
    document = _found_document(member, pk)
    if not document.opens_inline:
        raise Http404
    return _file(document, as_attachment=False)


@require_POST
@city_view(Permission.ANSWER_QUESTIONS)
def document_withdraw(
    request: HttpRequest, member: Membership, year: int, pk: int
) -> HttpResponseBase:
    assessment = found_assessment(member, year)
    evidence = get_object_or_404(
        Evidence.objects.visible_to(member).select_related(
            "answer__question", "answer__assessment__city", "document"
        ),
        pk=pk,
        answer__assessment=assessment,
    )
    if not Evidence.objects.withdrawable_by(member).filter(pk=pk).exists():
        messages.error(
            request,
            _(
                "Dokumen “%(title)s” sudah diperiksa atau diserahkan oleh OPD lain, "
                "jadi tidak dapat Anda tarik."
            )
            % {"title": evidence.document.title},
        )
        return redirect(evidence.answer)
    try:
        withdraw_evidence(evidence_id=pk, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Dokumen “%(title)s” ditarik.") % {"title": evidence.document.title}
        )
    return redirect(evidence.answer)


def _found_document(member: Membership, pk: object) -> SupportingDocument:
    kept = SupportingDocument.objects.visible_to(member).exclude(file="")  # of a link maybe nothing
    return get_object_or_404(kept, pk=pk)


def _file(document: SupportingDocument, *, as_attachment: bool) -> FileResponse:
    try:
        stream = document.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("The file of document %s is missing from storage", document.pk)
        raise Http404 from error
    response = FileResponse(
        stream,
        as_attachment=as_attachment,
        filename=document.original_name,
        content_type=document.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
