"""What follows from counts of children: differences, and what is odd. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Odd:
    """A count that somebody must look at before it is stored, and what it was measured by."""

    count: int
    against: int


def excess(count: int | None, whole: int | None) -> Odd | None:
    """More than what it is part of, such as more certificates than children; None: unknown."""
    if count is None or whole is None or count <= whole:
        return None
    return Odd(count, whole)


def jump(count: int, before: int | None, *, percent: int | None, small: int) -> Odd | None:
    """A change of more than `percent` of `before`, the same cell a year earlier.

    Counts that both are below `small` jump without meaning anything. Both limits are settings, no
    source names them.
    """
    if before is None or percent is None or max(count, before) < small:
        return None
    return Odd(count, before) if HUNDRED * abs(count - before) > percent * before else None
