"""Boundaries of the demonstration city: invented, on open sea, and the same every time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from math import cos, sin

from cities.models import City, Membership
from imports.lines import seen_of
from imports.services.staged import confirm, keep
from territories.models import Unit
from territories.services.boundaries import BOUNDARIES, read_boundaries

ACROSS, DOWN = 8, 5  # kelurahan from west to east and from north to south
WEST, NORTH, SIDE = 107.2, -5.0, 0.02  # degrees; the Java Sea
BITS = 6  # straight pieces of each side
# Which kecamatan, by its place in the list, each kelurahan of a row lies in.
ROWS = ("00000000", "33344111", "33344111", "33444411", "22222222")
WITHOUT = 1  # the last kelurahan have none, so that the page says so
Degrees = tuple[float, float]


def give_boundaries(member: Membership, *, at: datetime) -> None:
    """All but the last kelurahan, by the way that a city's own file takes."""
    city, by = member.city, member.user
    name = "batas-kota-contoh.geojson"
    reading = read_boundaries(json.dumps(_collection(city)).encode(), name)
    staged = keep(city=city, kind=BOUNDARIES, reading=reading, name=name, by=by, at=at)
    confirm(
        staged_id=staged.pk,
        city=city,
        kind=BOUNDARIES,
        ticked=(),
        seen=seen_of(BOUNDARIES.lines(staged, member)),
        by=by,
        at=at,
    )


def _collection(city: City) -> dict[str, object]:
    districts = list(Unit.objects.filter(city=city, parent=None))
    below = [list(one.below.order_by("code")) for one in districts]
    given = [unit for units in below for unit in units][:-WITHOUT]
    features = [
        {
            "type": "Feature",
            "properties": {"kode": unit.code, "nama": unit.name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for unit, ring in _placed(below)
        if unit in given
    ]
    return {"type": "FeatureCollection", "features": features}


def _placed(below: Sequence[list[Unit]]) -> Iterator[tuple[Unit, list[Degrees]]]:
    """Each unit with the outline of its field."""
    waiting = [iter(units) for units in below]
    for row, line in enumerate(ROWS):
        for column, district in enumerate(line):
            yield next(waiting[int(district)]), _ring(column, row)


def _ring(column: int, row: int) -> list[Degrees]:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        for bit in range(BITS):
            share = bit / BITS
            ring.append(_bent(column + x + (to_x - x) * share, row + y + (to_y - y) * share))
    return [*ring, ring[0]]


def _bent(x: float, y: float) -> Degrees:
    """A place on straight paper as one on a land whose lines wind; neighbours wind alike."""
    across = x + 0.22 * sin(2.3 * y + 0.9 * x) + 0.05 * sin(9.1 * y + 2 * x)
    down = y + 0.2 * cos(1.7 * x + 0.6 * y) + 0.05 * sin(8.3 * x + y)
    inward = 1 - 0.16 * ((across - ACROSS / 2) / ACROSS * 2) ** 2
    down = DOWN / 2 + (down - DOWN / 2) * inward
    return round(WEST + SIDE * across, 6), round(NORTH - SIDE * down, 6)
