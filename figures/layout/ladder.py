"""The band ladder, our signature: five steps to scale and the totals standing on them.

One layout in three forms: wide (for a desk, for paper and for pictures), tall (for a phone held
upright) and small (for a line of a list). All lengths are whole drawing units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from figures.layout.shapes import Anchor, Point, along
from figures.numbers import format_points

Number = Decimal | int


class BandLike(Protocol):
    @property
    def predikat(self) -> str: ...
    @property
    def minimum(self) -> Number: ...
    @property
    def maximum(self) -> Number: ...


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
    def maximum(self) -> Number: ...
    @property
    def claimed(self) -> Number: ...
    @property
    def evidenced(self) -> Number: ...
    @property
    def target_minimum(self) -> Number | None: ...
    @property
    def target_predikat(self) -> str | None: ...
    @property
    def award(self) -> AwardLike | None: ...
    @property
    def official(self) -> Number | None: ...
    @property
    def unit(self) -> str: ...  # what the numbers count; nothing for points


@dataclass(frozen=True, slots=True)
class LadderForm:
    """How a ladder is proportioned, in drawing units."""

    name: str
    length: int  # of the scale, from 0 to the maximum
    start: int  # from the edge of the drawing to the scale, or to the foot of upright stairs
    low: int  # the height of the first step
    rise: int  # of each further step
    ground: int  # the height of the region without predikat
    gap: int  # left between two steps
    disc: int  # how far a total's centre floats above its step
    is_upright: bool = False  # the scale runs from bottom to top, and heights to the right

    def place(self, value: Number, ladder: LadderLike) -> int:
        return along(value, ladder.maximum, self.length)

    def height_at(self, value: Number, ladder: LadderLike) -> int:
        """How high the stairs are where a value stands; 0 below the first step."""
        reached = [band for band in ladder.bands if value >= band.minimum]
        return self.low + self.rise * (len(reached) - 1) if reached else 0

    def spot(self, value: Number, ladder: LadderLike, base: int) -> Point:
        """The centre of a total that stands on its step, or on the ground."""
        height = self.height_at(value, ladder) or self.ground
        if self.is_upright:
            return self.start + height + self.disc, base - self.place(value, ladder)
        return self.start + self.place(value, ladder), base - height - self.disc


# The wide ladder has one unit a point, so that the drawing is the scale itself.
WIDE = LadderForm("wide", length=1000, start=24, low=46, rise=19, ground=32, gap=0, disc=15)
TALL = LadderForm(
    "tall", length=480, start=40, low=92, rise=11, ground=84, gap=1, disc=15, is_upright=True
)
SMALL = LadderForm("small", length=400, start=14, low=12, rise=6, ground=6, gap=1, disc=14)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One band as drawn, or the region below the first; `tone` counts 1 to 5 from light to deep."""

    predikat: str
    tone: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LadderTick:
    value: Number
    at: int  # x, or y of an upright ladder


@dataclass(frozen=True, slots=True)
class LadderMarker:
    """A total standing on its step, the target or the last award, and the place of its words."""

    kind: str  # evidenced, claimed, official, target, award
    label: str
    figure: str
    x: int
    y: int
    text_x: int = 0
    text_y: int = 0
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class LadderLayout:
    """Where everything of a ladder stands; `base` is the y of its foot, or of its lowest point."""

    form: LadderForm
    width: int
    height: int
    base: int
    ground: LadderStep
    steps: tuple[LadderStep, ...]
    ticks: tuple[LadderTick, ...]
    markers: tuple[LadderMarker, ...]
    flag: LadderMarker | None = None
    target: LadderMarker | None = None


def tone_of(index: int, count: int) -> int:
    """The tone of a step among `count`, 1 to 5."""
    return 1 + round(index * 4 / max(1, count - 1))


def _totals(ladder: LadderLike) -> list[tuple[str, Number]]:
    totals: list[tuple[str, Number]] = []
    if ladder.official is not None:
        totals.append(("official", ladder.official))
    return [*totals, ("claimed", ladder.claimed), ("evidenced", ladder.evidenced)]


