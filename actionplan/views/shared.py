"""What the pages of a plan share."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from actionplan.models import Action, ActionPlan
from cities.models import Membership
from cities.roles import Permission


def context_of(member: Membership, plan: ActionPlan | None = None, **more: Any) -> dict[str, Any]:
    return {
        "member": member,
        "page": "actions",
        "plan": plan,
        "may_manage": member.may(Permission.MANAGE_ACTIONS),
        "may_report": member.may(Permission.REPORT_ACTIONS),
        "sees_all": member.may(Permission.VIEW_ASSESSMENT),
        **more,
    }


def plan_or_404(member: Membership, pk: int, *also: str) -> ActionPlan:
    """`also` names what a package above reads in the same query."""
    rows = ActionPlan.objects.visible_to(member).select_related(
        "city", "instrument", "legal_basis", *also
    )
    return get_object_or_404(rows, pk=pk)


def action_or_404(member: Membership, plan_pk: int, number: int, *also: str) -> Action:
    """With its plan, as `plan_or_404` gives it."""
    rows = Action.objects.visible_to(member).select_related(
        "indicator__cluster", "lead", "plan__city", "plan__instrument", "plan__legal_basis", *also
    )
    return get_object_or_404(rows, plan=plan_pk, number=number)
