"""The trail of a city's people and places: its only writer, and its lines for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities import chain
from cities.address import current_address
from cities.changes import differing
from cities.models import City, CityActivity, CityTrailEvent, User

COLUMNS = (
    _("No."),
    _("Waktu"),
    _("Nama"),
    _("E-mail"),
    _("Alamat"),
    _("Perbuatan"),
    _("Mengenai"),
    _("Sebelum"),
    _("Sesudah"),
    _("Sidik"),
)


# --- Writing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What a deed did to whom, under the keys of `models.CHANGED`; values are text or None.

    Only what differs is kept.
    """

    deed: CityTrailEvent
    target: str
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


def hold(city_id: int) -> City:
    """Let nobody else change the city, its OPDs or its members meanwhile.

    Every deed of a city does this before it locks anything else, so that no two ever wait for
    each other. Must be called inside a transaction.
    """
    return City.objects.select_for_update(of=("self",), no_key=True).get(pk=city_id)


def record(*told: Told, city: City, by: User, at: datetime) -> None:
    """Add lines to the trail of a city, in the transaction of the deed itself.

    They take the city's lock, which the deeds hold already: no two lines can ever follow the
    same one, whoever calls.
    """
    hold(city.pk)
    last = city.activities.order_by("-position").values_list("position", "hash").first()
    before_these, previous_hash = last or (0, chain.START)
    rows = []
    for position, one in enumerate(told, before_these + 1):
        before, after = differing(one.before, one.after)
        row = CityActivity(
            city=city,
            position=position,
            deed=one.deed,
            target=one.target,
            before=before,
            after=after,
            by=by,
            at=at,
            address=current_address(),
            previous_hash=previous_hash,
        )
        row.hash = previous_hash = chain.digest(row.line)
        rows.append(row)
    CityActivity.objects.bulk_create(rows)


# --- Reading ----------------------------------------------------------------------------------


def trail_rows(
    city: City, *, by: User | None = None, since: date | None = None, until: date | None = None
) -> QuerySet[CityActivity]:
    """The lines of a city, newest first; both days belong to it, meant in the city's zone."""
    rows = CityActivity.objects.filter(city=city)
    if by:
        rows = rows.filter(by=by)
    if since:
        rows = rows.filter(at__gte=datetime.combine(since, time.min, city.zone))
    if until:
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, city.zone))
    return rows.select_related("by").order_by("-position")


def exported(rows: QuerySet[CityActivity], city: City) -> Iterator[list[str | int]]:
    """The lines as values of the `COLUMNS`, read from the database piece by piece."""
    for row in rows.iterator(chunk_size=500):
        changes = row.changes
        yield [
            row.position,
            row.at.astimezone(city.zone).isoformat(timespec="seconds"),
            row.by.name,
            row.by.email,
            row.address or "",
            str(row.get_deed_display()),
            row.target,
            "; ".join(f"{change.label}: {change.before}" for change in changes),
            "; ".join(f"{change.label}: {change.after}" for change in changes),
            row.hash,
        ]
