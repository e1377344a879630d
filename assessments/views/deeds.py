"""Doing a deed from a page, and saying what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

Result = TypeVar("Result")


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
