"""Stored files: handed out only to those who may see the question behind them."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.filetypes.kinds import EXTENSIONS
from assessments.models import Assessment, Evidence, SupportingDocument
from assessments.renditions.limited import WorkFailedError
from assessments.services.attachments import take_attachment
from assessments.services.documents import withdraw_evidence
from assessments.services.integrity import (
    WHOLE_FIRST,
    Damage,
    checked_pieces,
    damage_in,
    note_damaged,
    note_whole,
)
from assessments.services.marked_copies import is_marked_for, marked_copy
from assessments.services.overtaken import Overtaken
from assessments.services.renditions import clear_original, may_open_original, remake
from assessments.services.sensitivity import DOWNLOAD, PREVIEW, mark_document, note_opened
from assessments.views.lookups import get_assessment_or_404
from assessments.views.question import question_page
from assessments.views.refusals import with_status
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

logger = logging.getLogger(__name__)

# What a stored file may do once a browser shows it: nothing at all. Pages fetch it as data.
SANDBOX = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": [""]}


@require_safe
@city_view(Permission.VIEW_QUESTION)
def document_download(request: HttpRequest, member: Membership, pk: object) -> HttpResponseBase:
    """The original to whoever may open it, always as an attachment; to others the rendition.

    Of a sensitive document only the OPD that handed it in gets the original back, for the others a
    marked copy goes out; Gugus Tugas finds the original in the package.
    """
    document = _get_document_or_404(member, pk)
    if not _may_read(document, member):
        return unreadable_page(request, member, document)
    if not document.file:
        raise Http404
    if document.is_sensitive and request.method != "HEAD":
        note_opened([document], member, way=DOWNLOAD, at=timezone.now())
    if is_marked_for(document, member):
        return _marked(document, member, as_attachment=True)
    if not may_open_original(document, member):
        if document.preview is None:
            raise Http404
        return _rendition_of(document, as_attachment=True)
    if document.is_locked:
        return render(
            request,
            "assessments/original_locked.html",
            {"member": member, "document": document},
            status=403,
        )
    address = _signed_address(request, document)
    return redirect(address) if address else _original(request, document, member)


@require_safe
@city_view(Permission.VIEW_QUESTION)
def document_view(request: HttpRequest, member: Membership, pk: object) -> HttpResponseBase:
    return preview_response(request, member, _get_document_or_404(member, pk))


def preview_response(
    request: HttpRequest, member: Membership, document: SupportingDocument
) -> HttpResponseBase:
    """What pages show of a document: its rendition. An original is never shown inline."""
    if not _may_read(document, member):
        return unreadable_page(request, member, document)
    if document.preview is None:
        raise Http404
    if document.is_sensitive:
        if request.method != "HEAD":
            note_opened([document], member, way=PREVIEW, at=timezone.now())
        return _marked(document, member, as_attachment=False)
    return _rendition_of(document, as_attachment=False)


def unreadable_page(
    request: HttpRequest, member: Membership, document: SupportingDocument
) -> HttpResponse:
    """That a document exists which this member may not open, why, and whom to ask."""
    context = {"member": member, "document": document}
    why = "quarantined" if document.is_quarantined else "sensitive"
    return render(request, f"assessments/document_{why}.html", context, status=403)


@require_POST
@city_view(Permission.VIEW_QUESTION)
def document_mark(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponseBase:
    """Mark a document as sensitive, or take the mark off."""
    assessment = get_assessment_or_404(member, year)
    evidence = _get_offer_or_404(member, assessment, pk)
    try:
        document = mark_document(
            evidence_id=pk,
            sensitivity=request.POST.get("sensitivity", ""),
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = (
            _("“%(title)s” ditandai sensitif; hanya yang berkepentingan dapat membukanya.")
            if document.is_sensitive
            else _("“%(title)s” tidak lagi ditandai sensitif.")
        )
        messages.success(request, sentence % {"title": document.title})
    return redirect(f"{evidence.answer.get_absolute_url()}#dokumen")


@require_POST
@city_view(Permission.CLEAR_ORIGINALS)
def document_clear(
    request: HttpRequest, member: Membership, year: int, pk: int
) -> HttpResponseBase:
    """Unlock the original of one document, offered for a question of this year."""
    assessment = get_assessment_or_404(member, year)
    evidence = _get_offer_or_404(member, assessment, pk)
    try:
        clear_original(evidence_id=pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("Berkas asli “%(title)s” sekarang dapat diunduh.")
        messages.success(request, sentence % {"title": evidence.document.title})
    return redirect(evidence.answer)


@require_POST
@city_view(Permission.ANSWER_QUESTIONS)
def attachment_take(
    request: HttpRequest, member: Membership, year: int, pk: int, position: int
) -> HttpResponseBase:
    """Make a document of a file that is attached to a PDF."""
    assessment = get_assessment_or_404(member, year)
    evidence = _get_offer_or_404(member, assessment, pk)
    try:
        taken = take_attachment(
            evidence_id=pk, position=position, opd=member.opd, by=member.user, at=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("Lampiran “%(title)s” menjadi dokumen, menunggu pemeriksaan.")
        messages.success(request, sentence % {"title": taken.document.title})
    return redirect(evidence.answer)


@require_POST
@city_view(Permission.ANSWER_QUESTIONS)
def document_withdraw(
    request: HttpRequest, member: Membership, year: int, pk: int
) -> HttpResponseBase:
    assessment = get_assessment_or_404(member, year)
    evidence = _get_offer_or_404(member, assessment, pk)
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
        withdraw_evidence(evidence_id=pk, by=member.user, at=timezone.now())
    except Overtaken as error:
        messages.error(request, " ".join(error.messages))
        return with_status(question_page(request, member, evidence.answer), error)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Dokumen “%(title)s” ditarik.") % {"title": evidence.document.title}
        )
    return redirect(evidence.answer)


def _get_offer_or_404(member: Membership, assessment: Assessment, pk: int) -> Evidence:
    offers = Evidence.objects.visible_to(member).select_related(
        "answer__question", "answer__assessment__city", "document"
    )
    return get_object_or_404(offers, pk=pk, answer__assessment=assessment)


def _get_document_or_404(member: Membership, pk: object) -> SupportingDocument:
    documents = SupportingDocument.objects.visible_to(member).select_related("rendition", "city")
    return get_object_or_404(documents, pk=pk)


def _may_read(document: SupportingDocument, member: Membership) -> bool:
    return bool(SupportingDocument.objects.openable_keys([document], member))


def _marked(
    document: SupportingDocument, member: Membership, *, as_attachment: bool
) -> FileResponse:
    """The rendition with the reader's name and the time drawn over it."""
    _open_rendition(document).close()
    try:
        copy = marked_copy(document, member, at=timezone.now())
    except WorkFailedError as error:
        logger.exception("Marking the rendition of document %s failed", document.pk)
        raise Http404 from error
    shown = document.rendition
    name = document.download_name.rpartition(".")[0] or document.title
    return _response(
        copy,
        name=f"{name} ({_('salinan bertanda')}).{EXTENSIONS[shown.media_type]}",
        media_type=shown.media_type,
        as_attachment=as_attachment,
    )


