"""Files that take long: what asking for one means, how far it is, and fetching it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.choices import FileKind
from assessments.models import Assessment, ProducedFile
from assessments.services.produced_files import (
    ask_for_file,
    discard_file,
    has_stopped,
    may_take,
    sensitive_in,
)
from assessments.services.sensitivity import PACKAGE, note_opened
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from workbooks.downloads import download_file, download_stream

LOOK_AGAIN = 3  # seconds
# Where each kind is asked for.
ADDRESSES = {
    FileKind.PACKAGE: "assessments:package_download",
    FileKind.REPORT_PDF: "assessments:report_pdf",
    FileKind.REPORT_XLSX: "assessments:report_xlsx",
}


def made_later(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    kind: FileKind,
    *,
    scope: str = "",
    documents: int,
    size: int = 0,
) -> HttpResponse:
    """The answer to whoever wants a file that takes long: ask for it, or see the one asked for.

    Looking asks for nothing; the button of the page comes back here. `size` in bytes.
    """
    at = timezone.now()
    if request.method == "POST":
        try:
            produced = ask_for_file(
                assessment=assessment, kind=kind, scope=scope, by=member.user, at=at
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(request.get_full_path())
        return redirect(produced)
    own = ProducedFile.objects.visible_to(member, at=at)
    found = own.filter(assessment=assessment, kind=kind, scope=scope).first()
    if found is not None:
        return redirect(found)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "kind": kind,
        "documents": documents,
        "size": size,
    }
    return render(request, "assessments/file_ask.html", context)


@require_safe
@city_view(Permission.VIEW_QUESTION)
def file_detail(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    """How far it is. The page looks again by itself until it is there, without script too."""
    produced = _own_file_or_404(member, year, pk)
    stopped = has_stopped(produced)
    context = {
        "member": member,
        "assessment": produced.assessment,
        "page": "assessments",
        "produced": produced,
        "has_stopped": stopped,
    }
    page = render(request, "assessments/file_detail.html", context)
    if not produced.is_ready and not stopped:
        page["Refresh"] = str(LOOK_AGAIN)
    return page


@require_safe
@city_view(Permission.VIEW_QUESTION)
def file_download(
    request: HttpRequest, member: Membership, year: int, pk: UUID
) -> HttpResponseBase:
    """The three questions of access are asked again: about the person, the row and its documents."""
    produced = _own_file_or_404(member, year, pk)
    if not produced.is_ready:
        return redirect(produced)
    if not may_take(produced, member):
        messages.error(
            request,
            _(
                "Sejak paket ini dibuat, ada dokumen di dalamnya yang tidak boleh lagi Anda buka. "
                "Buang paket ini, lalu buat lagi."
            ),
        )
        return redirect(produced)
    if request.method == "HEAD":
        return download_stream((), produced.name)
    try:
        file = default_storage.open(str(produced.file.name), "rb")
    except OSError:
        messages.error(
            request,
            _("Berkas ini tidak dapat dibaca dari tempat penyimpanan. Coba lagi, atau buat lagi."),
        )
        return redirect(produced)
    note_opened(sensitive_in(produced), member, way=PACKAGE, at=timezone.now())
    return download_file(file, produced.name)


@require_POST
@city_view(Permission.VIEW_QUESTION)
def file_discard(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    produced = _own_file_or_404(member, year, pk)
    discard_file(produced=produced, by=member.user)
    messages.success(request, _("Berkas dibuang."))
    return redirect(ADDRESSES[FileKind(produced.kind)], member.city.slug, year)


def _own_file_or_404(member: Membership, year: int, pk: UUID) -> ProducedFile:
    own = ProducedFile.objects.visible_to(member, at=timezone.now())
    return get_object_or_404(own.select_related("assessment__city"), assessment__year=year, pk=pk)
