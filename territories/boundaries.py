"""Boundaries of units as a city gives them in GeoJSON (RFC 7946), and as they are drawn.

Positions are pairs of whole ten-thousandths of a degree, longitude first: eleven metres, finer than any
picture of a city. A ring is kept without its last position, which repeats the first. Knows no database.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import cos, inf, radians
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workbooks.faults import shown

STEP = 10_000  # positions a degree
LONGITUDES, LATITUDES = (94, 142), (-12, 7)  # Indonesia in whole degrees, with its seas
MOST_FEATURES = 2_000
MOST_BRACKETS = 300_000  # each position has one: what a file may make us read
MOST_POSITIONS = 4_000  # of a whole city: its picture stays below about 40 KB
CODE_KEYS = ("kode", "code", "kode_wilayah", "kode_desa", "kode_kelurahan", "kdepum")
NAME_KEYS = ("nama", "name", "nama_wilayah", "desa", "kelurahan", "namobj", "wadmkd")
LONGEST_SAID = 100

Position = tuple[int, int]
Ring = Sequence[Position]
Polygons = Sequence[Sequence[Ring]]  # each its outer ring, then its holes


@dataclass(frozen=True, slots=True)
class Feature:
    """What a file says of one unit, in the order of the file, counted from 1."""

    number: int
    codes: tuple[str, ...]  # digits alone
    names: tuple[str, ...]
    polygons: Polygons

    @property
    def title(self) -> str:
        said = self.names or self.codes
        about = _("Objek ke-%(number)d") % {"number": self.number}
        return f"{about} ({shown(said[0])})" if said else about

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "codes": list(self.codes),
            "names": list(self.names),
            "polygons": self.polygons,
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Feature:
        names, codes = tuple(data["names"]), tuple(data["codes"])
        return cls(data["number"], codes, names, polygons_of(data["polygons"]))


def polygons_of(stored: Iterable[Any]) -> Polygons:
    """Polygons as they come back from JSON."""
    return [[[(x, y) for x, y in ring] for ring in polygon] for polygon in stored]


# --- Reading -------------------------------------------------------------------------------------


class _FeatureFault(Exception):
    """Why one feature is left out, as a sentence."""


def read_features(content: bytes) -> tuple[list[Feature], list[str]]:
    """Features with polygons, simplified as a whole, and a sentence for each that was left out.

    Raises ValidationError (`unreadable`) where the file as a whole is no map of a city.
    """
    document = _parsed(content)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        _refuse(
            _("Berkas ini bukan GeoJSON berisi FeatureCollection. Ekspor lagi sebagai GeoJSON.")
        )
    _require_wgs84(document.get("crs"))
    given = document.get("features")
    if not isinstance(given, list) or not given:
        _refuse(_("Berkas ini tidak berisi satu pun wilayah."))
    if len(given) > MOST_FEATURES:
        _refuse(
            _("Berkas ini berisi %(count)d objek, paling banyak %(most)d. Pisahkan per kecamatan.")
            % {"count": len(given), "most": MOST_FEATURES}
        )
    features, faults = [], []
    for number, one in enumerate(given, 1):
        try:
            features.append(_feature(number, one))
        except _FeatureFault as fault:
            faults.append(str(fault))
    thin = simplified([one.polygons for one in features], MOST_POSITIONS)
    return [
        Feature(one.number, one.codes, one.names, polygons)
        for one, polygons in zip(features, thin, strict=True)
    ], faults


def _refuse(sentence: str) -> NoReturn:
    raise ValidationError(sentence, code="unreadable")


def _parsed(content: bytes) -> Any:
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        _refuse(
            _("Berkas ini berisi terlalu banyak titik. Sederhanakan batasnya, lalu ekspor lagi.")
        )
    try:
        return json.loads(
            content.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_said_once
        )
    except (ValueError, RecursionError):
        _refuse(
            _("Berkas ini tidak dapat dibaca sebagai GeoJSON. Ekspor lagi sebagai GeoJSON (UTF-8).")
        )


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and infinities are no JSON


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _require_wgs84(crs: Any) -> None:
    """Files before RFC 7946 may name another system; nothing and WGS84 are the same."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not str(name).endswith((":CRS84", ":4326")):
        _refuse_system()


def _refuse_system() -> NoReturn:
    _refuse(
        _(
            "Koordinatnya bukan bujur %(west)d–%(east)d dan lintang %(south)d sampai %(north)d derajat. "
            "Ekspor lagi dengan sistem koordinat WGS84 (EPSG:4326), bujur lebih dahulu."
        )
        % {
            "west": LONGITUDES[0],
            "east": LONGITUDES[1],
            "south": LATITUDES[0],
            "north": LATITUDES[1],
        }
    )


def _feature(number: int, one: Any) -> Feature:
    said = one.get("properties") if isinstance(one, dict) else None
    texts = _texts(said if isinstance(said, dict) else {})
    codes = tuple(dict.fromkeys(_digits(texts[key]) for key in CODE_KEYS if key in texts))
    names = tuple(dict.fromkeys(texts[key] for key in NAME_KEYS if key in texts))
    feature = Feature(number, tuple(filter(None, codes)), names, ())
    try:
        polygons = _polygons(one.get("geometry") if isinstance(one, dict) else None)
    except _FeatureFault as fault:
        raise _FeatureFault(f"{feature.title}: {fault}") from fault
    return Feature(number, feature.codes, names, polygons)


