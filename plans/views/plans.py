"""Saved plans: what is to be done, by whom, and what has come of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.assignments import BulkAssignmentForm
from assessments.models import Assessment
from assessments.services.assignment import assign_in_bulk
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file
from plans.models import Plan
from plans.queries.plans import plan_board, plan_list
from plans.queries.tables import plan_chart
from plans.services.plans import remove_plan


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def plan_index(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    rows = Plan.objects.visible_to(member).filter(assessment=assessment).select_related("by")
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "rows": plan_list(assessment, rows),
    }
    return render(request, "plans/plan_list.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def plan_detail(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponseBase:
    assessment = get_assessment_or_404(member, year)
    plan = get_plan_or_404(member, assessment, pk)
    return _render(request, member, plan, BulkAssignmentForm(city=member.city))


@require_http_methods(["POST"])
@city_view(Permission.ASSIGN_QUESTIONS)
def plan_assign(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponseBase:
    """Hand the ticked steps to an OPD with a date, as the page of assignments does."""
    assessment = get_assessment_or_404(member, year)
    plan = get_plan_or_404(member, assessment, pk)
    steps = plan.steps.values_list("answer", flat=True)
    form = BulkAssignmentForm(request.POST, city=member.city, answers=list(steps))
    if form.is_valid():
        data = form.cleaned_data
        try:
            count = assign_in_bulk(
                assessment=assessment,
                answer_ids=data["answers"],
                opd=data["opd"],
                is_lead=data["part"] == BulkAssignmentForm.AS_LEAD,
                due_on=data["due_on"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = ngettext(
                "%(count)d langkah ditugaskan kepada %(opd)s.",
                "%(count)d langkah ditugaskan kepada %(opd)s.",
                count,
            )
            messages.success(request, sentence % {"count": count, "opd": data["opd"]})
            return redirect("plans:plan_detail", member.city.slug, year, pk)
    return _render(request, member, plan, form)


@require_POST
@city_view(Permission.MANAGE_PLANS)
def plan_remove(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    plan = get_plan_or_404(member, assessment, pk)
    try:
        remove_plan(plan_id=plan.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        sentence = _("Rencana “%(name)s” dihapus. Penugasan dan dokumennya tetap ada.")
        messages.success(request, sentence % {"name": plan})
    return redirect("plans:plan_list", member.city.slug, year)


def get_plan_or_404(member: Membership, assessment: Assessment, pk: int) -> Plan:
    plans = Plan.objects.visible_to(member).select_related("assessment__city", "by")
    return get_object_or_404(
        plans.select_related("assessment__instrument", "assessment__band_table"),
        assessment=assessment,
        pk=pk,
    )


def _render(
    request: HttpRequest, member: Membership, plan: Plan, form: BulkAssignmentForm
) -> HttpResponseBase:
    board = plan_board(plan, today=timezone.localdate())
    chart = plan_chart(board)
    file = chart_file(request, [chart], f"{member.city.slug}-{plan.assessment.year}")
    if file is not None:
        return file
    ticked = request.POST.getlist("answers")
    context = {
        "member": member,
        "assessment": plan.assessment,
        "page": "plans",
        "board": board,
        "chart": chart,
        "form": form,
        "ticked": {row.answer.pk for row in board.rows if str(row.answer.pk) in ticked},
        "may_assign": member.may(Permission.ASSIGN_QUESTIONS)
        and "assign" in plan.assessment.actions,
    }
    return render(request, "plans/plan_detail.html", context)
