"""Where somebody came from and goes on: back to the same place of a list, on to what is left to do."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse

from assessments.models import Answer
from cities.models import Membership

HANDED_IN = "terunggah"  # in the address of a question once a document was handed in


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


def after_handing_in(answer: Answer) -> str:
    """The question, with what is left to do now that a document is handed in."""
    return f"{answer.get_absolute_url()}?{HANDED_IN}=1"


def _key(member: Membership) -> str:
    return f"tasks-{member.city.slug}"