def _texts(properties: dict[str, Any]) -> dict[str, str]:
    """Properties with a short text, by their name in small letters."""
    texts = {}
    for key, value in properties.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = " ".join(str(value).split())
            if 0 < len(text) <= LONGEST_SAID:
                texts[key.casefold()] = text
    return texts


def _digits(text: str) -> str:
    """A code without its dots; nothing where it is none."""
    digits = text.replace(".", "")
    return digits if digits.isascii() and digits.isdecimal() else ""


def _polygons(geometry: Any) -> Polygons:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _FeatureFault(_("bukan Polygon atau MultiPolygon."))
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else _list(coordinates)
    polygons = []
    for part in parts:
        rings = [_ring(ring) for ring in _list(part)]
        if rings and len(rings[0]) > 2 and doubled_area(rings[0]):
            polygons.append([rings[0], *(hole for hole in rings[1:] if len(hole) > 2)])
    if not polygons:
        raise _FeatureFault(_("tidak memiliki luas."))
    return polygons


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _FeatureFault(_("koordinatnya tidak tersusun sebagai poligon."))
    return value


def _ring(given: Any) -> Ring:
    """Positions without repetitions, the first not said again; fewer than three enclose nothing."""
    positions = [_position(one) for one in _list(given)]
    if len(positions) < 4 or given[0][:2] != given[-1][:2]:
        raise _FeatureFault(_("garis batasnya tidak tertutup."))
    return [after for before, after in pairwise(positions) if before != after]


def _position(given: Any) -> Position:
    if not (isinstance(given, list) and len(given) in (2, 3)):
        raise _FeatureFault(_("koordinatnya tidak tersusun sebagai poligon."))
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in given):
        raise _FeatureFault(_("koordinatnya bukan angka."))
    longitude, latitude = given[:2]
    in_sight = (
        LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]
    )
    if not in_sight:
        _refuse_system()
    return round(longitude * STEP), round(latitude * STEP)


# --- Simplifying ---------------------------------------------------------------------------------


def simplified(units: Sequence[Polygons], most: int) -> list[Polygons]:
    """The same polygons with about `most` positions in all, those that shape the picture most.

    A border of two units stays one line: rings are cut where three lines meet, and each piece
    between is thinned once, whoever it belongs to (Visvalingam and Whyatt 1993: the position that
    changes the area least goes first; never quadratic). Of every unit the largest ring stays.

    Where neighbours were drawn apart, so that lines meet nearly everywhere, each ring is thinned alone.
    """
    rings = [ring for polygons in units for polygon in polygons for ring in polygon]
    if sum(map(len, rings)) <= most:
        return list(units)
    weights = _weights(rings, _beside(rings))
    if sum(ring.count(inf) for ring in weights) > most // 2:
        weights = _weights(rings, {})
    ranked = sorted((one for ring in weights for one in ring), reverse=True)
    bound = ranked[most]
    kept = iter([_above(ring, weight, bound) for ring, weight in zip(rings, weights, strict=True)])
    thin: list[Polygons] = []
    for polygons in units:
        largest = max(polygons, key=lambda polygon: abs(doubled_area(polygon[0])))
        found = []
        for polygon in polygons:
            outer, *holes = [next(kept) for _ring in polygon]
            if len(outer) < 3 and polygon is largest:
                outer = _corners(polygon[0])
            if len(outer) > 2:
                found.append([outer, *(hole for hole in holes if len(hole) > 2)])
        thin.append(found)
    return thin


