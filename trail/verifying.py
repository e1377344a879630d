"""Whether a trail still is what was written. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trail import hash_chain
from trail.models import TrailEntry

# Owner, trail, position, hash, as `str(Head)` writes them.
HEAD = re.compile(r"\s*(\S+)\s+([a-z]+|\d+)\s+(\d+)\s+([0-9a-f]{64})\s*")


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a trail. Kept outside, it shows later that nothing was cut off."""

    owner: str  # whose trail it is, in a word
    trail: str  # which of the owner's trails: a number or a word
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.owner} {self.trail} {self.position} {self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a trail that is not as it was written."""

    owner: str
    trail: str
    position: int
    fault: str

    def __str__(self) -> str:
        place = _("%(owner)s %(trail)s, baris %(position)d")
        facts = {"owner": self.owner, "trail": self.trail, "position": self.position}
        return f"{place % facts}: {self.fault}"


@dataclass(frozen=True, slots=True)
class Verified:
    head: Head | None  # the last sound entry; None where there is none
    broken: Break | None
    hashes: frozenset[str]  # of the sound entries


def verify(
    entries: Iterable[TrailEntry], *, count: int, owner: str, trail: str, may_be_empty: bool = True
) -> Verified:
    """Recompute the chain of `entries`, in the order of their positions, up to the first break.

    `count` is the number of the entries, which are read only once. That entries are missing at
    the end shows only against a head that was kept outside.
    """
    hashes: set[str] = set()
    head: Head | None = None
    for entry in entries:
        fault = _fault(entry, head, count)
        if fault:
            position = head.position + 1 if head else 1
            return Verified(head, Break(owner, trail, position, fault), frozenset(hashes))
        head = Head(owner, trail, entry.position, entry.hash)
        hashes.add(entry.hash)
    if head is None and not may_be_empty:
        return Verified(None, Break(owner, trail, 1, _("tidak ada satu baris pun")), frozenset())
    return Verified(head, None, frozenset(hashes))


def read_heads(lines: Iterable[str]) -> Iterator[Head]:
    """Heads as an earlier run printed them. Raises ValueError for a line that is not one."""
    for line in lines:
        if not line.strip():
            continue
        found = HEAD.fullmatch(line)
        if found is None:
            raise ValueError(line)
        owner, trail, position, digest = found.groups()
        yield Head(owner, trail, int(position), digest)


def _fault(entry: TrailEntry, head: Head | None, count: int) -> str:
    """What is wrong with the entry that follows `head`; empty where nothing is."""
    expected = head.position + 1 if head else 1
    previous = head.hash if head else hash_chain.START
    facts: dict[str, object] = {"row": _named(entry)}
    if entry.compute_hash() != entry.hash:
        written_as = _position_of_hash(entry, count)
        if written_as is None:
            return _("isinya diubah: %(row)s") % facts
        return _("baris yang semula nomor %(was)d dipindahkan ke sini: %(row)s") % {
            **facts,
            "was": written_as,
        }
    if entry.position > expected:
        missing = entry.position - expected
        return _("%(count)d baris dihapus sebelum: %(row)s") % {**facts, "count": missing}
    if entry.position < expected:
        return _("baris disisipkan: %(row)s") % facts
    if entry.previous_hash != previous:
        return _("tidak menyambung ke baris sebelumnya: %(row)s") % facts
    return ""


def _position_of_hash(entry: TrailEntry, count: int) -> int | None:
    """The other position, up to one more than there are entries, for which its hash is right."""
    numbers = range(1, count + 2)
    return next((n for n in numbers if entry.compute_hash(position=n) == entry.hash), None)


def _named(entry: TrailEntry) -> str:
    return f"#{entry.pk} {entry.deed} {entry.at:%Y-%m-%d %H:%M:%S} UTC"
