"""The trail of a year for reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Activity, Assessment
from cities.models import User
from texts.searching import found

COLUMNS = (
    _("No."),
    _("Waktu"),
    _("Nama"),
    _("E-mail"),
    _("Alamat"),
    _("Perbuatan"),
    _("Pertanyaan"),
    _("Rincian"),
    _("Sebelum"),
    _("Sesudah"),
    _("Sidik"),
)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What narrows a trail; both days belong to it."""

    by: User | None = None
    deed: str = ""
    question: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def trail_rows(assessment: Assessment, wanted: TrailFilter, zone: ZoneInfo) -> QuerySet[Activity]:
    """The lines of a year, newest first, days meant in the city's zone."""
    rows = Activity.objects.filter(assessment=assessment)
    if wanted.by:
        rows = rows.filter(by=wanted.by)
    if wanted.deed:
        rows = rows.filter(deed=wanted.deed)
    if wanted.question:
        rows = rows.filter(answer__question__code=wanted.question)
    if wanted.text:
        rows = rows.filter(found(wanted.text, "detail"))
    if wanted.since:
        rows = rows.filter(at__gte=midnight(wanted.since, zone))
    if wanted.until:
        rows = rows.filter(at__lt=midnight(wanted.until + timedelta(days=1), zone))
    return rows.select_related("by", "answer__question").order_by("-position")


def exported(rows: QuerySet[Activity], zone: ZoneInfo) -> Iterator[list[str | int]]:
    """The lines as values of the `COLUMNS`, read from the database piece by piece."""
    for row in rows.iterator(chunk_size=500):
        changes = row.changes
        yield [
            row.position,
            row.at.astimezone(zone).isoformat(timespec="seconds"),
            row.by.name,
            row.by.email,
            row.address or "",
            str(row.get_deed_display()),
            row.answer.question.code if row.answer else "",
            row.detail,
            "; ".join(f"{change.label}: {change.before}" for change in changes),
            "; ".join(f"{change.label}: {change.after}" for change in changes),
            row.hash,
        ]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins in a city."""
    return datetime.combine(day, time.min, zone)
