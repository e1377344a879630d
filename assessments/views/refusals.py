"""The status of a page that comes back with what was refused on it."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from assessments.services.overtaken import Overtaken

CONFLICT, FULL = 409, 507


def with_status(response: HttpResponse, refused: forms.BaseForm | ValidationError) -> HttpResponse:
    """409 where somebody was faster, 507 where the disk is full; else the response as it is."""
    for error in _errors(refused):
        if isinstance(error, Overtaken):
            response.status_code = CONFLICT
        elif error.code == "storage":
            response.status_code = FULL
    return response


def _errors(refused: forms.BaseForm | ValidationError) -> Iterable[ValidationError]:
    if isinstance(refused, ValidationError):
        return [refused]
    return [error for errors in refused.errors.as_data().values() for error in errors]
