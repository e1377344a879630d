"""The units of a city as a picture, where the city gave their boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cities.models import Membership
from territories.boundaries import (
    MOST_POSITIONS,
    Position,
    Projection,
    path_of,
    place_of_letter,
    simplified,
)
from territories.choices import UnitLevel
from territories.models import Unit, UnitBoundary
from territories.queries.ratings import Overview
from territories.rating import Rating


@dataclass(frozen=True, slots=True)
class MapArea:
    """A unit on the paper; `letter` is where the mark of its rating stands, if there is room."""

    unit: Unit
    rating: Rating
    path: str
    letter: Position | None


@dataclass(frozen=True, slots=True)
class UnitMap:
    """`bare` have no boundary; `absent` have one, but did not exist on the day of the year."""

    width: int
    height: int
    areas: Sequence[MapArea]
    outlines: Sequence[str]  # of kecamatan
    bare: Sequence[tuple[Unit, Rating]]
    absent: Sequence[Unit]


def unit_map(member: Membership, overview: Overview) -> UnitMap | None:
    """Every rated kelurahan and desa of which a boundary is known; None if of none. One query."""
    rated = [pair for _district, rows in overview.districts for pair in rows]
    visible = Unit.objects.visible_to(member)
    rows = list(UnitBoundary.objects.filter(unit__in=visible).select_related("unit"))
    kept = {row.unit_id: row for row in rows}
    drawn = [(unit, rating) for unit, rating in rated if unit.pk in kept]
    if not drawn:
        return None
    districts = [unit for unit, _rows in overview.districts if unit.pk in kept]
    units = [*(unit for unit, _rating in drawn), *districts]
    thin = simplified([kept[unit.pk].polygons for unit in units], MOST_POSITIONS)
    projection = Projection.of(thin)
    placed = [projection.rings(polygons) for polygons in thin]
    areas = [
        MapArea(unit, rating, path_of(rings), place_of_letter(rings))
        for (unit, rating), rings in zip(drawn, placed, strict=False)
    ]
    known = {unit.pk for unit, _rating in rated}
    return UnitMap(
        projection.width,
        projection.height,
        areas,
        [path_of(rings) for rings in placed[len(drawn) :]],
        [(unit, rating) for unit, rating in rated if unit.pk not in kept],
        [
            row.unit
            for row in rows
            if row.unit_id not in known and row.unit.level != UnitLevel.KECAMATAN
        ],
    )
