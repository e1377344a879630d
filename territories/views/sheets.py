"""The sheet of reports out and back, always by way of a preview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.sheets import SheetError
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from imports.forms import TableForm
from imports.services.staged import Reading, discard
from imports.views import Place, review, unavailable, upload, waiting
from territories.choices import CriterionLevel
from territories.models import Unit
from territories.queries.boards import (
    ReportingYear,
    reference_date,
    reporting_year,
    unit_lines,
    units_of,
)
from territories.services.sheets import REPORTS, SEND, reading_of
from territories.sheets.layout import Identity
from territories.sheets.reading import KnownUnit, read_reports
from territories.sheets.writing import header_of, lines_of, sheet_file
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.faults import UnreadableError
from workbooks.writing import csv_lines


def _identity(member: Membership, reporting: ReportingYear) -> Identity:
    return Identity(member.city.slug, reporting.year, reporting.criteria.code)


def _units(member: Membership, reporting: ReportingYear) -> list[Unit]:
    return [unit for level in CriterionLevel for unit in units_of(member, reporting, level)]


@require_safe
@city_view(Permission.IMPORT_UNIT_REPORTS)
@in_indonesian
def reports_download(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """The sheet filled with what is known; `unduh=csv` with `tingkat` asks for one table."""
    reporting = reporting_year(get_assessment_or_404(member, year))
    identity = _identity(member, reporting)
    lines = unit_lines(_units(member, reporting), reporting)
    name = f"{member.city.slug}-laporan-wilayah-{reporting.year}"
    if request.GET.get("unduh") != "csv":
        return download_file(sheet_file(lines, reporting.criteria, identity), f"{name}.xlsx")
    is_district = request.GET.get("tingkat") == CriterionLevel.KECAMATAN
    level = CriterionLevel.KECAMATAN if is_district else CriterionLevel.KELURAHAN
    asked = reporting.criteria.of(level)
    rows = lines_of(lines[level], asked, identity)
    return download_stream(csv_lines(header_of(asked), rows), f"{name}-{level}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_UNIT_REPORTS)
def reports_import(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Read a filled sheet and keep it for its preview; no report changes yet."""
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    units = _units(member, reporting)

    def read(content: bytes, name: str) -> Reading:
        known = {one.code: KnownUnit(one.code, one.name, one.criterion_level) for one in units}
        identity, criteria = _identity(member, reporting), reporting.criteria
        try:
            rows = read_reports(content, name, identity=identity, criteria=criteria, units=known)
            return reading_of(rows)
        except SheetError as error:
            raise UnreadableError(*error.faults) from error

    about = {"year": reporting.year, "criteria": reporting.criteria.code}
    form = TableForm(request.POST or None, request.FILES or None, read=read, about=about)
    place = _place(member, assessment, reporting=reporting, units=units)
    return upload(request, member, form, REPORTS, place, template="territories/reports_import.html")


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_UNIT_REPORTS)
def reports_preview(
    request: HttpRequest, member: Membership, year: int, pk: int | UUID
) -> HttpResponse:
    """What the sheet would change, answer by answer; posting it does that and nothing else.

    A UUID is the address of a preview of the release before.
    """
    assessment = get_assessment_or_404(member, year)
    place, staged = _place(member, assessment), waiting(member, REPORTS, pk)
    if staged is None or staged.about["year"] != reference_date(assessment).year:
        return unavailable(request, place)
    return review(request, member, staged, REPORTS, place)


@require_POST
@city_view(Permission.IMPORT_UNIT_REPORTS)
def reports_discard(
    request: HttpRequest, member: Membership, year: int, pk: int | UUID
) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    staged = waiting(member, REPORTS, pk)
    if staged is None:
        return unavailable(request, _place(member, assessment))
    discard(staged_id=staged.pk, by=member.user)
    messages.success(request, _("Impor dibuang; tidak ada yang berubah."))
    return redirect("territories:reports_import", member.city.slug, year)


def _place(member: Membership, assessment: Assessment, **more: Any) -> Place:
    here = [member.city.slug, assessment.year]
    context = {"member": member, "assessment": assessment, "page": "units", "eyebrow": assessment}
    return Place(
        context=context | more,
        title=_("Isi dari lembar"),
        back=_("Semua wilayah"),
        back_url=reverse("territories:unit_list", args=here),
        upload_url=reverse("territories:reports_import", args=here),
        review=lambda pk: reverse("territories:reports_preview", args=[*here, pk]),
        discard=lambda pk: reverse("territories:reports_discard", args=[*here, pk]),
        buttons=[(SEND, _("Simpan dan kirim")), ("", _("Simpan sebagai konsep"))],
    )
