"""The shape of a city: each cluster's share of its own maximum as a spoke around one centre."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from figures.layout.bars import BarRow, share_of
from figures.layout.shapes import (
    Anchor,
    Drawing,
    LegendEntry,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Words,
)
from figures.numbers import format_share

WIDTH, HEIGHT = 420, 340
CENTRE_X, CENTRE_Y, RADIUS = 210, 165, 112
LINE = 17  # the height of one line of words
LETTERS = 14  # of one line of words
UPPER = 0.5  # above this, words grow upwards from the spoke's end
UPRIGHT = 0.2  # a spoke this close to the vertical has its words centred
RINGS = 4


def radar(rows: Sequence[BarRow]) -> Drawing:
    """The drawing of the rows, clockwise from the top; proven filled, claimed dashed."""
    count = len(rows)
    shapes: list[Shape] = []
    for ring in range(1, RINGS + 1):
        points = [_spoke(index, count, Decimal(ring) / RINGS) for index in range(count)]
        outer = " radar__ring--outer" if ring == RINGS else ""
        shapes.append(Polygon(f"radar__ring{outer}", tuple(points)))
    centre = (CENTRE_X, CENTRE_Y)
    shapes += [
        Polyline("radar__spoke", (centre, _spoke(index, count, Decimal(1))))
        for index in range(count)
    ]
    shapes.append(Polygon("radar__claimed", _outline([(row.claimed, row.maximum) for row in rows])))
    shapes.append(
        Polygon("radar__evidenced", _outline([(row.evidenced, row.maximum) for row in rows]))
    )
    for index, row in enumerate(rows):
        shapes += _label(row.label, index, count)
    told = (f"{row.label}: {_('terbukti')} {format_share(share_of(row))}." for row in rows)
    return Drawing(
        style="radar__drawing",
        width=WIDTH,
        height=HEIGHT,
        shapes=shapes,
        title=_("Bagian dari nilai maksimum tiap klaster"),
        description=" ".join(told),
        legend=[
            LegendEntry(_("Terbukti"), [Rectangle("radar__evidenced", 2, 6, 20, 12)]),
            LegendEntry(_("Diklaim"), [Rectangle("radar__claimed", 2, 6, 20, 12)]),
        ],
    )


def _outline(shares: Sequence[tuple[Decimal, Decimal]]) -> tuple[Point, ...]:
    return tuple(
        _spoke(index, len(shares), min(Decimal(1), value / maximum) if maximum else Decimal(0))
        for index, (value, maximum) in enumerate(shares)
    )


def _spoke(index: int, count: int, share: Decimal) -> Point:
    """The point on a spoke at a share of its length, 0 to 1."""
    angle = 2 * math.pi * index / count
    return (
        CENTRE_X + round(math.sin(angle) * RADIUS * float(share)),
        CENTRE_Y - round(math.cos(angle) * RADIUS * float(share)),
    )


def _label(text: str, index: int, count: int) -> Iterator[Words]:
    """The words at the end of a spoke, in lines of at most LETTERS."""
    angle = 2 * math.pi * index / count
    east, north = math.sin(angle), math.cos(angle)
    lines = textwrap.wrap(text, LETTERS) or [""]
    x = CENTRE_X + round(east * (RADIUS + 14))
    y = CENTRE_Y - round(north * (RADIUS + 18)) + 5
    if north > UPPER:
        y -= LINE * (len(lines) - 1)
    anchor: Anchor = "middle" if abs(east) < UPRIGHT else "start" if east > 0 else "end"
    for row, line in enumerate(lines):
        yield Words("radar__label", x, y + LINE * row, line, anchor)
