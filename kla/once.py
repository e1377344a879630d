"""Each form does its deed once: its token is taken in the same transaction as the deed.

A second arrival of the same form, also at the same moment, is led to where the first one led. What
was refused was not done: its form may be sent again. A form without a token, from a script or a
page of before, is treated as ever. Why so, and not otherwise: docs/decisions/0037.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cities.models import SentForm
from cities.services.sent_forms import claim, done, release
from kla.form_tokens import CSRF_FIELD, FIELD, owner_of

View = Callable[..., HttpResponseBase]

TAKEN_COOKIE = "kla_taken"  # which forms the server has taken, for the drafts in the browser
TAKEN_MOST = 8
TAKEN_SECONDS = 24 * 60 * 60


class OneDeedPerForm:
    """Runs the view of a form that has a token; the last of the middlewares, for it is the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # What allauth makes of its own exceptions, which a view called from here would pass by.
        self.answer_to = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        token = _token_of(request, view)
        if token is None:
            return None
        try:
            if request.FILES or getattr(view, "own_transactions", False):
                response = view(request, *args, **kwargs)
            else:
                response = _once(
                    request, key_of(request, token), lambda: view(request, *args, **kwargs)
                )
        except Exception as error:
            response = self.answer_to(request, error)
            if response is None:
                raise
            return response
        if done_at(response):
            _tell_taken(request, response, token)
        return response


def _token_of(request: HttpRequest, view: View) -> str | None:
    """The token, where it is of this person and the view is one of those that people sign in for."""
    if request.method != "POST" or not getattr(view, "login_required", True) or is_account(view):
        return None
    token = request.POST.get(FIELD, "")
    if not request.user.is_authenticated or owner_of(token) != request.user.pk:
        return None
    return token


def is_account(view: View) -> bool:
    """Whether it is one of allauth's or derived from them: they count attempts and hold passwords."""
    module = getattr(view, "__module__", "")
    return module == "kla.sso" or module.partition(".")[0] == "allauth"


def key_of(request: HttpRequest, token: str) -> str:
    """The SHA-256 of the form as it was filled in, as 64 hexadecimal digits."""
    filled = sorted((name, many) for name, many in request.POST.lists() if name != CSRF_FIELD)
    said = repr((token, request.path, filled))
    return hashlib.sha256(said.encode()).hexdigest()


def _once(request: HttpRequest, key: str, deed: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with transaction.atomic():
        sent, is_new = claim(key=key, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        if is_new:
            return _settled(sent, deed())
    sentence = _("Formulir ini sudah terkirim sebelumnya, jadi tidak disimpan dua kali.")
    messages.info(request, sentence)
    return HttpResponseRedirect(sent.location)


def _settled(sent: SentForm, response: HttpResponseBase) -> HttpResponseBase:
    """The answer, after the form was noted as done or given back."""
    location = done_at(response)
    if location:
        done(sent, location=location)
    elif not connection.needs_rollback:  # else the claim goes with the rest
        release(sent)
    return response


def done_at(response: HttpResponseBase) -> str:
    """Where the deed leads that was done; empty where it was not done.

    An answer that is no redirect says so itself (`cities.access.done_without_leading_on`).
    """
    if leads_on(response):
        return str(response.headers["Location"])
    return str(getattr(response, "deed_done_at", ""))


def leads_on(response: HttpResponseBase) -> bool:
    """Whether the deed was done: the answer leads on to a page of ours, and not to a sign-in."""
    location = response.get("Location", "")
    if response.status_code not in (302, 303):
        return False
    if not url_has_allowed_host_and_scheme(location, allowed_hosts=None):
        return False
    try:
        return not is_account(resolve(location.partition("?")[0].partition("#")[0]).func)
    except Resolver404:
        return True


def _tell_taken(request: HttpRequest, response: Any, token: str) -> None:
    """Tell the browser that this form needs no draft any more (static/js/drafts.js)."""
    before = request.COOKIES.get(TAKEN_COOKIE, "").split("~")
    name = token.partition(":")[0]
    kept = [*[one for one in before if one and one != name][-TAKEN_MOST + 1 :], name]
    response.set_cookie(
        TAKEN_COOKIE,
        "~".join(kept),
        max_age=TAKEN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
