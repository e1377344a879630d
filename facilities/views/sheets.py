"""The sheet of facilities out and back, by way of a preview."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.facilities import FacilityFilterForm, SheetForm
from facilities.models import Facility, FacilityImport
from facilities.queries.boards import choices_sheet, sheet_of
from facilities.services.sheet_imports import counts_of, keep_sheet, preview_of, take_sheet
from facilities.views.facilities import page_context
from workbooks.downloads import download_file, download_stream
from workbooks.writing import Sheet, csv_lines, xlsx_book


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def sheet_download(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """What the list shows, as the sheet that can be filled in and brought back."""
    form = FacilityFilterForm(request.GET, member=member)
    found = form.narrowed(Facility.objects.visible_to(member), timezone.localdate())
    header, lines = sheet_of(found)
    name = f"{member.city.slug}-fasilitas"
    if request.GET.get("bentuk") == "csv":
        return download_stream(csv_lines(header, lines), f"{name}.csv")
    choices_header, choices = choices_sheet()
    sheets = [
        Sheet(_("Fasilitas"), header, lines),
        Sheet(_("Pilihan"), [f"{_('pilihan')} {title}" for title in choices_header], choices),
    ]
    return download_file(xlsx_book(sheets), f"{name}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def sheet_upload(request: HttpRequest, member: Membership) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = keep_sheet(
                city=member.city,
                content=file.read(),
                name=file.name,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("facilities:sheet_review", member.city.slug, kept.pk)
    cancel_url = reverse("facilities:facility_list", args=[member.city.slug])
    context = page_context(member) | {"form": form, "cancel_url": cancel_url}
    return render(request, "facilities/sheet_upload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def sheet_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What a sheet would bring; only sending the form takes it over."""
    kept = get_object_or_404(FacilityImport, pk=pk, city=member.city, by=member.user)
    if request.method == "POST":
        ticked = {int(line) for line in request.POST.getlist("baris") if line.isdecimal()}
        try:
            outcome = take_sheet(
                kept_id=kept.pk, city=member.city, lines=ticked, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            facts = {
                "added": outcome.added,
                "changed": outcome.changed,
                "papers": outcome.papers,
            }
            messages.success(
                request,
                _(
                    "%(added)d fasilitas ditambahkan, %(changed)d diperbarui, %(papers)d surat dicatat."
                )
                % facts,
            )
        return redirect("facilities:facility_list", member.city.slug)
    rows = preview_of(kept, member)
    context = page_context(member) | {
        "kept": kept,
        "counts": counts_of(rows),
        "new": [one for one in rows if one.is_new],
        "different": [one for one in rows if one.differences and not one.refused],
        "papers": [one for one in rows if one.brings_paper],
        "refused": [one for one in rows if one.refused],
    }
    return render(request, "facilities/sheet_review.html", context)
