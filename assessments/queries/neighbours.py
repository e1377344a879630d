"""Where a city stands in the nation by its award, and who stands beside it.

Only what was published decides: whoever works with totals sees those of some cities alone, and an
order that mixed both would put these cities above others for no reason.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.queries.nation import CityRow

BESIDE = 5  # cities that are shown on either side
MOST = 3  # own cities that are shown so; who sees them all wants the table


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A city among those that stand next to it by predikat, names deciding between equals."""

    own: CityRow
    rows: Sequence[CityRow]  # the own one among them; empty without a known award
    higher: int  # cities with a higher predikat
    equal: int  # other cities with the same


def neighbourhoods(counted: Sequence[CityRow]) -> list[Neighbourhood]:
    """One for each city that the reader may open; none where these are more than MOST."""
    own = [one for one in counted if one.place.is_open]
    if len(own) > MOST:
        return []
    ladder = sorted(counted, key=_standing)
    standings = [_standing(one) for one in ladder]
    return [_neighbourhood(one, ladder, standings) for one in own]


def _neighbourhood(
    own: CityRow, ladder: Sequence[CityRow], standings: Sequence[tuple[int, str, str]]
) -> Neighbourhood:
    if own.rank < 0:
        return Neighbourhood(own, [], 0, 0)
    at = bisect_left(standings, _standing(own))
    ranks = [-one.rank for one in ladder]
    higher = bisect_left(ranks, -own.rank)
    through = bisect_right(ranks, -own.rank)
    rows = [one for one in ladder[max(at - BESIDE, 0) : at + BESIDE + 1] if one.award]
    return Neighbourhood(own, rows, higher, through - higher - 1)


def _standing(one: CityRow) -> tuple[int, str, str]:
    return -one.rank, one.place.name, one.place.slug
