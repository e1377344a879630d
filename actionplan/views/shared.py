"""What the pages of a plan share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from actionplan.models import Action, ActionPlan
from cities.models import Membership
from cities.roles import Permission

Result = TypeVar("Result")


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


def plan_or_404(member: Membership, pk: int) -> ActionPlan:
    visible = ActionPlan.objects.visible_to(member)
    return get_object_or_404(visible.select_related("city", "instrument", "legal_basis"), pk=pk)


def action_or_404(member: Membership, plan: ActionPlan, number: int) -> Action:
    visible = Action.objects.visible_to(member).filter(plan=plan)
    rows = visible.select_related("indicator__cluster", "lead", "plan__city")
    return get_object_or_404(rows, number=number)


def attempt(form: forms.Form, deed: Callable[[], Result]) -> Result | None:
    """What a deed returns; None where it was refused, which the form then says."""
    try:
        return deed()
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
