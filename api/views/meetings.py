"""Meetings of the Gugus Tugas."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.meetings import MeetingEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.meetings import meeting_entries
from cities.roles import Permission
from meetings.models import Meeting


def _meetings(call: Call) -> Page[MeetingEntry]:
    today = timezone.localdate()

    def shown(found: Sequence[Meeting]) -> list[MeetingEntry]:
        return meeting_entries(found, call.member, today=today)

    return page_of(call.request, Meeting.objects.visible_to(call.member), key="pk", shown=shown)


meetings = resource(
    get=Endpoint(
        _meetings,
        _("Rapat dengan keputusan dan tindak lanjutnya"),
        permission=Permission.VIEW_TASKFORCE,
        returns=MeetingEntry,
        is_page=True,
    )
)
