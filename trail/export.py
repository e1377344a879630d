"""A trail as the rows of a file; how a file is written stays with the page that sends it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from trail.models import TrailEntry


def export_header(model: type[TrailEntry]) -> list[str]:
    """The names of the columns of `export_rows`."""
    subject = [str(name) for name in model.SUBJECT_COLUMNS]
    who_and_what = [_("No."), _("Waktu"), _("Nama"), _("E-mail"), _("Alamat"), _("Aktivitas")]
    return [*who_and_what, *subject, _("Sebelum"), _("Sesudah"), _("Kode keaslian")]


def export_rows(entries: QuerySet[TrailEntry], zone: ZoneInfo) -> Iterator[list[str | int]]:
    """The entries with every fact, moments in the zone, read from the database in chunks."""
    for entry in entries.iterator(chunk_size=500):
        changes = entry.changes
        yield [
            entry.position,
            entry.at.astimezone(zone).isoformat(timespec="seconds"),
            entry.by.name,
            entry.by.email,
            entry.address or "",
            str(entry.get_deed_display()),
            *entry.subject,
            "; ".join(f"{change.label}: {change.before}" for change in changes),
            "; ".join(f"{change.label}: {change.after}" for change in changes),
            entry.hash,
        ]
