"""A meeting with everything that its page and its paper show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cities.models import Membership
from meetings.models import Addendum, Attendance, Decision, Meeting, Photo
from meetings.queries.subjects import told_decisions


@dataclass(frozen=True, slots=True)
class MinutesContent:
    """`checksum` is empty until the meeting is closed."""

    meeting: Meeting
    decisions: Sequence[Decision]
    attendances: Sequence[Attendance]
    photos: Sequence[Photo]
    addenda: Sequence[Addendum]
    checksum: str


def minutes_content(meeting: Meeting, member: Membership | None = None) -> MinutesContent:
    """In six queries and those of `told_decisions`, however much there is."""
    return MinutesContent(
        meeting=meeting,
        decisions=told_decisions(Decision.objects.filter(meeting=meeting), member),
        attendances=list(meeting.attendances.all()),
        photos=list(meeting.photos.all()),
        addenda=list(meeting.addenda.select_related("by")),
        checksum=meeting.minutes_checksum() if meeting.is_closed else "",
    )
