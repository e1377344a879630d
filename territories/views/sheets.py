"""The sheet of reports out and back, always by way of a preview."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.sheets import PreviewForm
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.choices import CriterionLevel
from territories.forms.sheets import ReportSheetForm
from territories.models import ReportImport, Unit
from territories.queries.boards import ReportingYear, reporting_year, unit_lines, units_of
from territories.services.sheets import apply_import, discard_import, keep_import, preview_of
from territories.sheets.layout import Identity
from territories.sheets.reading import KnownUnit
from territories.sheets.writing import header_of, lines_of, sheet_file
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines


def _identity(member: Membership, reporting: ReportingYear) -> Identity:
    return Identity(member.city.slug, reporting.year, reporting.criteria.code)


def _units(member: Membership, reporting: ReportingYear) -> list[Unit]:
    return [unit for level in CriterionLevel for unit in units_of(member, reporting, level)]


@require_safe
@city_view(Permission.IMPORT_UNIT_REPORTS)
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
    form = ReportSheetForm(
        request.POST or None,
        request.FILES or None,
        identity=_identity(member, reporting),
        criteria=reporting.criteria,
        units={one.code: KnownUnit(one.code, one.name, one.criterion_level) for one in units},
    )
    if form.is_valid():
        kept = keep_import(
            city=member.city,
            year=reporting.year,
            criteria=reporting.criteria,
            rows=form.cleaned_data["rows"],
            name=form.cleaned_data["file"].name,
            by=member.user,
            at=timezone.now(),
        )
        return redirect("territories:reports_preview", member.city.slug, year, kept.pk)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting,
        "units": units,
        "form": form,
    }
    return render(request, "territories/reports_import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.IMPORT_UNIT_REPORTS)
def reports_preview(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    """What the sheet would change, answer by answer; posting it does that and nothing else."""
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    kept = _import_or_404(member, reporting, pk)
    units = _units(member, reporting)
    preview = preview_of(kept, reporting.criteria, units)
    form = PreviewForm(request.POST or None, preview=preview)
    refusals: list[str] = []
    if form.is_valid():
        try:
            count = apply_import(
                import_id=kept.pk,
                criteria=reporting.criteria,
                from_file=form.from_file(),
                seen=form.cleaned_data["seen"],
                sends="kirim" in request.POST,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            refusals = error.messages
            preview = preview_of(kept, reporting.criteria, units)
            form = PreviewForm(preview=preview)
        else:
            messages.success(
                request, _("%(count)d isian dari lembar tersimpan.") % {"count": count}
            )
            return redirect("territories:unit_list", member.city.slug, year)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "kept": kept,
        "preview": preview,
        "form": form,
        "refusals": refusals,
    }
    return render(request, "territories/reports_preview.html", context)


@require_POST
@city_view(Permission.IMPORT_UNIT_REPORTS)
def reports_discard(request: HttpRequest, member: Membership, year: int, pk: UUID) -> HttpResponse:
    reporting = reporting_year(get_assessment_or_404(member, year))
    discard_import(import_id=_import_or_404(member, reporting, pk).pk, by=member.user)
    messages.success(request, _("Impor dibuang; tidak ada yang berubah."))
    return redirect("territories:reports_import", member.city.slug, year)


def _import_or_404(member: Membership, reporting: ReportingYear, pk: UUID) -> ReportImport:
    mine = ReportImport.objects.of(member.user, member.city, at=timezone.now())
    return get_object_or_404(mine.filter(year=reporting.year), pk=pk)
