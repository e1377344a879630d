"""Whether the trails of years and cities still are what was written. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Activity, Assessment
from cities.models import City, CityActivity
from trail import hash_chain

OF_THE_CITY = "kota"  # where a head names the year, for the trail of members and OPDs

Row = Activity | CityActivity
Rows = QuerySet[Activity] | QuerySet[CityActivity]


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a trail. Kept outside, it shows later that nothing was cut off."""

    city: str
    year: str  # or OF_THE_CITY
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.city} {self.year} {self.position} {self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a trail that is not as it was written."""

    city: str
    year: str  # or OF_THE_CITY
    position: int
    what: str

    def __str__(self) -> str:
        place = _("%(city)s %(year)s, baris %(position)d")
        facts = {"city": self.city, "year": self.year, "position": self.position}
        return f"{place % facts}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verified:
    head: Head | None  # None if there is not a single line
    broken: Break | None
    hashes: frozenset[str]  # of the sound lines


def verify_year(assessment: Assessment) -> Verified:
    """Recompute the chain of a year; opening it is its first line, so there is always one."""
    rows = Activity.objects.filter(assessment=assessment).order_by("position", "pk")
    city, year = assessment.city.slug, str(assessment.year)
    verified = _verified(rows, city, year)
    if verified.head is None and verified.broken is None:
        return replace(verified, broken=Break(city, year, 1, _("tidak ada satu baris pun")))
    return verified


def verify_city(city: City) -> Verified:
    """Recompute the chain of a city's members and OPDs; most cities have had no deed yet."""
    rows = CityActivity.objects.filter(city=city).order_by("position", "pk")
    return _verified(rows, city.slug, OF_THE_CITY)


def _verified(rows: Rows, city: str, year: str) -> Verified:
    """Recompute a chain up to the first line that does not fit."""
    hashes: set[str] = set()
    head: Head | None = None
    for row in rows.iterator():
        what = _what_is_wrong(row, head, rows)
        if what:
            place = head.position + 1 if head else 1
            return Verified(head, Break(city, year, place, what), frozenset(hashes))
        head = Head(city, year, row.position, row.hash)
        hashes.add(row.hash)
    return Verified(head, None, frozenset(hashes))


def read_heads(lines: Iterable[str]) -> Iterator[Head]:
    """Heads as an earlier run printed them. Raises ValueError for a line that is not one."""
    for line in lines:
        if line.strip():
            city, year, position, digest = line.split()
            if year != OF_THE_CITY:
                int(year)
            yield Head(city, year, int(position), digest)


def _what_is_wrong(row: Row, before: Head | None, rows: Rows) -> str:
    expected = before.position + 1 if before else 1
    previous = before.hash if before else hash_chain.START
    moved_from = _moved_from(row, rows)
    if moved_from is not None:
        return _("baris yang semula nomor %(was)d dipindahkan ke sini: %(row)s") % {
            "was": moved_from,
            "row": _named(row),
        }
    if hash_chain.digest(row.line) != row.hash:
        return _("isinya diubah: %(row)s") % {"row": _named(row)}
    if row.position > expected:
        return _("%(count)d baris dihapus sebelum: %(row)s") % {
            "count": row.position - expected,
            "row": _named(row),
        }
    if row.position < expected:
        return _("baris disisipkan: %(row)s") % {"row": _named(row)}
    if row.previous_hash != previous:
        return _("tidak menyambung ke baris sebelumnya: %(row)s") % {"row": _named(row)}
    return ""


def _moved_from(row: Row, rows: Rows) -> int | None:
    """The number under which the row's hash is right, if that is another than it has now."""
    line = row.line
    if hash_chain.digest(line) == row.hash:
        return None
    last = rows.count() + 1
    numbers = (number for number in range(1, last + 1) if number != row.position)
    return next(
        (n for n in numbers if hash_chain.digest(replace(line, position=n)) == row.hash), None
    )


def _named(row: Row) -> str:
    return f"#{row.pk} {row.deed} {row.at:%Y-%m-%d %H:%M:%S} UTC"
