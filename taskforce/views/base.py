"""What the pages of the Gugus Tugas share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cities.models import Membership
from cities.roles import Permission

Result = TypeVar("Result")


def context_of(member: Membership, **more: Any) -> dict[str, Any]:
    return {
        "member": member,
        "page": "taskforce",
        "may_manage": member.may(Permission.MANAGE_TASKFORCE),
        **more,
    }


def done(form: forms.Form, deed: Callable[[], Result]) -> Result | None:
    """What the deed gave; None where the form was not sent or was refused, with the reason on it."""
    if not form.is_valid():
        return None
    try:
        return deed()
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None


def tried(request: HttpRequest, deed: Callable[[], object], said: str) -> None:
    """Do a deed that has no form of its own, and say what became of it on the next page."""
    try:
        deed()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)


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
