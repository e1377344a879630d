"""The gate in front of the pages on which instruments are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clusters.models import Instrument

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


def draft_view(view: View) -> View:
    """A page on which a draft is made; once it is published, people are led to what it became."""

    @site_admin_view
    @wraps(view)
    def gate(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        instrument = get_object_or_404(Instrument.objects.select_related("corrects"), code=code)
        if not instrument.is_draft:
            messages.warning(
                request,
                _("Instrumen ini sudah terbit dan tidak diubah lagi. Buat pembetulan bila perlu."),
            )
            return redirect("clusters:instrument_detail", code)
        return view(request, instrument, **kwargs)

    return gate
