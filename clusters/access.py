"""The gate in front of the pages on which instruments are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]

SITE_ADMIN = "site_admin"


def is_site_admin(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_superuser


def person(request: HttpRequest) -> AbstractBaseUser:
    """The person signed in; the login middleware has already turned everybody else away."""
    return cast(AbstractBaseUser, request.user)


def site_admin_view(view: View) -> View:
    """A page for those who make instruments; it does not exist for anybody else."""

    @wraps(view)
    def gate(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not is_site_admin(request):
            raise Http404
        return view(request, **kwargs)

    gate.permission = SITE_ADMIN  # type: ignore[attr-defined]
    return gate
