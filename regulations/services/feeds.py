"""Taking over what a city's JDIH lists: each entry beside the register; nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from datetime import date

from django.utils.translation import gettext as _

from cities.models import Membership
from cities.roles import Permission
from figures.numbers import format_date
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from regulations.jdih import FeedEntry, read_feed
from regulations.models import Regulation
from regulations.services.regulations import RegulationFacts, add_regulation, rewrite_regulation


def read_entries(content: bytes, _name: str = "") -> Reading:
    """The entries of a feed. Raises ValidationError as `jdih.read_feed` does."""
    feed = read_feed(content)
    faults = [
        _("Baris %(line)d: %(fault)s") % {"line": one.line, "fault": one.message}
        for one in feed.faults
    ]
    return Reading([_as_json(entry) for entry in feed.entries], faults)


def _lines(staged: StagedImport, _member: Membership) -> Iterator[Line]:
    """In one query. What the feed lists twice counts once, the first time."""
    known = list(Regulation.objects.filter(city=staged.city_id))
    by_id = {one.jdih_id: one for one in known if one.jdih_id}
    by_number = {(one.kind, one.number.casefold(), one.year): one for one in known}
    seen: set[object] = set()
    for entry in _entries(staged):
        place = (entry.kind, entry.number.casefold(), entry.year)
        names = {place, entry.jdih_id or place}
        if names & seen:
            continue
        seen |= names
        found = by_number.get(place) or by_id.get(entry.jdih_id)
        yield _line(entry, found)


def _line(entry: FeedEntry, known: Regulation | None) -> Line:
    key, item = str(entry.line), (entry, known)
    if known is None:
        name = f"{entry.number} ({entry.year}) {entry.title}"
        return Line(key, name, Standing.NEW, item=item)
    differences = _differences(known, entry)
    standing = Standing.CONFLICT if differences else Standing.SAME
    return Line(key, str(known), standing, differences, item=item)


def _take(confirmed: Confirmed) -> None:
    """What the feed does not say, the register keeps."""
    city = confirmed.city
    for line in confirmed.lines:
        entry, known = line.item
        if known is None:
            add_regulation(city, _facts(entry), by=confirmed.by, at=confirmed.at)
        else:
            facts = _facts(entry, known)
            rewrite_regulation(known, city, facts, by=confirmed.by, at=confirmed.at)


FEED = ImportKind("regulations.feed", Permission.MANAGE_REGULATIONS, _lines, _take)


def _facts(entry: FeedEntry, known: Regulation | None = None) -> RegulationFacts:
    """What the entry says, and of what it does not say, what is known."""
    facts = RegulationFacts(
        kind=entry.kind,
        number=entry.number,
        year=entry.year,
        title=entry.title,
        promulgated_on=entry.promulgated_on,
        address=entry.address,
        jdih_id=entry.jdih_id,
    )
    if known is None:
        return facts
    unsaid = [field.name for field in fields(facts) if not getattr(facts, field.name)]
    return replace(facts, **{name: getattr(known, name) for name in unsaid})


def _differences(known: Regulation, entry: FeedEntry) -> list[Difference]:
    pairs = [
        (_("Nomor"), known.number, entry.number),
        (_("Tahun"), str(known.year), str(entry.year)),
        (_("Tentang"), known.title, entry.title),
        (_("Diundangkan"), _day(known.promulgated_on), _day(entry.promulgated_on)),
        (_("Alamat JDIH"), known.address, entry.address),
    ]
    return [
        Difference(label, here, there) for label, here, there in pairs if there and here != there
    ]


def _day(day: date | None) -> str:
    return format_date(day) if day else ""


def _as_json(entry: FeedEntry) -> dict[str, object]:
    day = entry.promulgated_on
    return asdict(entry) | {"promulgated_on": day.isoformat() if day else None}


def _entries(staged: StagedImport) -> Iterator[FeedEntry]:
    for row in staged.rows:
        day = row["promulgated_on"]
        yield FeedEntry(**row | {"promulgated_on": date.fromisoformat(day) if day else None})