def _signed_address(request: HttpRequest, document: SupportingDocument) -> str:
    """A short-lived link of the storage, where it gives any; empty for what must pass through us.

    A sensitive document never leaves by a link that somebody could hand on, and one that was
    found damaged is compared once more.
    """
    sign = getattr(document.file.storage, "signed_address", None)
    passes_us = document.is_sensitive or document.damaged_since is not None
    if sign is None or passes_us or request.method != "GET":
        return ""
    return str(
        sign(document.file.name, filename=document.download_name, media_type=document.media_type)
    )


def _original(
    request: HttpRequest, document: SupportingDocument, member: Membership
) -> HttpResponseBase:
    """The file as it was handed in; one that is no longer that is told of and never sent."""
    sent = original_response(document, name=document.download_name, at=timezone.now())
    if isinstance(sent, Damage):
        context = {"member": member, "document": document}
        status = 404 if sent == Damage.MISSING else 500
        return render(request, "assessments/original_damaged.html", context, status=status)
    return sent


def original_response(
    document: SupportingDocument, *, name: str, at: datetime
) -> FileResponse | Damage:
    """The original under this name, as an attachment that acts nowhere; or what is wrong with it."""
    try:
        file = document.file.open("rb")
        is_large = document.size > WHOLE_FIRST
        damage = None if is_large else _damage_of(document, file)
    except FileNotFoundError:
        damage = Damage.MISSING
    if damage is not None:
        note_damaged(document, damage, at=at)
        return damage
    if document.damaged_since is not None:
        note_whole(SupportingDocument.objects.filter(pk=document.pk))
    stream: Any = checked_pieces(file, document, at=at) if is_large else file
    response = _response(stream, name=name, media_type=document.media_type, as_attachment=True)
    response["Content-Length"] = str(document.size)
    return response


def _damage_of(document: SupportingDocument, file: FieldFile) -> Damage | None:
    damage = damage_in(file, size=document.size, sha256=document.sha256)
    if damage is not None:
        file.close()
    return damage


def _rendition_of(document: SupportingDocument, *, as_attachment: bool) -> FileResponse:
    shown = document.rendition
    name = document.download_name.rpartition(".")[0] or document.title
    return _response(
        _open_rendition(document),
        name=f"{name} ({_('pratinjau')}).{EXTENSIONS[shown.media_type]}",
        media_type=shown.media_type,
        as_attachment=as_attachment,
    )


def _open_rendition(document: SupportingDocument) -> FieldFile:
    """What pages show; a damaged one is made anew, and until then it is not there."""
    shown = document.rendition
    try:
        file = shown.file.open("rb")
    except FileNotFoundError as error:
        remake(shown, at=timezone.now())
        raise Http404 from error
    if damage_in(file, size=shown.size, sha256=shown.sha256) is not None:
        file.close()
        remake(shown, at=timezone.now())
        raise Http404
    return file


@csp(SANDBOX)  # of files alone: a page that tells why there is none keeps its looks
def _response(stream: Any, *, name: str, media_type: str, as_attachment: bool) -> FileResponse:
    if media_type.startswith("text/") and "charset" not in media_type:
        media_type = f"{media_type}; charset=utf-8"
    response = FileResponse(
        stream, as_attachment=as_attachment, filename=name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
