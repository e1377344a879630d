"""The gate in front of every page."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cities.models import City, Membership, User
from cities.roles import Permission, Role
from trail.address import coming_from

View = Callable[..., HttpResponseBase]

SIGNED_IN = "signed_in"  # what a page names that shows each person only their own things
SITE_ADMIN = "site_admin"


def person(request: HttpRequest) -> User:
    """The person signed in; the login middleware has already turned everybody else away."""
    return cast(User, request.user)


def membership_of(user: User, city_slug: str) -> Membership:
    """The user's membership in the city, or 404.

    A site administrator acts in every city with the rights of its administrator,
    unless a membership of their own says otherwise.
    """
    memberships = Membership.objects.select_related("user", "city__province", "opd")
    if not user.is_superuser:
        return get_object_or_404(memberships, user=user, city__slug=city_slug)
    own = memberships.filter(user=user, city__slug=city_slug).first()
    if own is not None:
        return own
    city = get_object_or_404(City.objects.select_related("province"), slug=city_slug)
    return Membership(user=user, city=city, role=Role.ADMIN_KOTA)


def city_view(permission: Permission) -> Callable[[View], View]:
    """Hand the view its Membership, or refuse.

    A stranger gets 404 and does not learn that the page exists.
    A member whose role lacks `permission` gets 403.
    Times on the page are the city's own (WIB, WITA or WIT); deeds keep the address they came from.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, city_slug: str, **kwargs: Any) -> HttpResponseBase:
            member = membership_of(person(request), city_slug)
            if not member.may(permission):
                raise PermissionDenied
            with timezone.override(member.city.zone), coming_from(request):
                return view(request, member, **kwargs)

        gate.permission = permission  # type: ignore[attr-defined]
        return gate

    return decorate


def signed_in_view(view: View) -> View:
    """Mark a page that anybody signed in may open."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def site_admin_view(view: View) -> View:
    """A page for site administrators; it does not exist for anybody else."""

    @wraps(view)
    def gate(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not person(request).is_superuser:
            raise Http404
        with coming_from(request):
            return view(request, **kwargs)

    gate.permission = SITE_ADMIN  # type: ignore[attr-defined]
    return gate


HELD = "held_post"  # what was typed into a form before the password was asked again


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person proved who they are in this session within the last fifteen minutes."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(one["at"] > since for one in get_authentication_records(request, person(request)))


def asks_again(view: View) -> View:
    """A deed of weight: asks for the password or the passkey when the last proof is old.

    Stands above every other decorator. What was typed waits in the session and is handed in at
    this very address afterwards, so that a refusal shows the form with its fields.
    """

    @wraps(view)
    def gate(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not recently_authenticated(request):
            return _ask_again(request)
        held = request.session.get(HELD)
        if request.method == "GET" and held and held["path"] == request.path:
            del request.session[HELD]
            if held["at"] > time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
                request.method, request.POST = "POST", QueryDict(held["post"])
        return view(request, **kwargs)

    gate.asks_again = True  # type: ignore[attr-defined]
    return gate


def _ask_again(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        post = request.POST.copy()
        post.pop("csrfmiddlewaretoken", None)
        request.session[HELD] = {"path": request.path, "post": post.urlencode(), "at": time.time()}
    methods = get_adapter().get_reauthentication_methods(person(request))
    if not methods:  # signed in elsewhere, with neither a password nor a factor here
        messages.info(request, _("Keluar, lalu masuk kembali untuk melanjutkan."))
        return redirect("account_logout")
    address = request.path if request.method == "POST" else request.get_full_path()
    return redirect(f"{methods[0]['url']}?{urlencode({'next': address})}")


def done_without_leading_on(response: HttpResponse, *, again: str) -> HttpResponse:
    """Mark the answer to a deed that is done though it is no redirect, for kla/once.py.

    For what is shown this once. The same form sent again is led to the address `again`.
    """
    response.deed_done_at = again  # type: ignore[attr-defined]
    return response


def own_transactions(view: View) -> View:
    """Mark a page that is not run in one transaction with the token of its form (kla/once.py).

    For what takes its time over files or another server, while nobody else should have to wait; it
    sees to it by itself that the same thing sent twice is done once.
    """
    view.own_transactions = True  # type: ignore[attr-defined]
    return view
