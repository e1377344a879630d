"""The band ladder, our signature: five steps to scale and the totals standing on them.

Pure geometry in whole units, like `figures.layout.bars`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from figures.layout.bars import FULL, along


class BandLike(Protocol):
    @property
    def predikat(self) -> str: ...
    @property
    def minimum(self) -> Decimal | int: ...
    @property
    def maximum(self) -> Decimal | int: ...


class AwardLike(Protocol):
    @property
    def predikat(self) -> str: ...
    @property
    def year(self) -> int: ...


class LadderLike(Protocol):
    """Where a city stands among the bands; every number is already computed."""

    @property
    def bands(self) -> Sequence[BandLike]: ...
    @property
    def maximum(self) -> Decimal | int: ...
    @property
    def claimed(self) -> Decimal | int: ...
    @property
    def evidenced(self) -> Decimal | int: ...
    @property
    def target_minimum(self) -> Decimal | int | None: ...
    @property
    def target_predikat(self) -> str | None: ...
    @property
    def award(self) -> AwardLike | None: ...
    @property
    def official(self) -> Decimal | int | None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One band as drawn; `tone` counts 1 to 5 from light to deep."""

    predikat: str
    tone: int
    x: int
    y: int
    width: int
    height: int
    text_x: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Tick:
    value: Decimal | int
    at: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A total standing on its step, and the place of its words."""

    kind: str  # evidenced, claimed, official, target, award
    value: Decimal | int | str | None
    x: int
    y: int
    text_x: int
    text_y: int
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Ground:
    """The region without predikat, before the first step."""

    x: int
    y: int
    width: int
    height: int
    text_x: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    base: int
    ground: Ground
    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    markers: tuple[Marker, ...]
    flag: Marker | None = None
    target: Marker | None = None


def spread(places: Sequence[int], gap: int, low: int, high: int) -> list[int]:
    """The sorted places moved apart as little as can be until neighbours keep `gap`.

    Places that would touch form a block around their middle; blocks that touch become one.
    """
    blocks: list[list[int]] = []
    for index, place in enumerate(places):
        blocks.append([place - index * gap])
        while len(blocks) > 1 and _middle(blocks[-2]) > _middle(blocks[-1]):
            last = blocks.pop()
            blocks[-1].extend(last)
    ceiling = high - gap * (len(places) - 1)
    aligned = [max(low, min(ceiling, _middle(block))) for block in blocks for _place in block]
    return [place + index * gap for index, place in enumerate(aligned)]


def _middle(block: Sequence[int]) -> int:
    return sum(block) // len(block)


def _totals(ladder: LadderLike) -> list[tuple[str, Decimal | int]]:
    totals: list[tuple[str, Decimal | int]] = []
    if ladder.official is not None:
        totals.append(("official", ladder.official))
    return [*totals, ("claimed", ladder.claimed), ("evidenced", ladder.evidenced)]


def _first_minimum(ladder: LadderLike) -> Decimal | int:
    return ladder.bands[0].minimum if ladder.bands else ladder.maximum


def tone_of(index: int, count: int) -> int:
    return 1 + round(index * 4 / max(1, count - 1))


def _height_at(value: Decimal | int, ladder: LadderLike, low: int, rise: int) -> int:
    """How high the stairs are where a total stands."""
    reached = [band for band in ladder.bands if value >= band.minimum]
    return low + rise * (len(reached) - 1) if reached else 0


# The wide ladder: one unit a point, so that the drawing is the scale itself.
WIDE_START = 24
WIDE_LOW = 46
WIDE_RISE = 19
WIDE_GROUND = 32  # the height of the region without predikat
WIDE_ROW = 32
WIDE_HEADROOM = 58
DISC = 15  # how far a disc's centre floats above its step
LABEL_ROOM = 190
FLAG = 54  # the length of a flag's cloth
ENOUGH = 16  # farther than this from a cloth, no total is hidden


def wide_ladder(ladder: LadderLike) -> Drawing:
    """The stairs from left to right, for screens wider than a phone and for paper."""
    totals = _totals(ladder)
    top_step = WIDE_LOW + WIDE_RISE * (len(ladder.bands) - 1)
    base = WIDE_ROW * len(totals) + WIDE_HEADROOM + top_step
    steps = tuple(_wide_steps(ladder, base))
    markers = tuple(_wide_markers(ladder, totals, base))
    ground = along(_first_minimum(ladder), ladder.maximum, FULL) - 1
    return Drawing(
        width=FULL + 2 * WIDE_START,
        height=base + (62 if ladder.target_minimum is not None else 32),
        base=base,
        ground=Ground(
            x=WIDE_START,
            y=base - WIDE_GROUND,
            width=ground,
            height=WIDE_GROUND,
            text_x=WIDE_START + ground // 2,
            text_y=base - 10,
        ),
        steps=steps,
        ticks=tuple(_ticks(ladder, WIDE_START)),
        markers=markers,
        flag=_wide_flag(ladder, steps, markers),
        target=_wide_target(ladder, base),
    )


def _ticks(ladder: LadderLike, start: int) -> Iterable[Tick]:
    for value in (0, *(band.minimum for band in ladder.bands), ladder.maximum):
        yield Tick(value, start + along(value, ladder.maximum, FULL))


def _wide_steps(ladder: LadderLike, base: int) -> Iterable[Step]:
    for index, band in enumerate(ladder.bands):
        left = WIDE_START + along(band.minimum, ladder.maximum, FULL)
        right = WIDE_START + along(band.maximum, ladder.maximum, FULL)
        height = WIDE_LOW + WIDE_RISE * index
        yield Step(
            predikat=band.predikat,
            tone=tone_of(index, len(ladder.bands)),
            x=left,
            y=base - height,
            width=right - left,
            height=height,
            text_x=(left + right) // 2,
            text_y=base - 14,
        )


def _wide_markers(
    ladder: LadderLike, totals: Sequence[tuple[str, Decimal | int]], base: int
) -> Iterable[Marker]:
    # The lowest row belongs to the leftmost total and its words go left, so no line cuts them.
    leads = ladder.claimed >= ladder.evidenced
    for row, (kind, value) in enumerate(totals):
        x = WIDE_START + along(value, ladder.maximum, FULL)
        height = _height_at(value, ladder, WIDE_LOW, WIDE_RISE) or WIDE_GROUND
        goes_left = (kind == "evidenced") == leads
        if x < LABEL_ROOM:
            goes_left = False
        elif x > WIDE_START + FULL - LABEL_ROOM:
            goes_left = True
        yield Marker(
            kind=kind,
            value=value,
            x=x,
            y=base - height - DISC,
            text_x=x - 10 if goes_left else x + 10,
            text_y=WIDE_ROW * row + 24,
            anchor="end" if goes_left else "start",
        )


def _wide_flag(
    ladder: LadderLike, steps: Sequence[Step], markers: Sequence[Marker]
) -> Marker | None:
    """Last year's flag, planted on its step where it stands farthest from the totals.

    Its cloth flies to the right, or to the left (anchor "end") if that hides less.
    """
    if ladder.award is None:
        return None
    step = next((step for step in steps if step.predikat == ladder.award.predikat), None)
    if step is None:
        return None
    totals = [marker.x for marker in markers]
    poles = (step.x + 8, step.x + step.width // 2, step.x + step.width - 8)
    x, anchor = max(
        ((pole, anchor) for pole in poles for anchor in ("start", "end")),
        key=lambda place: _room(place[0], place[1], totals),
    )
    return Marker("award", str(ladder.award.year), x, step.y, 0, 0, anchor)


def _room(pole: int, anchor: str, totals: Sequence[int]) -> tuple[int, int]:
    """How far the totals are from a flag: from its cloth first, then from its pole."""
    left, right = (pole, pole + FLAG) if anchor == "start" else (pole - FLAG, pole)
    from_cloth = min(max(left - x, x - right, 0) for x in totals)
    return min(from_cloth, ENOUGH), min(abs(x - pole) for x in totals)


def _wide_target(ladder: LadderLike, base: int) -> Marker | None:
    if ladder.target_minimum is None:
        return None
    x = WIDE_START + along(ladder.target_minimum, ladder.maximum, FULL)
    height = _height_at(ladder.target_minimum, ladder, WIDE_LOW, WIDE_RISE)
    anchor = "end" if x > WIDE_START + FULL - 60 else "middle"
    return Marker(
        "target", ladder.target_predikat, x, base - height - 22, x, base + 54, anchor=anchor
    )


# The tall ladder: the same stairs from bottom to top, with every word in its own line.
TALL_WIDTH = 340
TALL_TOP = 16
TALL_LENGTH = 480
TALL_START = 40
TALL_GROUND = 84
TALL_LOW = 92
TALL_RISE = 11
TALL_WORDS = 216
TALL_GAP = 26


def tall_ladder(ladder: LadderLike) -> Drawing:
    """The stairs from bottom to top, for a phone held upright."""
    base = TALL_TOP + TALL_LENGTH
    ground = along(_first_minimum(ladder), ladder.maximum, TALL_LENGTH) - 1
    ticks = (
        Tick(value, base - along(value, ladder.maximum, TALL_LENGTH))
        for value in (0, *(band.minimum for band in ladder.bands), ladder.maximum)
    )
    return Drawing(
        width=TALL_WIDTH,
        height=base + 16,
        base=base,
        ground=Ground(
            x=TALL_START,
            y=base - ground,
            width=TALL_GROUND,
            height=ground,
            text_x=TALL_START + 8,
            text_y=base - ground + 24,
        ),
        steps=tuple(_tall_steps(ladder, base)),
        ticks=tuple(ticks),
        markers=tuple(_tall_markers(ladder, base)),
    )


def _tall_steps(ladder: LadderLike, base: int) -> Iterable[Step]:
    for index, band in enumerate(ladder.bands):
        upper = base - along(band.maximum, ladder.maximum, TALL_LENGTH)
        lower = base - along(band.minimum, ladder.maximum, TALL_LENGTH)
        # Published bounds are whole points (600, 601): the hairline between steps stays visible.
        yield Step(
            predikat=band.predikat,
            tone=tone_of(index, len(ladder.bands)),
            x=TALL_START,
            y=upper,
            width=TALL_LOW + TALL_RISE * index,
            height=max(1, lower - upper - 1),
            text_x=TALL_START + 10,
            text_y=(upper + lower) // 2 + 5,
        )


def _tall_markers(ladder: LadderLike, base: int) -> Iterable[Marker]:
    found: list[tuple[int, int, str, Decimal | int | str | None]] = []
    totals = _totals(ladder)
    if ladder.target_minimum is not None:
        totals.append(("target", ladder.target_minimum))
    for kind, value in totals:
        y = base - along(value, ladder.maximum, TALL_LENGTH)
        width = _height_at(value, ladder, TALL_LOW, TALL_RISE) or TALL_GROUND
        shown = ladder.target_predikat if kind == "target" else value
        found.append((y, TALL_START + width + DISC, kind, shown))
    found.extend(_tall_award(ladder, base))
    found.sort(key=lambda entry: entry[0])
    rows = spread([entry[0] for entry in found], TALL_GAP, TALL_TOP, base)
    for (y, x, kind, shown), row in zip(found, rows, strict=True):
        yield Marker(kind, shown, x, y, TALL_WORDS, row)


def _tall_award(
    ladder: LadderLike, base: int
) -> Iterable[tuple[int, int, str, Decimal | int | str | None]]:
    if ladder.award is None:
        return
    for step in _tall_steps(ladder, base):
        if step.predikat == ladder.award.predikat:
            middle = step.y + step.height // 2
            yield (middle, TALL_START + step.width, "award", str(ladder.award.year))


SMALL_START = 14
SMALL_LENGTH = 400
SMALL_BASE = 66
SMALL_LOW = 12
SMALL_RISE = 6


def small_ladder(ladder: LadderLike) -> Drawing:
    """Only the ramp and the two markers, for a line in a list."""
    markers = []
    for kind, value in _totals(ladder):
        height = _height_at(value, ladder, SMALL_LOW, SMALL_RISE) or 6
        x = SMALL_START + along(value, ladder.maximum, SMALL_LENGTH)
        markers.append(Marker(kind, value, x, SMALL_BASE - height - 14, x, 0))
    steps = []
    for index, band in enumerate(ladder.bands):
        left = SMALL_START + along(band.minimum, ladder.maximum, SMALL_LENGTH)
        right = SMALL_START + along(band.maximum, ladder.maximum, SMALL_LENGTH)
        height = SMALL_LOW + SMALL_RISE * index
        tone = tone_of(index, len(ladder.bands))
        width = max(1, right - left - 1)
        steps.append(
            Step(band.predikat, tone, left, SMALL_BASE - height, width, height, left, SMALL_BASE)
        )
    ground = along(_first_minimum(ladder), ladder.maximum, SMALL_LENGTH) - 1
    return Drawing(
        width=SMALL_LENGTH + 2 * SMALL_START,
        height=68,
        base=SMALL_BASE,
        ground=Ground(SMALL_START, SMALL_BASE - 6, ground, 6, SMALL_START, SMALL_BASE),
        steps=tuple(steps),
        ticks=(),
        markers=tuple(markers),
    )