def _label(kind: str) -> str:
    return {"evidenced": _("Terbukti"), "claimed": _("Diklaim"), "official": _("Nilai resmi")}[kind]


def _box(form: LadderForm, base: int, start: int, end: int, height: int) -> tuple[int, ...]:
    """x, y, width and height of what lies from `start` to `end` of the scale, so high."""
    if form.is_upright:
        return form.start, base - end, height, max(1, end - start - form.gap)
    return form.start + start, base - height, max(1, end - start - form.gap), height


def _steps(ladder: LadderLike, form: LadderForm, base: int) -> Iterator[LadderStep]:
    for index, band in enumerate(ladder.bands):
        start, end = form.place(band.minimum, ladder), form.place(band.maximum, ladder)
        box = _box(form, base, start, end, form.low + form.rise * index)
        yield LadderStep(band.predikat, tone_of(index, len(ladder.bands)), *box)


def _ground(ladder: LadderLike, form: LadderForm, base: int) -> LadderStep:
    """The region without predikat, before the first step."""
    first = ladder.bands[0].minimum if ladder.bands else ladder.maximum
    end = max(0, form.place(first, ladder) - 1)
    x, y, width, height = _box(form, base, 0, end, form.ground)
    # No gap follows it: the step begins one unit on.
    return LadderStep("", 0, x, y, *((width, end) if form.is_upright else (end, height)))


def _ticks(ladder: LadderLike, form: LadderForm, base: int) -> Iterator[LadderTick]:
    for value in (0, *(band.minimum for band in ladder.bands), ladder.maximum):
        place = form.place(value, ladder)
        yield LadderTick(value, base - place if form.is_upright else form.start + place)


# --- Wide: the words of each total in a row of their own, above the stairs -------------------------

WIDE_ROW = 32
WIDE_HEADROOM = 58
LABEL_ROOM = 190
FLAG = 54  # the length of a flag's cloth
ENOUGH = 16  # farther than this from a cloth, no total is hidden


def wide_ladder(ladder: LadderLike) -> LadderLayout:
    """The stairs from left to right."""
    totals = _totals(ladder)
    top_step = WIDE.low + WIDE.rise * (len(ladder.bands) - 1)
    base = WIDE_ROW * len(totals) + WIDE_HEADROOM + top_step
    steps = tuple(_steps(ladder, WIDE, base))
    markers = tuple(_wide_markers(ladder, totals, base))
    return LadderLayout(
        form=WIDE,
        width=WIDE.length + 2 * WIDE.start,
        height=base + (62 if ladder.target_minimum is not None else 32),
        base=base,
        ground=_ground(ladder, WIDE, base),
        steps=steps,
        ticks=tuple(_ticks(ladder, WIDE, base)),
        markers=markers,
        flag=_wide_flag(ladder, steps, markers),
        target=_wide_target(ladder, base),
    )


def _wide_markers(
    ladder: LadderLike, totals: Sequence[tuple[str, Number]], base: int
) -> Iterator[LadderMarker]:
    # The lowest row belongs to the leftmost total and its words go left, so no line cuts them.
    leads = ladder.claimed >= ladder.evidenced
    for row, (kind, value) in enumerate(totals):
        x, y = WIDE.spot(value, ladder, base)
        goes_left = (kind == "evidenced") == leads
        if x < LABEL_ROOM:
            goes_left = False
        elif x > WIDE.start + WIDE.length - LABEL_ROOM:
            goes_left = True
        yield LadderMarker(
            kind=kind,
            label=_label(kind),
            figure=format_points(value),
            x=x,
            y=y,
            text_x=x - 10 if goes_left else x + 10,
            text_y=WIDE_ROW * row + 24,
            anchor="end" if goes_left else "start",
        )


