"""The city's path over years."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplan.models import Action
from actionplan.views.shared import context_of
from assessments.models import Assessment
from cities.access import city_view
from cities.models import Membership
from cities.permissions import require_permission
from cities.roles import Permission
from figures.downloads import chart_file, with_pictures
from figures.layout.line import line_drawing
from monitoring.forms import GoalForm
from monitoring.queries.outcomes import outcome_sum, outcomes_of
from monitoring.queries.path import path_chart, path_lines, target_path
from monitoring.services.goals import set_year_goal


@require_http_methods(["GET", "POST"])
@city_view(Permission.VIEW_ASSESSMENT)
def targets(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """Target predikat per year against what was reached, what is planned and what it costs."""
    current = Assessment.objects.current(member.city)
    path = target_path(member.city, current)
    form = GoalForm(request.POST or None, predikats=path.predikats)
    if request.method == "POST":
        require_permission(member.user, member.city, Permission.MANAGE_ACTIONS)
        if form.is_valid():
            set_year_goal(city=member.city, **form.cleaned_data, by=member.user, at=timezone.now())
            messages.success(request, _("Target tersimpan."))
            return redirect("actionplan:targets", member.city.slug)
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
    return render(request, "monitoring/targets.html", context)
