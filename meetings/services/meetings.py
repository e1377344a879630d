"""Meetings: recorded, their minutes written by several people, closed and never changed again.

Every service holds the city, so that minutes, decisions and closing stand in one order.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_zoned_moment
from meetings.models import Addendum, Meeting, Photo
from meetings.pictures import PhotoFile
from texts.languages import deed

MOST_PHOTOS = 8


class StaleMinutesError(ValidationError):
    """Somebody else stored minutes since they were opened; `stored` has theirs."""

    def __init__(self, stored: Meeting) -> None:
        super().__init__(
            _(
                "%(name)s menyimpan notula ini sesudah Anda membukanya. Gabungkan kedua isi, "
                "lalu simpan lagi; tidak ada yang ditimpa."
            ),
            code="stale",
            params={"name": stored.minutes_by},
        )
        self.stored = stored


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What an invitation says; invited and agenda are lines."""

    kind: str
    title: str
    starts_at: datetime
    place: str
    chair: str
    ends_at: datetime | None = None
    letter_number: str = ""
    invited: str = ""
    agenda: str = ""


@deed
def record_meeting(*, city: City, facts: MeetingFacts, by: User, at: datetime) -> Meeting:
    city = held_city(city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = Meeting(city=city, at=at, by=by)
    _write(meeting, facts)
    entry = NewEntry(CityTrailEvent.MEETING_RECORDED, str(meeting), after=_of_meeting(meeting))
    record(entry, city=city, by=by, at=at)
    return meeting


@deed
def change_meeting(*, meeting: Meeting, facts: MeetingFacts, by: User, at: datetime) -> Meeting:
    """Raises ValidationError (`closed`)."""
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    target, before = str(meeting), _of_meeting(meeting)
    _write(meeting, facts)
    after = _of_meeting(meeting)
    if before != after:
        entry = NewEntry(CityTrailEvent.MEETING_CHANGED, target, before, after)
        record(entry, city=city, by=by, at=at)
    return meeting


@deed
def save_minutes(*, meeting: Meeting, text: str, seen: int, by: User, at: datetime) -> Meeting:
    """Store the minutes; `seen` is the revision that they were written from.

    The same words again store nothing. Leaves no entry, for minutes are saved every few seconds:
    closing them does, with their checksum. Raises StaleMinutesError and ValidationError
    (`closed`).
    """
    held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    text = text.replace("\r\n", "\n")
    if meeting.minutes == text:
        return meeting
    if meeting.revision != seen:
        raise StaleMinutesError(meeting)
    meeting.minutes, meeting.revision = text, meeting.revision + 1
    meeting.minutes_at, meeting.minutes_by = at, by
    meeting.full_clean(exclude=["city"])
    meeting.save(update_fields=["minutes", "revision", "minutes_at", "minutes_by"])
    return meeting


@deed
def close_meeting(*, meeting: Meeting, seen: int, by: User, at: datetime) -> Meeting:
    """Make minutes, attendance and decisions final.

    Raises ValidationError (`closed`, `early`, `empty`, `nobody`, `incomplete`) and
    StaleMinutesError where the minutes are not those that the person saw.
    """
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    if meeting.revision != seen:
        raise StaleMinutesError(meeting)
    attended = _require_complete(meeting, at)
    meeting.closed_at, meeting.closed_by = at, by
    meeting.checksum, meeting.attendance_checksum = (
        meeting.minutes_checksum(),
        meeting.attendance_seal(),
    )
    meeting.save(update_fields=["closed_at", "closed_by", "checksum", "attendance_checksum"])
    facts = {
        "attendance": _("%d orang") % attended,
        "note": _("%d keputusan") % meeting.decisions.count(),
        "checksum": meeting.checksum,
        "list_checksum": meeting.attendance_checksum,
    }
    entry = NewEntry(CityTrailEvent.MEETING_CLOSED, str(meeting), after=facts)
    record(entry, city=city, by=by, at=at)
    return meeting


@deed
def amend_minutes(*, meeting: Meeting, text: str, by: User, at: datetime) -> Addendum:
    """Say a correction beside closed minutes. Raises ValidationError (`open`, `empty`)."""
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = Meeting.objects.select_related("city").get(pk=meeting.pk)
    if not meeting.is_closed:
        raise ValidationError(
            _lazy("Notula ini belum ditutup. Perbaiki langsung pada notulanya."), code="open"
        )
    if not text.strip():
        raise ValidationError(_lazy("Tuliskan apa yang ditambahkan."), code="empty")
    addendum = Addendum(meeting=meeting, text=text.strip(), at=at, by=by)
    addendum.full_clean()
    addendum.save()
    entry = NewEntry(CityTrailEvent.MINUTES_AMENDED, str(meeting), after={"note": addendum.text})
    record(entry, city=city, by=by, at=at)
    return addendum


@deed
def add_photo(*, meeting: Meeting, photo: PhotoFile, caption: str, by: User, at: datetime) -> Photo:
    """Add a picture that `pictures.small_photo` made. The same again is the one that is there.

    Raises ValidationError (`closed`, `too_many`).
    """
    city = held_city(meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(meeting)
    known = meeting.photos.filter(sha256=photo.sha256).first()
    if known is not None:
        return known
    if meeting.photos.count() >= MOST_PHOTOS:
        raise ValidationError(
            _lazy("Notula memuat paling banyak %(most)d foto. Hapus salah satu dahulu."),
            code="too_many",
            params={"most": MOST_PHOTOS},
        )
    added = Photo(meeting=meeting, caption=caption.strip(), at=at, by=by)
    added.content, added.sha256 = photo.content, photo.sha256
    added.full_clean()
    added.save()
    entry = NewEntry(CityTrailEvent.MEETING_CHANGED, str(meeting), after={"file": str(added)})
    record(entry, city=city, by=by, at=at)
    return added


@deed
def remove_photo(*, photo: Photo, by: User, at: datetime) -> None:
    """Raises ValidationError (`closed`)."""
    city = held_city(photo.meeting.city, by=by, permission=Permission.MANAGE_TASKFORCE)
    meeting = open_meeting(photo.meeting)
    found = meeting.photos.filter(pk=photo.pk).first()
    if found is None:
        return
    entry = NewEntry(CityTrailEvent.MEETING_CHANGED, str(meeting), before={"file": str(found)})
    record(entry, city=city, by=by, at=at)
    found.delete()


def open_meeting(meeting: Meeting) -> Meeting:
    """The row as it is now that the city is held. Raises ValidationError (`closed`)."""
    found = Meeting.objects.select_related("city", "minutes_by").get(pk=meeting.pk)
    if found.is_closed:
        raise ValidationError(
            _lazy(
                "Notula rapat ini sudah ditutup pada %(moment)s. Tulis koreksi sebagai tambahan."
            ),
            code="closed",
            params={"moment": format_zoned_moment(found.closed_at)},
        )
    return found


def _require_complete(meeting: Meeting, at: datetime) -> int:
    """How many attended. Raises ValidationError where the minutes are not whole."""
    if at < meeting.starts_at:
        raise ValidationError(
            _lazy("Rapat baru dimulai %(moment)s. Notula ditutup sesudah rapat."),
            code="early",
            params={"moment": format_zoned_moment(meeting.starts_at)},
        )
    if not meeting.minutes.strip():
        raise ValidationError(_lazy("Notula masih kosong. Tulis dahulu isinya."), code="empty")
    attended = meeting.attendances.count()
    if not attended:
        raise ValidationError(_lazy("Belum ada yang tercatat hadir."), code="nobody")
    lacking = [
        one.text[:60]
        for one in meeting.decisions.all()
        if one.due_on is None or (one.owner_opd_id is None and one.owner_member_id is None)
    ]
    if lacking:
        raise ValidationError(
            _lazy("Belum ada penanggung jawab atau tenggat pada keputusan: %(decisions)s."),
            code="incomplete",
            params={"decisions": "; ".join(f"“{one}”" for one in lacking)},
        )
    return attended


def _write(meeting: Meeting, facts: MeetingFacts) -> None:
    for field in fields(facts):
        setattr(meeting, field.name, getattr(facts, field.name))
    meeting.full_clean(exclude=["city"])
    meeting.save()


def _of_meeting(meeting: Meeting) -> dict[str, object]:
    return {
        "kind": meeting.get_kind_display(),
        "title": meeting.title,
        "starts_at": format_zoned_moment(meeting.starts_at),
        "until": format_zoned_moment(meeting.ends_at) if meeting.ends_at else None,
        "place": meeting.place,
        "head": meeting.chair,
        "number": meeting.letter_number or None,
        "agenda": meeting.agenda or None,
    }
