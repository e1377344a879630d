"""Units of a city and what they report for a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission, Role
from territories.choices import CriterionLevel, ReportState
from territories.forms.reports import ReportForm, ReturnForm
from territories.forms.units import GridFilterForm, UnitForm
from territories.models import Unit
from territories.place_notes import place_notes
from territories.queries.boards import (
    ReportingYear,
    UnitRow,
    last_years,
    reference_date,
    reporting_year,
    rows_of,
    units_of,
)
from territories.queries.grid import GridLine, grid, grid_table, of_criteria, with_ratings
from territories.queries.names import named_as_on
from territories.queries.ratings import rating_of, rules_of
from territories.queries.standing import standings
from territories.services.units import change_unit, load_units
from texts.languages import in_indonesian
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file

PAGE = 50


def unit_or_404(member: Membership, code: str) -> Unit:
    """The unit of that code, if the member may see it."""
    rows = Unit.objects.visible_to(member).select_related("city", "parent")
    return get_object_or_404(rows, code=code)


def unit_then_or_404(member: Membership, code: str, assessment: Assessment) -> Unit:
    """The same, named as on the reference date of the assessment."""
    rows = Unit.objects.visible_to(member).select_related("city").filter(code=code)
    found = named_as_on(rows, reference_date(assessment))
    if not found:
        raise Http404
    return found[0]


@require_safe
@city_view(Permission.FILL_UNIT_REPORTS)
def own_unit(request: HttpRequest, member: Membership) -> HttpResponse:
    """Where the people of a unit begin: its page in the year that the city works on."""
    assessment = Assessment.objects.current(member.city)
    unit = Unit.objects.filter(seats__membership=member).first() if member.pk else None
    if assessment is None or unit is None:
        context = {"member": member, "page": "units", "unit": unit}
        return render(request, "territories/own_unit.html", context)
    return redirect("territories:unit_detail", member.city.slug, assessment.year, unit.code)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def unit_guide(request: HttpRequest, member: Membership) -> HttpResponse:
    """One page for a lurah, to be printed."""
    context = {"member": member, "page": "units"}
    return render(request, "territories/unit_guide.html", context)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def unit_list(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """The grid unit × criterion; `unduh` in the address asks for all of it as a file."""
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    districts = units_of(member, reporting, CriterionLevel.KECAMATAN)
    form = GridFilterForm(request.GET, criteria=reporting.criteria.criteria, districts=districts)
    everything = reporting.criteria.of(form.level)
    asked = everything if form.wants_ratings else form.asked
    rows = grid(member, reporting, form.level, asked)
    has_units = bool(rows)
    rules = rules_of(member.city_id, reporting)
    rows = form.narrowed(rows)
    file_kind = request.GET.get("unduh")
    is_file = file_kind in ("csv", "xlsx")
    if "peringkat" in form.wanted or (is_file and form.wants_ratings):
        rows = form.rated(with_ratings(rows, rules))
    rows = form.ordered(form.in_state(of_criteria(rows, form.asked)))
    if is_file:
        return _grid_file(rows, form, member, reporting, file_kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("halaman"))
    if form.wants_ratings and "peringkat" not in form.wanted:  # of those shown, not of all
        page.object_list = with_ratings(page.object_list, rules)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting,
        "form": form,
        "asked": form.asked,
        "page_obj": page,
        "counted": _counted(rows),
        "has_units": has_units,
        "may_load": member.may(Permission.MANAGE_MEMBERS),
        "may_import": member.may(Permission.IMPORT_UNIT_REPORTS),
    }
    return render(request, "territories/unit_list.html", context)


def _counted(rows: list[GridLine]) -> dict[str, int]:
    states = [row.states for row in rows]
    return {
        "all": len(rows),
        "reported": sum(bool(found) for found in states),
        "waiting": sum(ReportState.SENT in found for found in states),
        "returned": sum(ReportState.RETURNED in found for found in states),
    }


@in_indonesian
def _grid_file(
    rows: list[GridLine],
    form: GridFilterForm,
    member: Membership,
    reporting: ReportingYear,
    kind: str | None,
) -> HttpResponseBase:
    header, lines = grid_table(rows, form.asked)
    name = f"{member.city.slug}-wilayah-{reporting.year}.{kind}"
    if kind == "csv":
        return download_stream(csv_lines(header, lines), name)
    return download_file(xlsx_file(_("Wilayah"), header, lines), name)


@require_safe
@city_view(Permission.VIEW_UNIT_REPORTS)
def unit_detail(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    return unit_page(request, member, assessment, unit_then_or_404(member, code, assessment))


def unit_page(
    request: HttpRequest,
    member: Membership,
    assessment: Assessment,
    unit: Unit,
    **refused: Any,
) -> HttpResponse:
    """A unit (named as then) with its criteria; `refused` holds the form that was sent and refused."""
    reporting = reporting_year(assessment)
    asked = reporting.criteria.of(unit.criterion_level)
    asked_below = reporting.criteria.of(CriterionLevel.KELURAHAN)
    below = units_of(member, reporting, CriterionLevel.KELURAHAN) if unit.parent_id is None else []
    below = [row for row in below if row.parent_id == unit.pk]
    everything = {one.code: one for one in (*asked, *asked_below)}.values()
    found = standings([unit, *below], everything, reporting.criteria, year=reporting.year)
    cells = [found[criterion.code][unit.pk] for criterion in asked]
    rules = rules_of(member.city_id, reporting)
    may_fill = member.may(Permission.FILL_UNIT_REPORTS)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "unit": unit,
        "reporting": reporting,
        "row": UnitRow(unit, tuple(cells)),
        "cells": cells,
        "waiting": [cell for cell in cells if cell.state == ReportState.SENT],
        "drafts": sum(cell.state == ReportState.DRAFT for cell in cells),
        "form": ReportForm(standings=cells) if may_fill else None,
        "return_form": ReturnForm() if member.may(Permission.REVIEW_UNIT_REPORTS) else None,
        "proposed": last_years(cells, unit, reporting) if may_fill else [],
        "rating": rating_of(unit, asked, found, rules),
        "notes": place_notes(unit, member),
        "below": rows_of(below, asked_below, found),
        "may_edit": member.may(Permission.MANAGE_MEMBERS),
        **refused,
    }
    return render(request, "territories/unit_detail.html", context)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def units_load(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    try:
        count = load_units(city=member.city, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(count)d wilayah disiapkan.") % {"count": count})
    return redirect("territories:unit_list", member.city.slug, assessment.year)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def unit_edit(request: HttpRequest, member: Membership, year: int, code: str) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    unit = unit_or_404(member, code)
    people = Membership.objects.filter(city=member.city, role=Role.WILAYAH)
    seated = people.filter(unit_seat__unit=unit)
    form = UnitForm(
        request.POST or None,
        people=people.select_related("user").order_by("user__name", "pk"),
        initial={"head": unit.head, "contact": unit.contact, "members": seated},
    )
    back = reverse("territories:unit_detail", args=[member.city.slug, year, code])
    if form.is_valid():
        try:
            change_unit(
                unit_id=unit.pk,
                head=form.cleaned_data["head"],
                contact=form.cleaned_data["contact"],
                members=[row.pk for row in form.cleaned_data["members"]],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Data %(name)s tersimpan.") % {"name": unit.name})
            return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "unit": unit,
        "form": form,
        "cancel_url": back,
    }
    return render(request, "territories/unit_edit.html", context)
