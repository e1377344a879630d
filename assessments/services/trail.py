"""Whether the trail of a year still is what was written. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessments import chain
from assessments.models import Activity, Assessment


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a year's trail. Kept outside, it shows later that nothing was cut off."""

    city: str
    year: int
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.city} {self.year} {self.position} {self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a year's trail that is not as it was written."""

    city: str
    year: int
    position: int
    what: str

    def __str__(self) -> str:
        place = _("%(city)s %(year)d, baris %(position)d")
        facts = {"city": self.city, "year": self.year, "position": self.position}
        return f"{place % facts}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verified:
    head: Head | None  # None if there is not a single line
    broken: Break | None
    hashes: frozenset[str]  # of the sound lines


def verify_year(assessment: Assessment) -> Verified:
    """Recompute the chain of a year up to the first line that does not fit."""
    rows = Activity.objects.filter(assessment=assessment).order_by("position", "pk")
    city, year = assessment.city.slug, assessment.year
    hashes: set[str] = set()
    head: Head | None = None
    for row in rows.iterator():
        what = _what_is_wrong(row, head)
        if what:
            place = head.position + 1 if head else 1
            return Verified(head, Break(city, year, place, what), frozenset(hashes))
        head = Head(city, year, row.position, row.hash)
        hashes.add(row.hash)
    if head is None:
        return Verified(None, Break(city, year, 1, _("tidak ada satu baris pun")), frozenset())
    return Verified(head, None, frozenset(hashes))


def read_heads(lines: Iterable[str]) -> Iterator[Head]:
    """Heads as an earlier run printed them. Raises ValueError for a line that is not one."""
    for line in lines:
        if line.strip():
            city, year, position, digest = line.split()
            yield Head(city, int(year), int(position), digest)


def _what_is_wrong(row: Activity, before: Head | None) -> str:
    expected = before.position + 1 if before else 1
    previous = before.hash if before else chain.START
    moved_from = _moved_from(row)
    if moved_from is not None:
        return _("baris yang semula nomor %(was)d dipindahkan ke sini: %(row)s") % {
            "was": moved_from,
            "row": _named(row),
        }
    if chain.digest(row.line) != row.hash:
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


def _moved_from(row: Activity) -> int | None:
    """The number under which the row's hash is right, if that is another than it has now."""
    line = row.line
    if chain.digest(line) == row.hash:
        return None
    last = Activity.objects.filter(assessment=row.assessment_id).count() + 1
    numbers = (number for number in range(1, last + 1) if number != row.position)
    return next((n for n in numbers if chain.digest(replace(line, position=n)) == row.hash), None)


def _named(row: Activity) -> str:
    return f"#{row.pk} {row.deed} {row.at:%Y-%m-%d %H:%M:%S} UTC"
