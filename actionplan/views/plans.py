"""The plans of a city: their list, and the data of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actionplan.forms.plans import PlanForm
from actionplan.models import ActionPlan
from actionplan.services.plans import change_plan, record_plan, remove_link
from actionplan.views.shared import context_of, plan_or_404
from assessments.models import Assessment
from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def plan_list(request: HttpRequest, member: Membership) -> HttpResponse:
    plans = ActionPlan.objects.visible_to(member).select_related("city", "legal_basis")
    return render(request, "actionplan/plan_list.html", context_of(member, plans=list(plans)))


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def guide(request: HttpRequest, member: Membership) -> HttpResponse:
    """One page for whoever plans and whoever reports, to be printed."""
    return render(request, "actionplan/guide.html", context_of(member))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def plan_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """A new plan; its indicators are those of the year at work."""
    current = Assessment.objects.current(member.city)
    if current is None:
        raise Http404
    form = PlanForm(request.POST or None, city=member.city, save=_("Catat RAD"))
    if form.is_valid():
        plan = done(
            form,
            lambda: record_plan(
                city=member.city,
                instrument=current.instrument,
                facts=form.facts,
                by=member.user,
                at=timezone.now(),
            ),
        )
        if plan is not None:
            messages.success(request, _("RAD tercatat. Tambahkan aksinya."))
            return redirect(plan)
    cancel_url = reverse("actionplan:plan_list", args=[member.city.slug])
    context = context_of(
        member, assessment=current, form=form, cancel_url=cancel_url, title=_("Catat RAD")
    )
    return render(request, "actionplan/form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def plan_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    form = PlanForm(
        request.POST or None,
        initial=PlanForm.initial_of(plan),
        city=member.city,
        save=_("Simpan"),
    )
    if form.is_valid():
        deed = lambda: change_plan(  # noqa: E731
            plan_id=plan.pk, facts=form.facts, by=member.user, at=timezone.now()
        )
        if done(form, deed) is not None:
            messages.success(request, _("Data RAD tersimpan."))
            return redirect(plan)
    cancel_url = plan.get_absolute_url()
    context = context_of(member, plan, form=form, cancel_url=cancel_url, title=_("Ubah data RAD"))
    return render(request, "actionplan/form.html", context)


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def link_remove(request: HttpRequest, member: Membership, pk: int, link_pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    link = get_object_or_404(plan.links, pk=link_pk)
    remove_link(plan_id=plan.pk, link_id=link.pk, by=member.user, at=timezone.now())
    messages.success(request, _("Kaitan dihapus."))
    return redirect(plan)
