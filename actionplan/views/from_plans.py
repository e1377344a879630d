"""The way from a saved plan to a predikat into the RAD."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplan.services.from_plans import step_rows, take_steps, target_plan
from actionplan.views.shared import context_of
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from plans.models import Plan


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
