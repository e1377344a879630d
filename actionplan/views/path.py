"""The city's path over years, and the way from a saved plan into the RAD."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplan.forms.plans import GoalForm
from actionplan.models import Action
from actionplan.queries.outcomes import outcome_sum, outcomes_of
from actionplan.queries.path import path_chart, path_lines, target_path
from actionplan.services.from_plans import step_rows, take_steps, target_plan
from actionplan.services.plans import set_year_goal
from actionplan.views.shared import context_of
from assessments.models import Assessment
from cities.access import city_view
from cities.models import Membership
from cities.permissions import require_permission
from cities.roles import Permission
from figures.downloads import chart_file, with_pictures
from figures.layout.line import line_drawing
from plans.models import Plan


@require_http_methods(["GET", "POST"])
@city_view(Permission.VIEW_ASSESSMENT)
def targets(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """Target predikat per year against what was reached, what is planned and what it costs."""
    current = Assessment.objects.current(member.city)
    predikats = [band.predikat for band in current.bands()] if current else []
    form = GoalForm(request.POST or None, predikats=predikats)
    if request.method == "POST":
        require_permission(member.user, member.city, Permission.MANAGE_ACTIONS)
        if form.is_valid():
            set_year_goal(city=member.city, **form.cleaned_data, by=member.user, at=timezone.now())
            messages.success(request, _("Target tersimpan."))
            return redirect("actionplan:targets", member.city.slug)
    path = target_path(member.city, current)
    lines = path_lines(path)
    pictures = {"jalur": partial(line_drawing, lines)} if lines else {}
    chart = with_pictures([path_chart(path)], pictures)["jalur"]
    file = chart_file(request, [chart], f"{member.city.slug}-target", pictures)
    if file is not None:
        return file
    context = context_of(
        member,
        assessment=current,
        page="targets",
        path=path,
        lines=lines,
        chart=chart,
        form=form,
        promised=outcome_sum(outcomes_of(Action.objects.filter(plan__city=member.city))),
    )
    return render(request, "actionplan/targets.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def from_plan(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    """The steps of a saved way beside the RAD of the year after; one button makes them actions."""
    plans = Plan.objects.visible_to(member).select_related(
        "assessment__city", "assessment__instrument"
    )
    plan = get_object_or_404(plans, pk=pk, assessment__year=year)
    rad = target_plan(plan)
    if request.method == "POST" and rad is not None:
        chosen = {int(one) for one in request.POST.getlist("langkah") if one.isdecimal()}
        try:
            actions = take_steps(
                plan_id=plan.pk, rad_id=rad.pk, chosen=chosen, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("actionplan:from_plan", member.city.slug, year, pk)
        words = _("%(count)d langkah menjadi aksi %(year)d. Isi pagunya.")
        messages.success(request, words % {"count": len(actions), "year": year + 1})
        return redirect(f"{rad.get_absolute_url()}?tahun={year + 1}")
    rows = step_rows(plan, rad) if rad else []
    context = context_of(
        member,
        rad,
        assessment=plan.assessment,
        way=plan,
        rows=rows,
        is_open=any(row.action is None for row in rows),
        next_year=year + 1,
    )
    return render(request, "actionplan/from_plan.html", context)
