"""The gate in front of every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

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


def own_transactions(view: View) -> View:
    """Mark a page that is not run in one transaction with the token of its form (kla/once.py).

    For what takes its time over files or another server, while nobody else should have to wait; it
    sees to it by itself that the same thing sent twice is done once.
    """
    view.own_transactions = True  # type: ignore[attr-defined]
    return view
