"""Reports of a unit: kept, sent, accepted, returned."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.forms.reports import ReportForm
from territories.models import Report
from territories.queries.boards import reporting_year
from territories.queries.standing import standings
from territories.services.reports import (
    accept_reports,
    repeat_reports,
    return_report,
    save_reports,
    send_reports,
)
from territories.views.units import unit_or_404, unit_page, unit_then_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.FILL_UNIT_REPORTS)
def report_save(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """Keep what was written; the button “kirim” also sends it."""
    assessment = get_assessment_or_404(member, year)
    unit, reporting = unit_then_or_404(member, code, assessment), reporting_year(assessment)
    here = redirect("territories:unit_detail", member.city.slug, year, code)
    if request.method != "POST":
        return here
    asked = reporting.criteria.of(unit.criterion_level)
    found = standings([unit], asked, reporting.criteria, year=reporting.year)
    cells = [found[criterion.code][unit.pk] for criterion in asked]
    form = ReportForm(request.POST, standings=cells)
    if not form.is_valid():
        return unit_page(request, member, assessment, unit, form=form)
    place: dict[str, Any] = {
        "unit_id": unit.pk,
        "year": reporting.year,
        "criteria": reporting.criteria,
        "by": member.user,
        "at": timezone.now(),
    }
    try:
        changed = save_reports(entries=form.entries(), seen=form.knew, **place)
        sent = send_reports(**place) if "kirim" in request.POST else []
    except ValidationError as error:
        form.add_error(None, error)
        form.show_newest(form.fields["seen"].initial)
        return unit_page(request, member, assessment, unit, form=form)
    if sent:
        messages.success(request, _("%(count)d kriteria terkirim.") % {"count": len(sent)})
    else:
        messages.success(request, _("%(count)d kriteria tersimpan.") % {"count": changed})
    return here


@require_POST
@city_view(Permission.FILL_UNIT_REPORTS)
def reports_repeat(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """Take the ticked answers of last year as drafts; the button “semua” takes each of them."""
    assessment = get_assessment_or_404(member, year)
    unit, reporting = unit_or_404(member, code), reporting_year(assessment)
    asked = [one.code for one in reporting.criteria.of(unit.criterion_level)]
    try:
        count = repeat_reports(
            unit_id=unit.pk,
            year=reporting.year,
            criteria=reporting.criteria,
            codes=asked if "semua" in request.POST else request.POST.getlist("kriteria"),
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        sentence = _("%(count)d isian tahun lalu menjadi konsep. Periksa, lalu kirim.")
        messages.success(request, sentence % {"count": count})
    return redirect("territories:unit_detail", member.city.slug, year, code)


@require_POST
@city_view(Permission.REVIEW_UNIT_REPORTS)
def reports_accept(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    """Accept every report that waited on the page as it was shown."""
    assessment = get_assessment_or_404(member, year)
    unit, reporting = unit_or_404(member, code), reporting_year(assessment)
    seen = {int(pk) for pk in request.POST.getlist("seen") if pk.isdecimal() and len(pk) < 19}
    try:
        accepted = accept_reports(
            unit_id=unit.pk,
            year=reporting.year,
            criteria=reporting.criteria,
            seen=seen,
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(count)d kriteria diterima.") % {"count": len(accepted)})
    return redirect("territories:unit_detail", member.city.slug, year, code)


@require_POST
@city_view(Permission.REVIEW_UNIT_REPORTS)
def report_return(
    request: HttpRequest, member: Membership, year: int, code: str, pk: int
) -> HttpResponse:
    """Give one report back with its reason; a refusal is said above the page."""
    get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    report = get_object_or_404(Report, pk=pk, unit=unit)
    try:
        return_report(
            report_id=report.pk,
            reason=request.POST.get("reason", ""),
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Kriteria %(code)s dikembalikan.") % {"code": report.criterion})
    return redirect("territories:unit_detail", member.city.slug, year, code)
