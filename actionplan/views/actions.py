"""One action: its data, what it is to reach in a year, and what its OPD reports of a quarter."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actionplan.forms.actions import ActionForm, QuarterForm, YearForm
from actionplan.models import ActionYear
from actionplan.quarters import QUARTERS
from actionplan.queries.monitoring import ActionYearPage, quarter_cells
from actionplan.queries.outcomes import outcomes_of
from actionplan.services.actions import change_action, record_action, remove_action, set_year
from actionplan.services.realisations import may_report, report_quarter
from actionplan.views.shared import action_or_404, attempt, context_of, plan_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from nomenclature.codes import level_of, look_up
from nomenclature.models import Nomenclature


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def action_detail(request: HttpRequest, member: Membership, pk: int, number: int) -> HttpResponse:
    """Its years with their quarters, what became of its code, and the points it was to bring."""
    plan = plan_or_404(member, pk)
    action = action_or_404(member, plan, number)
    today = timezone.localdate()
    rows = {
        one.year: one
        for one in action.years.prefetch_related("realisations__by", "realisations__document__city")
    }
    shown = plan.year_near(today.year)
    code = None
    if action.code:
        books = Nomenclature.objects.filter(city=member.city).books()
        code = look_up(action.code, books, on=date(shown, 12, 31))
    context = context_of(
        member,
        plan,
        action=action,
        supporting=action.supporting.all(),
        years=[
            ActionYearPage(
                year, rows.get(year), quarter_cells(plan, rows.get(year), year, today=today)
            )
            for year in sorted(plan.years, key=lambda year: (year != shown, year))
        ],
        shown=shown,
        code=code,
        level=level_of(action.code),
        outcomes=outcomes_of([action]),
        own=any(may_report(member, row) for row in rows.values()),
    )
    return render(request, "actionplan/action_detail.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def action_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    last = plan.actions.aggregate(last=Max("number"))["last"] or 0
    initial = {"number": last + 1, "indicator": request.GET.get("indikator", "")}
    form = ActionForm(request.POST or None, initial=initial, plan=plan, save=_("Catat aksi"))
    if form.is_valid():
        action = attempt(
            form,
            lambda: record_action(
                plan_id=plan.pk, facts=form.facts, by=member.user, at=timezone.now()
            ),
        )
        if action is not None:
            messages.success(request, _("Aksi tercatat. Isi target dan pagunya."))
            return redirect(action)
    cancel_url = plan.get_absolute_url()
    context = context_of(member, plan, form=form, cancel_url=cancel_url, title=_("Catat aksi"))
    return render(request, "actionplan/form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def action_edit(request: HttpRequest, member: Membership, pk: int, number: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    action = action_or_404(member, plan, number)
    form = ActionForm(
        request.POST or None, initial=ActionForm.initial_of(action), plan=plan, save=_("Simpan")
    )
    if form.is_valid():
        changed = attempt(
            form,
            lambda: change_action(
                action_id=action.pk, facts=form.facts, by=member.user, at=timezone.now()
            ),
        )
        if changed is not None:
            messages.success(request, _("Aksi tersimpan."))
            return redirect(changed)
    cancel_url = action.get_absolute_url()
    context = context_of(member, plan, form=form, cancel_url=cancel_url, title=_("Ubah aksi"))
    return render(request, "actionplan/form.html", context)


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def action_remove(request: HttpRequest, member: Membership, pk: int, number: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    action = action_or_404(member, plan, number)
    try:
        remove_action(action_id=action.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(action)
    messages.success(request, _("Aksi %(action)s dihapus.") % {"action": action})
    return redirect(plan)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def year_edit(
    request: HttpRequest, member: Membership, pk: int, number: int, year: int
) -> HttpResponse:
    plan = plan_or_404(member, pk)
    action = action_or_404(member, plan, number)
    if year not in plan.years:
        raise Http404
    row = ActionYear.objects.filter(action=action, year=year).first()
    form = YearForm(request.POST or None, initial=YearForm.initial_of(row))
    if form.is_valid():
        stored = attempt(
            form,
            lambda: set_year(
                action_id=action.pk, year=year, facts=form.facts, by=member.user, at=timezone.now()
            ),
        )
        if stored is not None:
            messages.success(request, _("Target dan pagu %(year)d tersimpan.") % {"year": year})
            return redirect(action)
    title = _("Target dan pagu %(year)d") % {"year": year}
    context = context_of(
        member, plan, form=form, cancel_url=action.get_absolute_url(), title=title, lead=action
    )
    return render(request, "actionplan/form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.REPORT_ACTIONS)
def realisation_edit(
    request: HttpRequest, member: Membership, pk: int, number: int, year: int, quarter: int
) -> HttpResponse:
    """The report of one quarter, on a phone; what was reported before is listed below it."""
    plan = plan_or_404(member, pk)
    action = action_or_404(member, plan, number)
    rows = ActionYear.objects.select_related("action")
    row = get_object_or_404(rows, action=action, year=year)
    if quarter not in QUARTERS:
        raise Http404
    if not may_report(member, row):
        raise PermissionDenied
    reports = list(row.realisations.select_related("by").filter(quarter=quarter))
    initial = QuarterForm.initial_of(reports[-1] if reports else None)
    form = QuarterForm(request.POST or None, initial=initial, member=member)
    if form.is_valid():
        report = attempt(
            form,
            lambda: report_quarter(
                year_id=row.pk,
                quarter=quarter,
                facts=form.facts,
                seen=form.cleaned_data["seen"],
                by=member.user,
                at=timezone.now(),
            ),
        )
        if report is not None:
            messages.success(request, _("Laporan triwulan %(q)d tersimpan.") % {"q": quarter})
            return redirect(action)
    cell = quarter_cells(plan, row, year, today=timezone.localdate())[quarter - 1]
    context = context_of(
        member,
        plan,
        action=action,
        year=row,
        cell=cell,
        reports=reports,
        form=form,
        cancel_url=reverse("actionplan:action_detail", args=[member.city.slug, pk, number]),
    )
    return render(request, "actionplan/realisation_form.html", context)
