"""Many cities on one ladder: how many were awarded each step, and totals heaped upon them.

Pure geometry in whole units, like `figures.layout.ladder`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from figures.layout.bars import FULL, along
from figures.layout.ladder import BandLike, tone_of

START, AIR, LOW, RISE, GROUND, FOOT = 24, 16, 58, 14, 32, 30
HEAPS = 50  # along the whole ladder
TALLEST, THICKEST = 90, 12  # of a heap, and of one city in it


@dataclass(frozen=True, slots=True)
class Stair:
    predikat: str
    count: int
    tone: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Heap:
    x: int
    y: int
    width: int
    height: int
    count: int


@dataclass(frozen=True, slots=True)
class Crowd:
    width: int
    height: int
    base: int
    ground: int  # the length of the region without predikat
    stairs: tuple[Stair, ...]
    heaps: tuple[Heap, ...]
    ticks: tuple[tuple[Decimal | int, int], ...]


def crowd(
    bands: Sequence[BandLike],
    maximum: Decimal | int,
    counts: Mapping[str, int],
    totals: Iterable[Decimal],
) -> Crowd:
    """The stairs from left to right with a count on each and a heap for each total's place."""
    heights = _heights(maximum, totals)
    base = AIR + max(heights.values(), default=(0, 0))[0] + LOW + RISE * max(len(bands) - 1, 0)
    first = bands[0].minimum if bands else maximum
    stairs = []
    for index, band in enumerate(bands):
        left, right = (along(value, maximum, FULL) for value in (band.minimum, band.maximum))
        height = LOW + RISE * index
        stairs.append(
            Stair(
                predikat=band.predikat,
                count=counts.get(band.predikat, 0),
                tone=tone_of(index, len(bands)),
                x=START + left,
                y=base - height,
                width=right - left,
                height=height,
            )
        )
    return Crowd(
        width=FULL + 2 * START,
        height=base + FOOT,
        base=base,
        ground=max(along(first, maximum, FULL) - 1, 0),
        stairs=tuple(stairs),
        heaps=tuple(_heaps(stairs, heights, base)),
        ticks=tuple(
            (value, START + along(value, maximum, FULL))
            for value in (0, *(band.minimum for band in bands), maximum)
        ),
    )


def _heights(maximum: Decimal | int, totals: Iterable[Decimal]) -> dict[int, tuple[int, int]]:
    """By its place along the ladder: how high a heap is, and how many cities are in it."""
    counts = Counter(min(along(value, maximum, HEAPS), HEAPS - 1) for value in totals)
    most = max(counts.values(), default=1)
    return {
        place: (max(2, min(THICKEST * count, TALLEST * count // most)), count)
        for place, count in sorted(counts.items())
    }


def _heaps(
    stairs: Sequence[Stair], heights: Mapping[int, tuple[int, int]], base: int
) -> Iterable[Heap]:
    width = FULL // HEAPS
    for place, (height, count) in heights.items():
        x = START + place * width
        floors = [stair.y for stair in stairs if stair.x <= x + width // 2]
        yield Heap(x, (floors[-1] if floors else base - GROUND) - height, width - 2, height, count)
