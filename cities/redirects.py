"""Where a deed leads: to the page that asked for it, else to its own."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"


def next_or(request: HttpRequest, default: str) -> str:
    """The page of this site that the form or the address names; never another site's."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else default
