"""A meeting with everything that its page and its paper show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetings.models import Addendum, Attendance, Decision, Meeting, Photo


@dataclass(frozen=True, slots=True)
class MinutesContent:
    """`checksum` is empty until the meeting is closed."""

    meeting: Meeting
    decisions: Sequence[Decision]
    attendances: Sequence[Attendance]
    photos: Sequence[Photo]
    addenda: Sequence[Addendum]
    checksum: str


def minutes_content(meeting: Meeting) -> MinutesContent:
    """In six queries, however much there is."""
    decisions = meeting.decisions.with_answer_state().select_related("owner_opd", "owner_member")
    return MinutesContent(
        meeting=meeting,
        decisions=list(decisions),
        attendances=list(meeting.attendances.all()),
        photos=list(meeting.photos.all()),
        addenda=list(meeting.addenda.select_related("by")),
        checksum=meeting.minutes_checksum() if meeting.is_closed else "",
    )
