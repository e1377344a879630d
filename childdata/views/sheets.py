"""The sheet of numbers of children out and back, by way of a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from childdata.queries.tables_out import rows_out
from childdata.services.sheet_imports import CHILDREN, read_sheet
from childdata.sheets import header
from childdata.views.shared import context_of, current_year, require_year
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from imports.forms import TableForm
from imports.views import Place, review, upload, waiting
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
@in_indonesian
def sheet_download(request: HttpRequest, member: Membership, data_year: int) -> HttpResponseBase:
    """Every variable that the member may see, filled in as far as it is known."""
    year = require_year(data_year)
    name, rows = f"{member.city.slug}-data-anak-{year}", rows_out(member, year)
    if request.GET.get("bentuk") == "csv":
        return download_stream(csv_lines(header(), rows), f"{name}.csv")
    return download_file(xlsx_file(_("Data anak"), header(), rows), f"{name}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CHILD_DATA)
def sheet_upload(request: HttpRequest, member: Membership) -> HttpResponse:
    form = TableForm(request.POST or None, request.FILES or None, read=read_sheet)
    return upload(request, member, form, CHILDREN, _place(member))


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_CHILD_DATA)
def sheet_review(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """What a sheet would bring; only sending the form takes it over."""
    return review(request, member, waiting(member, CHILDREN, pk), CHILDREN, _place(member))


def _place(member: Membership) -> Place:
    slug, assessment = member.city.slug, Assessment.objects.current(member.city)
    year = current_year(assessment)
    about = {
        "template_url": reverse("childdata:sheet_download", args=[slug, year]),
        "template_label": _("Unduh lembar %(year)d dengan angka yang sudah ada") % {"year": year},
    }
    return Place(
        context=context_of(member, assessment=assessment) | about,
        title=_("Ambil dari lembar"),
        back=_("Data anak"),
        back_url=reverse("childdata:overview", args=[slug]),
        upload_url=reverse("childdata:sheet_upload", args=[slug]),
        review=lambda pk: reverse("childdata:sheet_review", args=[slug, pk]),
    )
