"""What the pages of the Gugus Tugas share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cities.models import Membership
from cities.roles import Permission


def context_of(member: Membership, **more: Any) -> dict[str, Any]:
    return {
        "member": member,
        "page": "taskforce",
        "may_manage": member.may(Permission.MANAGE_TASKFORCE),
        **more,
    }


def form_page(
    request: HttpRequest,
    member: Membership,
    form: forms.Form,
    *,
    title: str,
    back: str,
    back_to: str,
    lead: str = "",
    **more: Any,
) -> HttpResponse:
    """A page that is one form, with the way back; `more` is what else the layout can use."""
    context = context_of(member, form=form, title=title, lead=lead, **more)
    context |= {"cancel_url": back, "back_to": back_to}
    return render(request, "taskforce/form.html", context)
