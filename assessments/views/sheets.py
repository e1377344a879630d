"""The working sheet out and back, and every other sheet of points, always by way of a preview."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.sheets import PreviewForm, SheetForm
from assessments.models import Assessment, SheetImport
from assessments.queries.worksheet import identity_of, working_sheet
from assessments.services.sheet_imports import (
    apply_import,
    discard_import,
    keep_import,
    preview_of,
)
from assessments.views.lookups import get_assessment_or_404
from assessments.views.refusals import with_status
from assessments.worksheets.writing import PAPERS, worksheet_file
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from workbooks.downloads import download_file


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
@in_indonesian
def worksheet_download(request: HttpRequest, member: Membership, year: int) -> FileResponse:
    """The year's working sheet, for A4 or, with ?kertas=f4, for F4."""
    assessment = get_assessment_or_404(member, year)
    asked = request.GET.get("kertas", "")
    sheet = working_sheet(assessment, by=member.user, at=timezone.now())
    file = worksheet_file(sheet, paper=asked if asked in PAPERS else "a4")
    return download_file(file, f"lembar-kerja-{member.city.slug}-{year}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_SHEET)
def sheet_import(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Read a sheet and keep it for its preview; nothing of the year changes yet."""
    assessment = get_assessment_or_404(member, year)
    form = SheetForm(
        request.POST or None,
        request.FILES or None,
        instrument=assessment.instrument,
        identity=identity_of(assessment),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            kept = keep_import(
                assessment=assessment,
                kind=form.score_kind(),
                rows=data["rows"],
                name=data["file"].name,
                source=data["source"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("assessments:sheet_preview", member.city.slug, year, kept.pk)
    context = {"member": member, "assessment": assessment, "page": "assessments", "form": form}
    return render(request, "assessments/sheet_import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_SHEET)
def sheet_preview(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    """What the sheet would change, row by row; posting it does that and nothing else."""
    assessment = get_assessment_or_404(member, year)
    kept = _get_import_or_404(member, assessment, pk)
    preview = preview_of(kept)
    form = PreviewForm(request.POST or None, preview=preview)
    refused: ValidationError | None = None
    if form.is_valid():
        try:
            count = apply_import(
                import_id=kept.pk,
                from_file=form.from_file(),
                seen=form.cleaned_data["seen"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            refused = error
            preview = preview_of(kept)  # as it is now, to be decided anew
            form = PreviewForm(preview=preview)
        else:
            sentence = ngettext(
                "%(count)d baris dari lembar tersimpan.",
                "%(count)d baris dari lembar tersimpan.",
                count,
            )
            messages.success(request, sentence % {"count": count})
            return redirect(assessment)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "assessments",
        "kept": kept,
        "preview": preview,
        "form": form,
        "refusals": refused.messages if refused else [],
    }
    page = render(request, "assessments/sheet_preview.html", context)
    return with_status(page, refused) if refused else page


@require_POST
@city_view(Permission.IMPORT_SHEET)
def sheet_discard(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    discard_import(import_id=_get_import_or_404(member, assessment, pk).pk, by=member.user)
    messages.success(request, _("Impor dibuang; tidak ada yang berubah."))
    return redirect("assessments:sheet_import", member.city.slug, year)


def _get_import_or_404(member: Membership, assessment: Assessment, pk: UUID) -> SheetImport:
    mine = SheetImport.objects.of(member.user, assessment, at=timezone.now())
    return get_object_or_404(mine.select_related("assessment"), pk=pk)
