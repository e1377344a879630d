"""One action as it goes: its years with their quarters, and what its OPD reports of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionplan.models import ActionYear
from actionplan.queries.codes import code_answer
from actionplan.views.shared import action_or_404, context_of
from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from meetings.queries.followup import open_decisions
from monitoring.decision_subject import ACTIONS
from monitoring.forms import QuarterForm
from monitoring.models import OF_CITY, Realisation, rules_of
from monitoring.quarters import QUARTERS
from monitoring.queries.board import ActionYearPage, quarter_cells
from monitoring.queries.outcomes import outcomes_of
from monitoring.services.realisations import may_report, report_quarter
from nomenclature.codes import level_of


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def action_detail(request: HttpRequest, member: Membership, pk: int, number: int) -> HttpResponse:
    """Its years with their quarters, what became of its code, and the points it was to bring."""
    action = action_or_404(member, pk, number, f"plan__city__{OF_CITY}")
    plan = action.plan
    today = timezone.localdate()
    reports = Realisation.objects.select_related("by", "document__city")
    rows = {
        one.year: one for one in action.years.prefetch_related(Prefetch("realisations", reports))
    }
    shown = plan.year_near(today.year)
    rules = rules_of(plan.city)
    context = context_of(
        member,
        plan,
        action=action,
        supporting=action.supporting.all(),
        years=[
            ActionYearPage(
                year, rows.get(year), quarter_cells(plan, rows.get(year), year, rules, today=today)
            )
            for year in sorted(plan.years, key=lambda year: (year != shown, year))
        ],
        shown=shown,
        code=code_answer(action, shown),
        level=level_of(action.code),
        outcomes=outcomes_of([action]),
        notes=open_decisions(
            member,
            done_there=Q(ACTIONS.is_done()),
            subject_kind=ACTIONS.kind,
            subject_id=action.pk,
        ),
        own=any(may_report(member, row) for row in rows.values()),
    )
    return render(request, "monitoring/action_detail.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.REPORT_ACTIONS)
def realisation_edit(
    request: HttpRequest, member: Membership, pk: int, number: int, year: int, quarter: int
) -> HttpResponse:
    """The report of one quarter, on a phone; what was reported before is listed below it."""
    action = action_or_404(member, pk, number, f"plan__city__{OF_CITY}")
    plan = action.plan
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
        report = done(
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
    rules = rules_of(plan.city)
    cell = quarter_cells(plan, row, year, rules, today=timezone.localdate())[quarter - 1]
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
    return render(request, "monitoring/realisation_form.html", context)
