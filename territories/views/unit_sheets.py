"""The sheet of units out and back, always by way of a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from imports.forms import TableForm
from imports.views import Place, review, upload, waiting
from territories.models import Unit
from territories.services.unit_sheets import UNITS, read_unit_sheet
from territories.sheets.units import COLUMNS, unit_rows
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
@in_indonesian
def units_download(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Every unit that still exists, with what is known of it; `unduh=csv` asks for CSV."""
    get_assessment_or_404(member, year)
    units = Unit.objects.filter(city=member.city, active_to=None).select_related("parent")
    header, lines = unit_rows((one, one.parent.code if one.parent else "") for one in units)
    name = f"{member.city.slug}-wilayah"
    if request.GET.get("unduh") == "csv":
        return download_stream(csv_lines(header, lines), f"{name}.csv")
    return download_file(xlsx_file(_("Wilayah"), header, lines), f"{name}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def units_import(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    place = _place(member, get_assessment_or_404(member, year))
    form = TableForm(request.POST or None, request.FILES or None, read=read_unit_sheet)
    return upload(request, member, form, UNITS, place)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def units_review(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """What the sheet would bring; only sending the form takes it over."""
    place = _place(member, get_assessment_or_404(member, year))
    return review(request, member, waiting(member, UNITS, pk), UNITS, place)


def _place(member: Membership, assessment: Assessment) -> Place:
    here = [member.city.slug, assessment.year]
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "eyebrow": assessment,
        "columns": COLUMNS,
        "template_url": reverse("territories:units_download", args=here),
        "template_label": _("Unduh lembar berisi wilayah yang tercatat"),
    }
    return Place(
        context=context,
        title=_("Data wilayah dari lembar"),
        back=_("Laporan wilayah"),
        back_url=reverse("territories:unit_list", args=here),
        upload_url=reverse("territories:units_import", args=here),
        review=lambda pk: reverse("territories:units_review", args=[*here, pk]),
    )
