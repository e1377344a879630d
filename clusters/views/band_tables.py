"""Tables of bands of other sources than an instrument."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.access import person, site_admin_view
from clusters.edits import fingerprint_of
from clusters.forms.band_tables import BandTableForm
from clusters.forms.lists import BandRows, kept, shown_bands
from clusters.linter import between_bands
from clusters.models import BandTable
from clusters.services.band_tables import (
    create_band_table,
    delete_band_table,
    edit_band_table,
    is_in_use,
    table_spec,
)


@require_safe
@site_admin_view
def band_table_list(request: HttpRequest) -> HttpResponse:
    tables = BandTable.objects.prefetch_related("bands")
    rows = [(table, list(between_bands(table_spec(table).bands))) for table in tables]
    return render(request, "clusters/band_table_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def band_table_create(request: HttpRequest) -> HttpResponse:
    form, rows = BandTableForm(request.POST or None), BandRows(request.POST or None)
    if form.is_valid() and rows.is_valid():
        try:
            table = create_band_table(
                spec=form.spec(kept(rows)), by=person(request), at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(table)s tercatat.") % {"table": table})
            return redirect("clusters:band_table_list")
    context = {"form": form, "rows": rows, "title": _("Tabel predikat baru")}
    return render(request, "clusters/band_table_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def band_table_edit(request: HttpRequest, code: str) -> HttpResponse:
    table = get_object_or_404(BandTable, code=code)
    now = table_spec(table)
    head = {"code": now.code, "title": now.title, "version": now.version, "source": now.source}
    form = BandTableForm(request.POST or None, initial=head)
    rows = BandRows(request.POST or None, initial=shown_bands(now.bands))
    if form.is_valid() and rows.is_valid():
        try:
            edit_band_table(
                table=table,
                spec=form.spec(kept(rows)),
                seen=request.POST.get("seen", ""),
                by=person(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(table)s tersimpan.") % {"table": form.spec([]).title})
            return redirect("clusters:band_table_list")
    context = {
        "form": form,
        "rows": rows,
        "title": str(table),
        "table": table,
        "is_in_use": is_in_use(table),
        "seen": fingerprint_of(now),
    }
    return render(request, "clusters/band_table_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_admin_view
def band_table_delete(request: HttpRequest, code: str) -> HttpResponse:
    table = get_object_or_404(BandTable, code=code)
    list_url = reverse("clusters:band_table_list")
    if request.method == "POST":
        try:
            delete_band_table(table=table, by=person(request), at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("%(table)s dihapus.") % {"table": table})
        return redirect(list_url)
    context = {
        "title": _("Hapus %(table)s?") % {"table": table},
        "text": _("Tabel yang dipakai sebuah tahun penilaian tidak dapat dihapus."),
        "cancel_url": list_url,
        "save": _("Hapus tabel"),
    }
    return render(request, "clusters/confirm.html", context)
