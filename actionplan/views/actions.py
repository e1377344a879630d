"""One action: its data, and what it is to reach in a year."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from actionplan.forms.actions import ActionForm, YearForm
from actionplan.models import ActionYear
from actionplan.queries.codes import code_answer
from actionplan.services.actions import change_action, record_action, remove_action, set_year
from actionplan.views.shared import action_or_404, context_of, plan_or_404
from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def action_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    last = plan.actions.aggregate(last=Max("number"))["last"] or 0
    initial = {"number": last + 1, "indicator": request.GET.get("indikator", "")}
    form = ActionForm(request.POST or None, initial=initial, plan=plan, save=_("Catat aksi"))
    if form.is_valid():
        action = done(
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
    action = action_or_404(member, pk, number)
    plan = action.plan
    code = code_answer(action, plan.year_near(timezone.localdate().year))
    form = ActionForm(
        request.POST or None,
        initial=ActionForm.initial_of(action),
        plan=plan,
        save=_("Simpan"),
        became=f"{action.code}: {code.change}" if code and code.change else "",
    )
    if form.is_valid():
        changed = done(
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
    action = action_or_404(member, pk, number)
    plan = action.plan
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
    action = action_or_404(member, pk, number)
    plan = action.plan
    if year not in plan.years:
        raise Http404
    row = ActionYear.objects.filter(action=action, year=year).first()
    form = YearForm(request.POST or None, initial=YearForm.initial_of(row))
    if form.is_valid():
        stored = done(
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
