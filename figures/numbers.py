"""How points, shares, changes, dates, moments and file sizes are written, for every page and file.

Indonesian marks (1.234,5), English ones on English pages (1,234.5), a true minus (−), a dash (–)
where there is nothing. What a trail has
once hashed keeps the text it has; only new lines are written by these.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

NOTHING = "–"
# A person reads at most three decimals; the instrument's own points have no more.
SHOWN = Decimal("0.001")
TENTH = Decimal("0.1")
KILO = 1024
BYTE_UNITS = ("byte", "KB", "MB", "GB")
ENGLISH = "en"
INDONESIAN_MARKS = str.maketrans(",.", ".,")
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours before UTC


def format_number(value: Decimal) -> str:
    """1234.50 as 1.234,5 and -2 as −2, without trailing zeros; every other digit is kept."""
    return _marked(_grouped(value))


def _grouped(value: Decimal) -> str:
    text = f"{value:,f}".replace("-", "−")
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    return "0" if text == "−0" else text


def _marked(number: str) -> str:
    """1,234.5 with the marks of the language."""
    return number if get_language() == ENGLISH else number.translate(INDONESIAN_MARKS)


def format_points(value: Decimal | int | str | None) -> str:
    """Points, rounded half up to three decimals: 642,5 and 1.000; a dash for none."""
    if value is None or value == "":
        return NOTHING
    return format_number(Decimal(value).quantize(SHOWN, ROUND_HALF_UP))


def format_rupiah(value: int | str | None) -> str:
    """Whole rupiah, every digit kept: Rp1.250.000.000 in any language, as it is typed and printed on
    money; a dash for none."""
    if value is None or value == "":
        return NOTHING
    return f"Rp{_grouped(Decimal(value)).translate(INDONESIAN_MARKS)}"


def format_change(value: Decimal | int | None) -> str:
    """A difference with its sign: +12,5 and −60; a dash where there is nothing to compare."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{format_points(abs(Decimal(value)))}"


def format_ungrouped(value: Decimal | None) -> str:
    """0,66 and 1000: no mark between thousands, as addresses and fields take them."""
    return NOTHING if value is None else _marked(f"{value.normalize():f}")


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """The part in hundredths of the whole, half up to one decimal; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


def format_share(value: Decimal | float | str | None) -> str:
    """A share from 0 to 1 as a whole percentage, half up: 0.425 as 43%; a dash for none."""
    if value is None or value == "":
        return NOTHING
    share = Decimal(str(value)) * 100
    return f"{format_number(share.quantize(Decimal(1), ROUND_HALF_UP))}%"


def format_date(value: dt.date | None) -> str:
    """21 November 2026, a moment by the reader's calendar; a dash for none."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y", use_l10n=False)


def format_short_date(day: dt.date) -> str:
    """8/10/2026, day first, where there is no room for the name of a month."""
    return f"{day.day}/{day.month}/{day.year}"


def format_moment(local: dt.datetime) -> str:
    """21 November 2026 14.05, by the clock that `local` itself is set to."""
    pattern = "j F Y H:i" if get_language() == ENGLISH else "j F Y H.i"
    return date_format(local, pattern, use_l10n=False)


def format_zoned_moment(value: dt.datetime | None) -> str:
    """21 November 2026 14.05 WIB, by the reader's clock; without a zone where it has none."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{format_moment(local)} {_zone_name(local)}".rstrip()


def _zone_name(moment: dt.datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return ""
    hours = offset.total_seconds() / 3600
    return ZONES.get(int(hours), f"UTC{hours:+g}") if hours == int(hours) else f"UTC{hours:+g}"


def format_file_size(value: int | str | None) -> str:
    """The size of a file of so many bytes, for a list: 1 KB, 2,4 MB; a dash for none."""
    if value is None or value == "":
        return NOTHING
    size = Decimal(value)
    unit = BYTE_UNITS[0]
    for unit in BYTE_UNITS:
        if size < KILO or unit == BYTE_UNITS[-1]:
            break
        size /= KILO
    return f"{format_number(size.quantize(TENTH, ROUND_HALF_UP))} {unit}"


def format_size_limit(count: int) -> str:
    """The same for a sentence: 41 byte, 1,0 KB, with a space that does not break.

    Django's own Indonesian says "bita", which no other page does.
    """
    return f"{count}\xa0byte" if count < KILO else str(filesizeformat(count))


def too_large_facts(size: int, limit: int) -> dict[str, str]:
    """`size` and `limit` for a sentence, in bytes where both would read the same."""
    facts = {"size": format_size_limit(size), "limit": format_size_limit(limit)}
    if facts["size"] != facts["limit"]:
        return facts
    return {
        name: f"{format_number(Decimal(count))}\xa0byte"
        for name, count in (("size", size), ("limit", limit))
    }
