"""Addresses that a view leads to when it is done."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cities.models import Membership

NEXT = "next"


def next_or(request: HttpRequest, default: str) -> str:
    """The page of this site that the form or the address names; never another site's."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else default


def city_url(name: str, member: Membership) -> str:
    """The page of the member's city with this name in `cities.urls`."""
    return reverse(f"cities:{name}", args=[member.city.slug])