def _wide_flag(
    ladder: LadderLike, steps: Sequence[LadderStep], markers: Sequence[LadderMarker]
) -> LadderMarker | None:
    """Last year's flag, planted on its step where it stands farthest from the totals.

    Its cloth flies to the right, or to the left (anchor "end") if that hides less.
    """
    if ladder.award is None:
        return None
    step = next((step for step in steps if step.predikat == ladder.award.predikat), None)
    if step is None:
        return None
    totals = [marker.x for marker in markers]
    sides: tuple[Anchor, ...] = ("start", "end")
    poles = (step.x + 8, step.x + step.width // 2, step.x + step.width - 8)
    x, anchor = max(
        ((pole, side) for pole in poles for side in sides),
        key=lambda flag: _room(flag[0], flag[1], totals),
    )
    year = str(ladder.award.year)
    return LadderMarker("award", ladder.award.predikat, year, x, step.y, anchor=anchor)


def _room(pole: int, anchor: Anchor, totals: Sequence[int]) -> tuple[int, int]:
    """How far the totals are from a flag: from its cloth first, then from its pole."""
    left, right = (pole, pole + FLAG) if anchor == "start" else (pole - FLAG, pole)
    from_cloth = min(max(left - x, x - right, 0) for x in totals)
    return min(from_cloth, ENOUGH), min(abs(x - pole) for x in totals)


def _wide_target(ladder: LadderLike, base: int) -> LadderMarker | None:
    if ladder.target_minimum is None:
        return None
    x = WIDE.start + WIDE.place(ladder.target_minimum, ladder)
    height = WIDE.height_at(ladder.target_minimum, ladder)
    return LadderMarker(
        kind="target",
        label=_target_words(ladder),
        figure="",
        x=x,
        y=base - height - 22,
        text_x=x,
        text_y=base + 54,
        anchor="end" if x > WIDE.start + WIDE.length - 60 else "middle",
    )


def _target_words(ladder: LadderLike) -> str:
    return f"{_('Target')} {ladder.target_predikat}"


# --- Tall: every total, the target and the award in a line of their own beside the stairs ---------

TALL_WIDTH = 340
TALL_TOP = 16
TALL_WORDS = 216
TALL_ROW = 26


def tall_ladder(ladder: LadderLike) -> LadderLayout:
    """The stairs from bottom to top."""
    base = TALL_TOP + TALL.length
    steps = tuple(_steps(ladder, TALL, base))
    return LadderLayout(
        form=TALL,
        width=TALL_WIDTH,
        height=base + 16,
        base=base,
        ground=_ground(ladder, TALL, base),
        steps=steps,
        ticks=tuple(_ticks(ladder, TALL, base)),
        markers=tuple(_tall_markers(ladder, steps, base)),
    )


def _tall_markers(
    ladder: LadderLike, steps: Sequence[LadderStep], base: int
) -> Iterator[LadderMarker]:
    found: list[tuple[Point, str, str, str]] = [
        (
            TALL.spot(value, ladder, base),
            kind,
            _("Resmi") if kind == "official" else _label(kind),
            format_points(value),
        )
        for kind, value in _totals(ladder)
    ]
    if ladder.target_minimum is not None:
        spot = TALL.spot(ladder.target_minimum, ladder, base)
        found.append((spot, "target", _target_words(ladder), ""))
    if ladder.award is not None:
        found += [
            (
                (step.x + step.width, step.y + step.height // 2),
                "award",
                step.predikat,
                str(ladder.award.year),
            )
            for step in steps
            if step.predikat == ladder.award.predikat
        ]
    found.sort(key=lambda entry: entry[0][1])
    rows = spread([y for (_x, y), *_words in found], TALL_ROW, TALL_TOP, base)
    for ((x, y), kind, label, figure), row in zip(found, rows, strict=True):
        yield LadderMarker(kind, label, figure, x, y, TALL_WORDS, row)


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


# --- Small: only the ramp and the totals ------------------------------------------------------------

SMALL_BASE = 66


def small_ladder(ladder: LadderLike) -> LadderLayout:
    """The ramp with its totals, without a word."""
    return LadderLayout(
        form=SMALL,
        width=SMALL.length + 2 * SMALL.start,
        height=SMALL_BASE + 2,
        base=SMALL_BASE,
        ground=_ground(ladder, SMALL, SMALL_BASE),
        steps=tuple(_steps(ladder, SMALL, SMALL_BASE)),
        ticks=(),
        markers=tuple(
            LadderMarker(kind, "", "", *SMALL.spot(value, ladder, SMALL_BASE))
            for kind, value in _totals(ladder)
        ),
    )
