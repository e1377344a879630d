"""Who was at a meeting: by a signature on their own phone, or written by the secretary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import CityTrailEvent, User
from cities.permissions import held_city, lock_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from meetings.models import Attendance, Meeting
from meetings.services.meetings import open_meeting
from texts.folding import folded
from texts.languages import deed

MOST = 400  # of one meeting: no hall holds more, and a leaked address fills no disk


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """`signature` is a PNG in base64 that `pictures.checked_signature` has looked at, or empty."""

    name: str
    institution: str
    post: str = ""
    deputy_for: str = ""
    signature: str = ""


@deed
def sign_attendance(*, meeting_id: int, round_: int, facts: AttendanceFacts, at: datetime) -> bool:
    """Whether somebody is new on the list; who signed before stays as they signed.

    For whoever holds the address of the meeting, which carries its round. Nobody is signed in, so
    the trail has no entry: the row itself is what was done, and closing seals it. Raises
    ValidationError (`closed`, `over`, `full`).
    """
    meeting = Meeting.objects.get(pk=meeting_id)
    lock_city(meeting.city_id)
    meeting = open_meeting(meeting)
    if meeting.attendance_round != round_:
        raise ValidationError(
            _lazy("Alamat daftar hadir ini sudah diganti. Pindai lagi kode QR di ruang rapat."),
            code="over",
        )
    _attendance, is_new = _add(meeting, facts, by=None, at=at)
    return is_new


@deed
def record_attendance(
    *, meeting: Meeting, facts: AttendanceFacts, by: User, at: datetime
) -> Attendance:
    """Write somebody on the list by hand. Raises ValidationError (`closed`, `known`, `full`)."""
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    attendance, is_new = _add(meeting, facts, by=by, at=at)
    if not is_new:
        raise ValidationError(
            _lazy("%(name)s sudah tercatat hadir."), code="known", params={"name": attendance}
        )
    entry = NewEntry(
        CityTrailEvent.MEETING_CHANGED, str(meeting), after={"attendance": str(attendance)}
    )
    record(entry, city=city, by=by, at=at)
    return attendance


@deed
def strike_attendance(*, attendance: Attendance, by: User, at: datetime) -> None:
    """Take somebody off the list who was written wrongly. Raises ValidationError (`closed`)."""
    city = held_city(attendance.meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(attendance.meeting)
    found = meeting.attendances.filter(pk=attendance.pk).first()
    if found is None:
        return
    entry = NewEntry(
        CityTrailEvent.MEETING_CHANGED, str(meeting), before={"attendance": str(found)}
    )
    record(entry, city=city, by=by, at=at)
    found.delete()


@deed
def renew_attendance_address(*, meeting: Meeting, by: User, at: datetime) -> None:
    """End every address behind the QR code that was shown. Raises ValidationError (`closed`)."""
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    Meeting.objects.filter(pk=meeting.pk).update(attendance_round=F("attendance_round") + 1)
    entry = NewEntry(
        CityTrailEvent.MEETING_CHANGED, str(meeting), after={"address": _("daftar hadir diganti")}
    )
    record(entry, city=city, by=by, at=at)


def _add(
    meeting: Meeting, facts: AttendanceFacts, *, by: User | None, at: datetime
) -> tuple[Attendance, bool]:
    """The row, and whether it is new; the city is held, so nobody comes in between."""
    name, institution = " ".join(facts.name.split()), " ".join(facts.institution.split())
    key = f"{folded(name)}|{folded(institution)}"
    known = meeting.attendances.filter(key=key).first()
    if known is not None:
        return known, False
    if meeting.attendances.count() >= MOST:
        raise ValidationError(
            _lazy("Daftar hadir sudah memuat %(most)d orang. Hubungi sekretaris rapat."),
            code="full",
            params={"most": MOST},
        )
    attendance = Attendance(
        meeting=meeting,
        name=name,
        institution=institution,
        post=" ".join(facts.post.split()),
        deputy_for=" ".join(facts.deputy_for.split()),
        key=key,
        signature=facts.signature,
        at=at,
        by=by,
    )
    attendance.full_clean(exclude=["meeting"])
    attendance.save()
    return attendance, True
