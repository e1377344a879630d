"""How points, shares, dates and sizes look on every page."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from figures.values import NOTHING, grouped, written_points

register = template.Library()

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
KILO = 1024
BYTE_UNITS = ("byte", "KB", "MB", "GB")


@register.filter
def points(value: Decimal | int | str | None) -> str:
    """Points as people write them: 642,5 and 1.000; a dash where there are none."""
    if value is None or value == "":
        return NOTHING
    return written_points(Decimal(value))


@register.filter
def persen(value: Decimal | float | str | None) -> str:
    """A share from 0 to 1 as a whole percentage: 0.425 as 43%."""
    if value is None or value == "":
        return NOTHING
    share = Decimal(str(value)) * 100
    return f"{grouped(share.quantize(Decimal(1), ROUND_HALF_UP))}%"


@register.filter
def tanggal(value: dt.date | None) -> str:
    """A date with the name of its month: 21 November 2026."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y", use_l10n=False)


@register.filter
def waktu(value: dt.datetime | None) -> str:
    """A moment in the reader's zone: 21 November 2026 14.05 WIB."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    day = date_format(local, "j F Y", use_l10n=False)
    return f"{day} {local:%H.%M} {_zone_name(local)}".rstrip()


def _zone_name(moment: dt.datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return ""
    hours = offset.total_seconds() / 3600
    return ZONES.get(int(hours), f"UTC{hours:+g}") if hours == int(hours) else f"UTC{hours:+g}"


@register.filter
def ukuran(value: int | str | None) -> str:
    """The size of a file: 2,4 MB."""
    if value is None or value == "":
        return NOTHING
    size = Decimal(value)
    unit = BYTE_UNITS[0]
    for unit in BYTE_UNITS:
        if size < KILO or unit == BYTE_UNITS[-1]:
            break
        size /= KILO
    return f"{grouped(size.quantize(Decimal('0.1'), ROUND_HALF_UP))} {unit}"


@register.filter
def change(value: Decimal | None) -> str:
    """A difference with its sign: +12,5 and −60; a dash where there is nothing to compare."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{points(abs(value))}"
