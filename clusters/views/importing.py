"""An instrument comes in from a file: upload, preview, apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.access import person, site_admin_view
from clusters.choices import RowChange
from clusters.comparing import Difference
from clusters.forms.importing import ApplyForm, ImportForm
from clusters.models import InstrumentImport
from clusters.services.importing import (
    KEPT_FOR,
    Preview,
    apply_import,
    prepare_import,
    preview_import,
)


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """All rows of which the same becomes."""

    change: RowChange
    rows: list[Difference]


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def import_upload(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            pending = prepare_import(
                reading=form.cleaned_data["file"],
                file_name=form.file_name,
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("clusters:import_preview", pending.pk)
    return render(request, "clusters/import_upload.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the import would change, and the decision; only for the person who uploaded it."""
    pending = get_object_or_404(
        InstrumentImport,
        pk=pk,
        created_by=request.user.pk,
        created_at__gt=timezone.now() - KEPT_FOR,
    )
    try:
        preview = preview_import(pending)
        form = ApplyForm(request.POST or None, preview=preview)
        if form.is_valid():
            draft = apply_import(
                pending=pending,
                seen=form.cleaned_data["seen"],
                overwrite=form.cleaned_data.get("overwrite", False),
                by=person(request),
                at=timezone.now(),
            )
            messages.success(request, _("Rancangan “%(title)s” diimpor.") % {"title": draft.title})
            return redirect("clusters:draft_detail", draft.code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if error.code not in ("moved", "conflict"):
            return redirect("clusters:import_upload")
        preview = preview_import(pending)
        form = ApplyForm(preview=preview)
    return render(request, "clusters/import_preview.html", _context(pending, preview, form))


def _context(pending: InstrumentImport, preview: Preview, form: ApplyForm) -> dict[str, object]:
    spec = preview.spec
    return {
        "pending": pending,
        "preview": preview,
        "form": form,
        "groups": [group for group in _grouped(preview.differences) if group.rows],
        "cluster_count": len(spec.clusters),
        "indicator_count": sum(1 for _row in spec.indicators()),
        "question_count": sum(1 for _row in spec.questions()),
    }


def _grouped(differences: list[Difference]) -> Iterator[ChangedRows]:
    for change in RowChange:
        yield ChangedRows(change, [row for row in differences if row.change == change])
