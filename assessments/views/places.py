"""Where somebody came from, so that the way back leads to the same place of the same list."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse

from cities.models import Membership


def remember_tasks(request: HttpRequest, member: Membership) -> None:
    """Keep the filters of a person's tasks; written only when they change."""
    key, filters = _key(member), request.GET.urlencode()
    if request.session.get(key, "") != filters:
        request.session[key] = filters


def way_to_tasks(request: HttpRequest, member: Membership, code: str) -> str:
    """The tasks as the person left them, at the line of that question."""
    address = reverse("assessments:task_list", args=[member.city.slug])
    filters = request.session.get(_key(member), "")
    return f"{address}{'?' if filters else ''}{filters}#tugas-{quote(code)}"


def _key(member: Membership) -> str:
    return f"tasks-{member.city.slug}"
