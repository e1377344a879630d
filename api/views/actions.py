"""The RAD: plans, their actions, and what was reported of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionplan.models import Action, ActionPlan, PlanLink
from actionplan.views.shared import plan_or_404
from api.answers.actions import (
    ActionEntry,
    PlanBudget,
    PlanCheck,
    PlanEntry,
    PlanLinkEntry,
    PlanYear,
)
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries import actions as told
from api.queries.budget import plan_budget
from api.queries.checks import plan_checks
from cities.roles import Permission
from monitoring.models import OF_CITY, rules_of


def _plan(call: Call, pk: int) -> ActionPlan:
    """With the rules of its city, as the pages of monitoring read it."""
    return plan_or_404(call.member, pk, f"city__{OF_CITY}")


def _plans(call: Call) -> Page[PlanEntry]:
    in_force = told.plan_in_force(call.member, timezone.localdate().year)

    def shown(found: Sequence[ActionPlan]) -> list[PlanEntry]:
        return told.plan_entries(found, in_force=in_force)

    rows = ActionPlan.objects.visible_to(call.member).select_related("instrument")
    return page_of(call.request, rows, key="pk", shown=shown)


def _actions(call: Call, plan: int) -> Page[ActionEntry]:
    found_plan, today = _plan(call, plan), timezone.localdate()
    rules = rules_of(found_plan.city)

    def shown(found: Sequence[Action]) -> list[ActionEntry]:
        return told.action_entries(found, found_plan, call.member, rules, today=today)

    rows = told.actions_of(call.member, found_plan)
    return page_of(call.request, rows, key="number", shown=shown)


def _links(call: Call, plan: int) -> Page[PlanLinkEntry]:
    rows = PlanLink.objects.filter(plan=_plan(call, plan))
    return page_of(call.request, rows, key="pk", shown=told.link_entries)


def _plan_of_year(call: Call, pk: int, year: int) -> ActionPlan:
    found = _plan(call, pk)
    if year not in found.years:
        raise Http404
    return found


def _checks(call: Call, plan: int, plan_year: int) -> list[PlanCheck]:
    found = _plan_of_year(call, plan, plan_year)
    return plan_checks(found, call.member, plan_year, today=timezone.localdate())


def _budget(call: Call, plan: int, plan_year: int) -> PlanBudget:
    found = _plan_of_year(call, plan, plan_year)
    return plan_budget(found, call.member, plan_year, today=timezone.localdate())


def _plan_year(call: Call, plan: int, plan_year: int) -> PlanYear:
    found = _plan_of_year(call, plan, plan_year)
    return told.plan_year(found, call.member, plan_year, today=timezone.localdate())


plans = resource(
    get=Endpoint(
        _plans,
        _("RAD kota, dan mana yang berlaku"),
        permission=Permission.VIEW_ACTIONS,
        returns=PlanEntry,
        is_page=True,
    )
)
actions = resource(
    get=Endpoint(
        _actions,
        _("Aksi RAD dengan pertanyaan, target, pagu, sumber dana, dan realisasi tiap triwulan"),
        permission=Permission.VIEW_ACTIONS,
        returns=ActionEntry,
        is_page=True,
    )
)
plan_year = resource(
    get=Endpoint(
        _plan_year,
        _("Jumlah pagu dan realisasi RAD dalam satu tahun"),
        permission=Permission.VIEW_ACTIONS,
        returns=PlanYear,
    )
)
links = resource(
    get=Endpoint(
        _links,
        _("Kaitan RAD dengan RPJMD, RKPD, Renstra, Renja, dan DPA"),
        permission=Permission.VIEW_ACTIONS,
        returns=PlanLinkEntry,
        is_page=True,
    )
)
plan_checks_of_year = resource(
    get=Endpoint(
        _checks,
        _("Hal dalam RAD yang biasa dikritik verifikator"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=PlanCheck,
        is_list=True,
    )
)
budget = resource(
    get=Endpoint(
        _budget,
        _("Anggaran RAD satu tahun menurut klaster, OPD, dan sumber dana, dan untuk anak"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=PlanBudget,
    )
)
