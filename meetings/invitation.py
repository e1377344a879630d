"""What an invitation says where it is not a letter: a message to share, and a calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from figures.numbers import format_zoned_moment

USUAL_LENGTH = timedelta(hours=2)  # of a meeting whose end is not known


class Invited(Protocol):
    """What is asked of a meeting."""

    pk: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    chair: str
    letter_number: str

    @property
    def agenda_items(self) -> list[str]: ...


def invitation_text(meeting: Invited, *, city: str, url: str) -> str:
    """The message, without anybody's name but the chair's; times by the clock of the city."""
    facts = {
        "title": meeting.title,
        "city": city,
        "moment": format_zoned_moment(meeting.starts_at),
        "place": meeting.place,
        "chair": meeting.chair,
        "number": meeting.letter_number,
        "url": url,
    }
    lines = [
        _("Yth. Bapak/Ibu anggota Gugus Tugas KLA %(city)s,") % facts,
        "",
        _("Mengundang hadir pada %(title)s") % facts,
        _("Waktu: %(moment)s") % facts,
        _("Tempat: %(place)s") % facts,
        _("Dipimpin: %(chair)s") % facts,
    ]
    if meeting.letter_number:
        lines.append(_("Surat: %(number)s") % facts)
    if meeting.agenda_items:
        lines += ["", _("Agenda:")]
        lines += [f"{number}. {item}" for number, item in enumerate(meeting.agenda_items, 1)]
    lines += [
        "",
        _("Bila berhalangan, mohon menugaskan wakil. Agenda dan suratnya: %(url)s") % facts,
        "",
        _("Gugus Tugas KLA %(city)s") % facts,
    ]
    return "\n".join(lines)


def calendar_file(meeting: Invited, *, city: str, host: str, url: str, at: datetime) -> bytes:
    """The meeting as an iCalendar file (RFC 5545) with one event, in UTC.

    Its UID stays the same, so that a file fetched again moves the event and adds none.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//KLA//Gugus Tugas//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"rapat-{meeting.pk}@{host}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", (meeting.ends_at or meeting.starts_at + USUAL_LENGTH).astimezone(UTC))
    event.add("summary", f"{meeting.title} – {city}")
    event.add("location", meeting.place)
    agenda = [f"{number}. {item}" for number, item in enumerate(meeting.agenda_items, 1)]
    event.add("description", "\n".join([*agenda, url]))
    event.add("url", url)
    calendar.add_component(event)
    return calendar.to_ical()
