"""Taking over what a city's JDIH lists: read, looked at, then added; nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import City, User
from cities.permissions import held_city
from cities.roles import Permission
from figures.numbers import format_date
from regulations.jdih import FeedEntry, read_feed
from regulations.models import FeedImport, Regulation
from regulations.services.regulations import RegulationFacts, add_regulation, rewrite_regulation


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the register and the feed tell differently."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An entry beside what the register has of it: new, the same, or different."""

    entry: FeedEntry
    known: Regulation | None
    differences: list[Difference]

    @property
    def is_new(self) -> bool:
        return self.known is None


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    added: int
    changed: int


@transaction.atomic
def keep_feed(*, city: City, content: bytes, by: User, at: datetime) -> FeedImport:
    """Read a feed and keep it to be looked at; it takes the place of the person's one before.

    Raises ValidationError as `jdih.read_feed` does.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_REGULATIONS)
    feed = read_feed(content)
    FeedImport.objects.filter(city=city, by=by).delete()
    return FeedImport.objects.create(
        city=city,
        entries=[_as_json(entry) for entry in feed.entries],
        faults=[[fault.line, fault.message] for fault in feed.faults],
        at=at,
        by=by,
    )


def feed_rows(kept: FeedImport) -> list[FeedRow]:
    """What a feed would bring, in one query. What it lists twice counts once, the first time."""
    known = list(Regulation.objects.filter(city=kept.city_id))
    by_id = {one.jdih_id: one for one in known if one.jdih_id}
    by_number = {(one.kind, one.number.casefold(), one.year): one for one in known}
    rows, seen = [], set()
    for entry in _entries(kept):
        place = (entry.kind, entry.number.casefold(), entry.year)
        if place in seen:
            continue
        seen.add(place)
        found = by_number.get(place) or by_id.get(entry.jdih_id)
        rows.append(FeedRow(entry, found, [] if found is None else _differences(found, entry)))
    return rows


@transaction.atomic
def take_feed(
    *, kept_id: int, city: City, lines: Collection[int], by: User, at: datetime
) -> FeedOutcome:
    """Add what is new, and of what differs the `lines` that somebody ticked.

    What the feed does not say, the register keeps. Raises ValidationError (`taken`) where that
    was done already or a newer file took its place.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_REGULATIONS)
    kept = FeedImport.objects.filter(pk=kept_id, city=city, taken_at=None).first()
    if kept is None:
        raise ValidationError(
            _("Berkas JDIH ini sudah diambil atau diganti. Unggah lagi bila perlu."), code="taken"
        )
    added = changed = 0
    for row in feed_rows(kept):
        if row.known is None:
            add_regulation(city, _facts(row.entry), by=by, at=at)
            added += 1
        elif row.differences and row.entry.line in lines:
            rewrite_regulation(row.known, city, _facts(row.entry, row.known), by=by, at=at)
            changed += 1
    kept.taken_at = at
    kept.save(update_fields=["taken_at"])
    return FeedOutcome(added, changed)


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


def _entries(kept: FeedImport) -> Iterator[FeedEntry]:
    for row in kept.entries:
        day = row["promulgated_on"]
        yield FeedEntry(**row | {"promulgated_on": date.fromisoformat(day) if day else None})
