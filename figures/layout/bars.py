"""Where the lines of our plots go: pure geometry, whole units only.

Coordinates are integers because a decimal would be printed with the comma of the
Indonesian locale and break the attribute it stands in.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

FULL = 1000  # the length of every bar, and of the wide ladder, in drawing units


class BarRow(Protocol):
    """One line of a bar table: a cluster, or an indicator under its number."""

    @property
    def label(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def claimed(self) -> Decimal: ...
    @property
    def evidenced(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


def along(value: Decimal | float, maximum: Decimal | float, length: int) -> int:
    """A value's place on a line of `length`, kept on the line."""
    if maximum <= 0:
        return 0
    return max(0, min(length, round(Decimal(value) * length / Decimal(maximum))))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is proven, what is claimed and what could be had, in drawing units."""

    evidenced: int
    claimed: int
    maximum: int
    share: Decimal | None
    row: BarRow | None = None


def bar(
    evidenced: Decimal | None,
    claimed: Decimal | None,
    maximum: Decimal,
    *,
    scale: Decimal | None = None,
    row: BarRow | None = None,
) -> Bar:
    """A bar of `maximum` on a line that ends at `scale`."""
    whole = scale if scale is not None else maximum
    return Bar(
        evidenced=along(evidenced or 0, whole, FULL),
        claimed=along(claimed or 0, whole, FULL),
        maximum=along(maximum, whole, FULL),
        share=(evidenced or Decimal(0)) / maximum if maximum else None,
        row=row,
    )


def bars(rows: Iterable[BarRow], *, shared_scale: bool) -> list[Bar]:
    """The rows as bars; on a shared scale a cluster worth twice as much is twice as long."""
    rows = list(rows)
    longest = max((row.maximum for row in rows), default=Decimal(0))
    return [
        bar(
            row.evidenced,
            row.claimed,
            row.maximum,
            scale=longest if shared_scale else None,
            row=row,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Part:
    state: str
    count: int
    x: int
    width: int


def stacked(counts: Mapping[str, int]) -> list[Part]:
    """The counts end to end on one line, filling it exactly; nothing is left out by rounding."""
    total = sum(counts.values())
    parts: list[Part] = []
    before = 0
    for state, count in counts.items():
        start, end = along(before, total, FULL), along(before + count, total, FULL)
        if count:
            parts.append(Part(state, count, start, end - start))
        before += count
    return parts


RADAR_X, RADAR_Y, RADAR_R = 210, 165, 112
RADAR_LINE = 17  # the height of one line of words
UPPER = 0.5  # above this, words grow upwards from the spoke's end
UPRIGHT = 0.2  # a spoke this close to the vertical has its words centred


@dataclass(frozen=True, slots=True)
class Axis:
    x: int
    y: int
    text_x: int
    text_y: int
    anchor: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Outlines as the `points` of SVG polygons around one centre."""

    x: int
    y: int
    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    evidenced: str
    claimed: str


def radar(rows: Sequence[BarRow]) -> Radar:
    """Each row as a spoke from nothing to its own maximum."""
    count = len(rows)
    return Radar(
        x=RADAR_X,
        y=RADAR_Y,
        axes=tuple(_axis(row, index, count) for index, row in enumerate(rows)),
        rings=tuple(
            " ".join(_spoke(index, count, Decimal(ring) / 4) for index in range(count))
            for ring in (1, 2, 3, 4)
        ),
        evidenced=_outline([(row.evidenced, row.maximum) for row in rows]),
        claimed=_outline([(row.claimed, row.maximum) for row in rows]),
    )


def _outline(shares: Sequence[tuple[Decimal, Decimal]]) -> str:
    return " ".join(
        _spoke(index, len(shares), min(Decimal(1), value / maximum) if maximum else Decimal(0))
        for index, (value, maximum) in enumerate(shares)
    )


def _spoke(index: int, count: int, share: Decimal) -> str:
    angle = 2 * math.pi * index / count
    x = RADAR_X + round(math.sin(angle) * RADAR_R * float(share))
    y = RADAR_Y - round(math.cos(angle) * RADAR_R * float(share))
    return f"{x},{y}"


def _axis(row: BarRow, index: int, count: int) -> Axis:
    angle = 2 * math.pi * index / count
    east, north = math.sin(angle), math.cos(angle)
    lines = textwrap.wrap(row.label, 14) or [""]
    text_y = RADAR_Y - round(north * (RADAR_R + 18)) + 5
    if north > UPPER:
        text_y -= RADAR_LINE * (len(lines) - 1)
    return Axis(
        x=RADAR_X + round(east * RADAR_R),
        y=RADAR_Y - round(north * RADAR_R),
        text_x=RADAR_X + round(east * (RADAR_R + 14)),
        text_y=text_y,
        anchor="middle" if abs(east) < UPRIGHT else "start" if east > 0 else "end",
        lines=tuple((text_y + RADAR_LINE * place, line) for place, line in enumerate(lines)),
    )
