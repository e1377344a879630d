"""The first page of the Gugus Tugas."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from meetings.models import Decision, Meeting
from meetings.queries.followup import waiting_decisions
from taskforce.models import Commitment, Decree
from taskforce.queries.composition import composition_board, current_of
from taskforce.views.base import context_of

MEETINGS_SHOWN = 3


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def overview(request: HttpRequest, member: Membership) -> HttpResponse:
    """Where the Gugus Tugas stands today: its decree, what it lacks, its meetings and decisions."""
    today, now = timezone.localdate(), timezone.now()
    meetings = Meeting.objects.visible_to(member).select_related("city")
    decrees = list(Decree.objects.visible_to(member).select_related("city", "document", "by"))
    context = context_of(
        member,
        board=composition_board(current_of(decrees, today), decrees, day=today),
        coming=meetings.filter(closed_at=None).order_by("starts_at")[:MEETINGS_SHOWN],
        past=meetings.filter(closed_at__isnull=False)[:MEETINGS_SHOWN],
        waiting=waiting_decisions(Decision.objects.visible_to(member), today=today),
        commitments=Commitment.objects.visible_to(member).count(),
        decrees=decrees,
        now=now,
    )
    return render(request, "meetings/overview.html", context)


@require_safe
@city_view(Permission.VIEW_TASKFORCE)
def guide(request: HttpRequest, member: Membership) -> HttpResponse:
    """One page for whoever runs the Gugus Tugas and its meetings, to be printed."""
    return render(request, "meetings/guide.html", context_of(member))
