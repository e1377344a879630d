"""Calendar days as Indonesians write them: 21-11-2026, 21/11/2026, 21 November 2026, 2026-11-21.

The day comes first wherever numbers alone are written, and a year has four digits: of 21-11-26
nobody can tell which number is the year.
"""

from __future__ import annotations

import datetime as dt
import re

EARLIEST, LATEST = 1900, 2100  # years of papers that a city could hold
TYPED = "%d-%m-%Y"
TYPED_MOMENT = "%d-%m-%Y %H.%M.%S"

# In full and as they are shortened; the English ones, for many programs write no others.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu ags agt aug august",
            "september sep sept",
            "oktober okt october oct",
            "november nov nopember nop",
            "desember des december dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

# Each part gives nothing back and is short, so that no text keeps the search busy.
_SHAPES = (
    r"(?P<day>[0-9]{1,2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})",
    r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
    rf"(?P<day>[0-9]{{1,2}})[\s./-]{{0,3}}(?P<name>{MONTH})\.?[\s,./-]{{0,3}}(?P<year>[0-9]{{4}})",
    r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4})",
)
_READERS = tuple(re.compile(shape, re.IGNORECASE | re.ASCII) for shape in _SHAPES)


def day_from(text: str) -> dt.date | None:
    """The day that the whole text names; None where it names none, or no day of the calendar."""
    words = " ".join(text.split())
    for reader in _READERS:
        if shape := reader.fullmatch(words):
            return _day(shape)
    return None


_TIME = re.compile(
    r"(?P<day>.+?)(?:T|,? )(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2})(?:[.:](?P<second>[0-9]{2}))?",
    re.ASCII,
)


def moment_from(text: str) -> dt.datetime | None:
    """The moment of a wall clock that the whole text names: 21-11-2026 14.30 or 2026-11-21T14:30:59."""
    shape = _TIME.fullmatch(" ".join(text.split()))
    day = day_from(shape["day"]) if shape else None
    if shape is None or day is None:
        return None
    try:
        time = dt.time(int(shape["hour"]), int(shape["minute"]), int(shape["second"] or 0))
    except ValueError:
        return None
    return dt.datetime.combine(day, time)


def written(day: dt.date) -> str:
    """As a person types it: 21-11-2026."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _day(shape: re.Match[str]) -> dt.date | None:
    said = shape.groupdict()
    month = MONTHS[said["name"].lower()] if said.get("name") else int(said["month"])
    year = int(said["year"])
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return dt.date(year, month, int(said["day"]))
    except ValueError:
        return None
