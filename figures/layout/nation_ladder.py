"""Many cities on one ladder: how many were awarded each step, and their totals heaped upon it.

All lengths are whole drawing units, one a point of 1000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from figures.layout.ladder import BandLike, tone_of
from figures.layout.shapes import Drawing, Polyline, Rectangle, Shape, Words, along
from figures.numbers import format_points

LENGTH = 1000  # of the whole ladder
START, AIR, LOW, RISE, GROUND, FOOT = 24, 16, 58, 14, 32, 30
HEAPS = 50  # along the whole ladder
TALLEST, THICKEST = 90, 12  # of a heap, and of one city in it


@dataclass(frozen=True, slots=True)
class NationStep:
    """A band with how many cities were awarded it; `tone` counts 1 to 5 from light to deep."""

    predikat: str
    count: int
    tone: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Heap:
    """The totals of `count` cities that lie close together."""

    x: int
    y: int
    width: int
    height: int
    count: int


@dataclass(frozen=True, slots=True)
class NationLadder:
    """Where everything stands; `base` is the y of its foot, `ground` the length without predikat."""

    width: int
    height: int
    base: int
    ground: int
    steps: tuple[NationStep, ...]
    heaps: tuple[Heap, ...]
    ticks: tuple[tuple[Decimal | int, int], ...]  # a value and its x


def nation_ladder(
    bands: Sequence[BandLike],
    maximum: Decimal | int,
    counts: Mapping[str, int],
    totals: Iterable[Decimal],
) -> NationLadder:
    """The stairs from left to right with a count on each and a heap for each total's place."""
    heights = _heights(maximum, totals)
    base = AIR + max(heights.values(), default=(0, 0))[0] + LOW + RISE * max(len(bands) - 1, 0)
    first = bands[0].minimum if bands else maximum
    steps = []
    for index, band in enumerate(bands):
        left, right = (along(value, maximum, LENGTH) for value in (band.minimum, band.maximum))
        height = LOW + RISE * index
        steps.append(
            NationStep(
                predikat=band.predikat,
                count=counts.get(band.predikat, 0),
                tone=tone_of(index, len(bands)),
                x=START + left,
                y=base - height,
                width=right - left,
                height=height,
            )
        )
    return NationLadder(
        width=LENGTH + 2 * START,
        height=base + FOOT,
        base=base,
        ground=max(along(first, maximum, LENGTH) - 1, 0),
        steps=tuple(steps),
        heaps=tuple(_heaps(steps, heights, base)),
        ticks=tuple(
            (value, START + along(value, maximum, LENGTH))
            for value in (0, *(band.minimum for band in bands), maximum)
        ),
    )


def _heights(maximum: Decimal | int, totals: Iterable[Decimal]) -> dict[int, tuple[int, int]]:
    """By its number along the ladder: how high a heap is, and how many cities are in it."""
    counts = Counter(min(along(value, maximum, HEAPS), HEAPS - 1) for value in totals)
    most = max(counts.values(), default=1)
    return {
        number: (max(2, min(THICKEST * count, TALLEST * count // most)), count)
        for number, count in sorted(counts.items())
    }


def _heaps(
    steps: Sequence[NationStep], heights: Mapping[int, tuple[int, int]], base: int
) -> Iterator[Heap]:
    width = LENGTH // HEAPS
    for number, (height, count) in heights.items():
        x = START + number * width
        floors = [step.y for step in steps if step.x <= x + width // 2]
        yield Heap(x, (floors[-1] if floors else base - GROUND) - height, width - 2, height, count)


def nation_drawing(layout: NationLadder, *, sentence: str) -> Drawing:
    """The shapes of the ladder; `sentence` says its counts to whoever cannot see it."""
    return Drawing(
        style="ladder__drawing ladder__drawing--wide",
        width=layout.width,
        height=layout.height,
        shapes=list(_shapes(layout)),
        title=_("Semua kota pada satu tangga"),
        description=sentence,
    )


def _shapes(layout: NationLadder) -> Iterator[Shape]:
    base = layout.base
    yield Rectangle("ladder__ground", START, base - GROUND, layout.ground, GROUND, "ground")
    for step in layout.steps:
        middle, tone = step.x + round(step.width / 2), f"on-tone-{step.tone}"
        own = f"ladder__step tone-{step.tone}"
        yield Rectangle(own, step.x, step.y, step.width, step.height)
        yield Words(f"ladder__predikat {tone}", middle, base - 10, step.predikat, "middle")
        yield Words(f"crowd__count {tone}", middle, base - 33, str(step.count), "middle")
    for heap in layout.heaps:
        yield Rectangle("crowd__heap", heap.x, heap.y, heap.width, heap.height)
    yield Polyline("ladder__axis", ((START, base), (START + LENGTH, base)))
    for value, x in layout.ticks:
        yield Words("ladder__tick", x, base + 22, format_points(value), "middle")
