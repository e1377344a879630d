"""Small drawings joined from whole numbers; a template for each row of a table costs too much."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from figures.layout import bars as charts

FRAME = f'<rect class="bar__frame" x="0" y="0" width="{charts.FULL}" height="16" />'
# States that differ from the others by their hatching too (components/chart_patterns.html).
HATCHED = frozenset({"returned", "late"})


def meter(bar: charts.Bar) -> SafeString:
    """One bar: evidenced solid, claimed light, the maximum outlined. The figures stand beside it."""
    parts = (
        ("maximum", bar.maximum),
        ("claimed", bar.claimed),
        ("evidenced", bar.evidenced),
        ("frame", bar.maximum),
    )
    drawn = "".join(
        f'<rect class="bar__{name}" x="0" y="0" width="{width}" height="16" />'
        for name, width in parts
    )
    return mark_safe(
        '<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f"{drawn}</svg>"
    )


class Spread(Protocol):
    """A forecast with its bounds, on the way from nothing to `maximum`."""

    @property
    def low(self) -> Decimal: ...
    @property
    def expected(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def claimed(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


def spread_bar(row: Spread) -> SafeString:
    """What is claimed light, the range upon it solid, what is likeliest a line across."""
    claimed, low, middle, high = (
        charts.along(value, row.maximum, charts.FULL)
        for value in (row.claimed, row.low, row.expected, row.high)
    )
    return mark_safe(
        '<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar__claimed" x="0" y="0" width="{claimed}" height="16" />'
        f'<rect class="bar__evidenced" x="{low}" y="0" width="{high - low}" height="16" />'
        f'<path class="bar__middle" d="M{middle} 0V16" />'
        f"{FRAME}</svg>"
    )


def stacked_bar(counts: Mapping[str, int]) -> SafeString:
    """An agency's questions by state (done, waiting, returned, late, untouched) on one line."""
    words = _(
        "%(done)d diterima, %(waiting)d menunggu, %(returned)d dikembalikan, %(late)d terlambat, "
        "%(untouched)d belum dikerjakan"
    )
    drawn = "".join(_part(part) for part in charts.stacked(counts)) + FRAME
    return format_html(
        '<svg class="bar bar--stacked" viewBox="0 0 1000 16" preserveAspectRatio="none" role="img">'
        "<title>{}</title>{}</svg>",
        words % counts,
        mark_safe(drawn),
    )


def _part(part: charts.Part) -> str:
    fill = f' fill="url(#hatch-{part.state})"' if part.state in HATCHED else ""
    return (
        f'<rect class="part part--{part.state}" x="{part.x}" y="0" '
        f'width="{part.width}" height="16"{fill} />'
    )


def fall_bar(points: Decimal, before: Decimal | None, maximum: Decimal) -> SafeString:
    """One step of a waterfall: what stayed, then what was lost (hatched) or gained (light)."""
    previous = points if before is None else before
    kept = charts.along(min(points, previous), maximum, charts.FULL)
    end = charts.along(max(points, previous), maximum, charts.FULL)
    moved = ""
    if end > kept:
        look = (
            'class="fall__gained"'
            if points > previous
            else 'class="fall__lost" fill="url(#hatch-lost)"'
        )
        moved = f'<rect {look} x="{kept}" y="0" width="{end - kept}" height="16" />'
    return mark_safe(
        '<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="fall__kept" x="0" y="0" width="{kept}" height="16" />{moved}{FRAME}</svg>'
    )


def plain_bar(width: int) -> SafeString:
    """A solid bar of a length on the line; its figure stands beside it."""
    return mark_safe(
        '<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar__evidenced" x="0" y="0" width="{width}" height="16" /></svg>'
    )
