"""How the lines of an uploaded table stand to what is stored. Knows no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbooks.merging import digest_of


class Standing(StrEnum):
    """What confirming the table does with a line."""

    NEW = "new"  # there is nothing of it yet: taken
    CHANGED = "changed"  # changes what nobody changed since the table went out: taken
    CONFLICT = "conflict"  # the site says something else: taken where somebody ticked it
    SAME = "same"
    REFUSED = "refused"  # can't be taken; its note says why


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the site and the table tell differently, as people read it."""

    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table beside what is stored.

    `key` names it within its table, `name` and `note` are for people, `item` is for whoever takes
    it over.
    """

    key: str
    name: str
    standing: Standing
    differences: Sequence[Difference] = ()
    note: str = ""
    item: Any = None

    def is_taken(self, ticked: Collection[str]) -> bool:
        if self.standing == Standing.CONFLICT:
            return self.key in ticked
        return self.standing in (Standing.NEW, Standing.CHANGED)


def by_standing(lines: Iterable[Line]) -> dict[Standing, list[Line]]:
    groups: dict[Standing, list[Line]] = {one: [] for one in Standing}
    for line in lines:
        groups[line.standing].append(line)
    return groups


def seen_of(lines: Iterable[Line]) -> str:
    """The fingerprint of a preview: another one means that confirming it would do something else."""
    return digest_of(
        [
            one.key,
            one.standing,
            one.note,
            *(f"{d.label}\x1d{d.here}\x1d{d.there}" for d in one.differences),
        ]
        for one in lines
    )