def doubled_area(ring: Ring) -> int:
    """Twice the area that a ring encloses, positive against the clock."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in _sides(ring))


def _sides(ring: Ring) -> Iterator[tuple[Position, Position]]:
    return pairwise([*ring, ring[0]])


def _above(ring: Ring, weights: Sequence[float], bound: float) -> Ring:
    return [one for one, weight in zip(ring, weights, strict=True) if weight > bound]


def _corners(ring: Ring) -> Ring:
    """Its outermost four, in its order."""
    wanted = {
        choice(range(len(ring)), key=lambda place: ring[place][axis])
        for choice in (min, max)
        for axis in (0, 1)
    }
    if len(wanted) < 3:
        wanted |= {0, len(ring) // 3, 2 * len(ring) // 3}
    return [ring[place] for place in sorted(wanted)]


Beside = Mapping[Position, set[Position]]


def _beside(rings: Iterable[Ring]) -> Beside:
    """To which positions a line leads from each: more or fewer than two, and lines meet there."""
    beside: dict[Position, set[Position]] = defaultdict(set)
    for ring in rings:
        for one, after in _sides(ring):
            beside[one].add(after)
            beside[after].add(one)
    return beside


def _weights(rings: Iterable[Ring], beside: Beside) -> list[list[float]]:
    """Of each position of each ring, how much its picture would lose without it."""
    known: dict[tuple[Position, ...], dict[Position, float]] = {}
    found = []
    for ring in rings:
        weight: dict[Position, float] = {}
        for piece in _pieces(ring, beside):
            key = min(piece, piece[::-1])
            if key not in known:
                known[key] = _lost(key)
            weight |= known[key]
        found.append([weight[one] for one in ring])
    return found


def _pieces(ring: Ring, beside: Beside) -> Iterator[tuple[Position, ...]]:
    """The ring cut where lines meet; one that meets no other is cut at its smallest position."""
    cuts = [place for place, one in enumerate(ring) if len(beside.get(one, "..")) != 2]
    start = cuts[0] if cuts else min(range(len(ring)), key=ring.__getitem__)
    turned = (*ring[start:], *ring[:start], ring[start])
    places = [place - start for place in cuts] or [0]
    for begin, end in pairwise([*places, len(ring)]):
        yield turned[begin : end + 1]


def _lost(piece: Sequence[Position]) -> dict[Position, float]:
    """Twice the area that goes with each position when they go in order; the ends never do."""
    last = len(piece) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))

    def area(place: int) -> int:
        (ax, ay), (bx, by), (cx, cy) = (piece[one] for one in (before[place], place, after[place]))
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))

    areas = {place: area(place) for place in range(1, last)}
    waiting = [(size, place) for place, size in areas.items()]
    heapify(waiting)
    weight: dict[Position, float] = {piece[0]: inf, piece[last]: inf}
    highest = 0
    while waiting:
        size, place = heappop(waiting)
        if areas.get(place) != size:
            continue  # a neighbour went meanwhile, and it waits again with what it is worth now
        highest = max(highest, size)
        weight[piece[place]] = highest
        del areas[place]
        left, right = before[place], after[place]
        after[left], before[right] = right, left
        for other in (left, right):
            if other in areas:
                areas[other] = area(other)
                heappush(waiting, (areas[other], other))
    return weight


# --- Drawing -------------------------------------------------------------------------------------

WIDTH, HIGHEST = 720, 720  # of the picture, in its own units
EDGE = 4
ROOM_OF_LETTER = 26


@dataclass(frozen=True, slots=True)
class Projection:
    """Equirectangular, true at the middle latitude: right for a city, and nothing to choose."""

    west: int
    north: int
    across: float  # units of the picture for a step of longitude
    down: float  # for a step of latitude
    width: int
    height: int

    @classmethod
    def of(cls, units: Sequence[Polygons]) -> Projection:
        """The largest in which all of these are seen."""
        outer = [one for polygons in units for polygon in polygons for one in polygon[0]]
        (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*outer, strict=True))
        narrower = cos(radians((south + north) / 2 / STEP))
        wide, high = max(1, east - west) * narrower, max(1, north - south)
        scale = min((WIDTH - 2 * EDGE) / wide, (HIGHEST - 2 * EDGE) / high)
        size = (round(length * scale) + 2 * EDGE for length in (wide, high))
        return cls(west, north, scale * narrower, scale, *size)

    def place(self, position: Position) -> Position:
        x, y = position
        return EDGE + round((x - self.west) * self.across), EDGE + round(
            (self.north - y) * self.down
        )

    def rings(self, polygons: Polygons) -> list[Ring]:
        """On the paper; what shrinks to less than a triangle there is left out."""
        found: list[Ring] = []
        for polygon in polygons:
            for ring in polygon:
                placed = [self.place(one) for one in ring]
                thin = [one for one, after in _sides(placed) if one != after]
                if len(thin) > 2:
                    found.append(thin)
        return found


def path_of(rings: Iterable[Ring]) -> str:
    """Rings as the `d` of an SVG path, each step from the one before; drawn with `evenodd`."""
    parts = []
    for ring in rings:
        (x, y), *_rest = ring
        steps = " ".join(f"{to_x - x} {to_y - y}" for (x, y), (to_x, to_y) in pairwise(ring))
        parts.append(f"M{x} {y}l{steps}z")
    return "".join(parts)


def place_of_letter(rings: Sequence[Ring]) -> Position | None:
    """The widest stretch inside at half the height of the largest part; None where it is too narrow."""
    if not rings:
        return None
    heights = [y for _x, y in max(rings, key=lambda ring: abs(doubled_area(ring)))]
    middle = (min(heights) + max(heights)) / 2
    if max(heights) - min(heights) < ROOM_OF_LETTER:
        return None
    crossings = sorted(
        x + (to_x - x) * (middle - y) / (to_y - y)
        for ring in rings
        for (x, y), (to_x, to_y) in _sides(ring)
        if (y > middle) != (to_y > middle)
    )
    stretches = zip(crossings[::2], crossings[1::2], strict=True)
    left, right = max(stretches, key=lambda one: one[1] - one[0])
    if right - left < ROOM_OF_LETTER:
        return None
    return round((left + right) / 2), round(middle)


def told_of(polygons: Polygons) -> str:
    """How much a boundary is, for a preview."""
    positions = sum(len(ring) for polygon in polygons for ring in polygon)
    return _("%(parts)d bagian, %(positions)d titik") % {
        "parts": len(polygons),
        "positions": positions,
    }
