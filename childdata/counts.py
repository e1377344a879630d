"""What follows from counts of children: differences, and what is odd. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the units add up to, beside what the city says of itself.

    Units that did not report are no zero: while `missing` is not 0 the difference proves nothing.
    """

    units_total: int
    city_total: int | None
    missing: int

    @property
    def difference(self) -> int | None:
        """The city's total less the sum of its units; None where the city said none."""
        return None if self.city_total is None else self.city_total - self.units_total

    @property
    def agrees(self) -> bool:
        return self.missing == 0 and self.difference == 0


def compare(units: Iterable[int | None], city_total: int | None) -> Comparison:
    """`units` are the counts of all units of the city, None for one that did not report."""
    told = list(units)
    known = [count for count in told if count is not None]
    return Comparison(sum(known), city_total, len(told) - len(known))


class Oddity(StrEnum):
    ABOVE_WHOLE = "above_whole"  # more certificates than children: only with a note
    JUMP = "jump"  # far from last year: only with a note


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd in a count, and the count that it was measured by."""

    kind: Oddity
    count: int
    against: int


def oddities(
    count: int, *, whole: int | None, before: int | None, jump_percent: int | None, small: int
) -> list[Odd]:
    """What somebody must look at before `count` is stored.

    `whole` is what it is part of, `before` the same cell a year earlier, either None where unknown.
    A jump is a change of more than `jump_percent` of `before`; counts that both are below `small`
    jump without meaning anything. Both limits are settings, no source names them.
    """
    found = []
    if whole is not None and count > whole:
        found.append(Odd(Oddity.ABOVE_WHOLE, count, whole))
    if before is None or jump_percent is None or max(count, before) < small:
        return found
    if HUNDRED * abs(count - before) > jump_percent * before:
        found.append(Odd(Oddity.JUMP, count, before))
    return found
