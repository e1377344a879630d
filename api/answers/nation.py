"""All cities on one ladder, by the awards that were published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessments.queries.nation import Move


@dataclass(frozen=True, slots=True)
class NationAward:
    """A predikat that `source`, a public one, says was awarded."""

    predikat: str
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class NationCity:
    """A city with its award of a year or the last known; what nobody published is null.

    `rank` counts the rungs of the ladder from the lowest, 1; null without an award, 0 for a predikat
    that the ladder does not have. `steps` are the rungs climbed since `before`. `slug`, and what is
    `proven` in `proven_year`, come only for cities that the account may open.
    """

    name: str
    province: str
    province_code: str
    slug: str | None
    award: NationAward | None
    before: NationAward | None
    rank: int | None
    steps: int | None
    move: Move | None
    proven: Decimal | None
    proven_year: int | None


@dataclass(frozen=True, slots=True)
class NationRung:
    predikat: str
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class NationShare:
    """Cities with a predikat; `key` is what `predikat` in the address calls it."""

    key: str
    name: str
    cities: int


@dataclass(frozen=True, slots=True)
class NationPlace:
    """A city that the account may open among all others, where its award is known."""

    slug: str
    predikat: str
    higher: int
    equal: int


@dataclass(frozen=True, slots=True)
class NationSummary:
    """How all cities, or those of a province, spread over the ladder; `moves` against the award
    before. `places` is empty for whoever may open more than three cities."""

    cities: int
    rungs: list[NationRung]
    shares: list[NationShare]
    moves: dict[str, int]
    places: list[NationPlace]
