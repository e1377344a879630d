"""The sheet of facilities out and back, by way of a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.facilities import FacilityFilterForm
from facilities.models import Facility
from facilities.queries.boards import choices_sheet, sheet_of
from facilities.services.sheet_imports import FACILITIES, read_sheet
from facilities.views.facilities import page_context
from imports.forms import TableForm
from imports.views import Place, review, upload, waiting
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.writing import Sheet, csv_lines, xlsx_book


@require_safe
@city_view(Permission.VIEW_FACILITIES)
@in_indonesian
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
    form = TableForm(request.POST or None, request.FILES or None, read=read_sheet)
    return upload(request, member, form, FACILITIES, _place(member))


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def sheet_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What a sheet would bring; only sending the form takes it over."""
    return review(request, member, waiting(member, FACILITIES, pk), FACILITIES, _place(member))


def _place(member: Membership) -> Place:
    slug = [member.city.slug]
    about = {
        "template_url": reverse("facilities:sheet_download", args=slug),
        "template_label": _("Unduh lembar dengan kolom dan pilihannya"),
    }
    return Place(
        context=page_context(member) | about,
        title=_("Ambil dari lembar"),
        back=_("Fasilitas"),
        back_url=reverse("facilities:facility_list", args=slug),
        upload_url=reverse("facilities:sheet_upload", args=slug),
        review=lambda pk: reverse("facilities:sheet_review", args=[*slug, pk]),
    )
