"""Lists of attendance whose time is over: the people go, the rows stay and count."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cities.models import CityTrailEvent, User
from cities.permissions import lock_city, require_site_admin
from cities.services.activity import NewEntry, record
from meetings.models import Attendance, Meeting
from texts.languages import deed


def lists_until(moment: datetime) -> QuerySet[Meeting]:
    """Meetings closed at that moment or before, of whose list the names are still there."""
    return Meeting.objects.filter(closed_at__lte=moment, names_removed_at=None).order_by("pk")


def remove_names(*, until: datetime, by: User, at: datetime) -> int:
    """Take names, whom they stood for, and signatures off the lists; how many lists.

    Each meeting by itself: what was done stays done, and a second run finds nothing. Raises
    PermissionDenied.
    """
    require_site_admin(by)
    pks = list(lists_until(until).values_list("pk", flat=True))
    return sum(_remove_names_of(pk, by=by, at=at) for pk in pks)


@deed
def _remove_names_of(pk: int, *, by: User, at: datetime) -> bool:
    """Whether they were still there now that the city is held."""
    city = lock_city(Meeting.objects.values_list("city", flat=True).get(pk=pk))
    meeting = Meeting.objects.select_related("city").get(pk=pk)
    if meeting.names_removed_at is not None:
        return False
    # What was closed before seals were stored gets them now, while the list is whole.
    meeting.checksum, meeting.attendance_checksum = (
        meeting.minutes_checksum(),
        meeting.attendance_seal(),
    )
    rows = list(meeting.attendances.all())
    for row in rows:
        row.forget_person()
    Attendance.objects.bulk_update(rows, ["name", "deputy_for", "signature", "key"])
    meeting.names_removed_at = at
    meeting.save(update_fields=["checksum", "attendance_checksum", "names_removed_at"])
    facts = {
        "attendance": _("nama dan tanda tangan %(count)d orang dihapus") % {"count": len(rows)},
        "checksum": meeting.checksum,
        "list_checksum": meeting.attendance_checksum,
    }
    entry = NewEntry(CityTrailEvent.DATA_REMOVED, str(meeting), after=facts)
    record(entry, city=city, by=by, at=at)
    return True
