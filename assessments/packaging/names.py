"""File names out of any text: readable, and valid on Windows, in a ZIP and on Linux."""

from __future__ import annotations

import re
import unicodedata
from itertools import count

from assessments.filetypes.names import NAMELESS, safe_name

MAX_PART = 80
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Windows takes these for devices, whatever follows the dot.
DEVICE = re.compile(r"(?i:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)")
FIRST_NUMBER = re.compile(r"^[0-9]+")


def safe_part(text: str, limit: int = MAX_PART) -> str:
    """One part of a path, never empty and at most `limit` long, cut between words if possible.

    The length is counted as Windows counts it, in UTF-16 units; 80 of them are at most
    240 bytes of UTF-8, which Linux allows as well.
    """
    # The mark that `safe_name` ends a directory with would swallow everything before it.
    flat = FORBIDDEN.sub("-", unicodedata.normalize("NFC", text))
    tidy = _cut(safe_name(flat).strip(". "), limit) or NAMELESS[:limit]
    return _cut(f"_{tidy}", limit) if DEVICE.match(tidy) else tidy


def distinct(text: str, taken: set[str], *, limit: int = MAX_PART, extension: str = "") -> str:
    """A safe name that no other one in `taken` equals, even where case does not count."""
    for number in count(1):
        tail = extension if number == 1 else f" ({number}){extension}"
        name = safe_part(text, limit - len(tail)) + tail
        key = unicodedata.normalize("NFC", name.upper().casefold())
        if key not in taken:
            taken.add(key)
            break
    return name


def sortable(code: str) -> str:
    """The code of an indicator with two digits, so that folders stand in the right order."""
    return FIRST_NUMBER.sub(lambda number: number[0].zfill(2), code)


def _cut(text: str, limit: int) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    start = units[: 2 * limit].decode("utf-16-le", errors="ignore")  # never half an emoji
    space = start.rfind(" ")
    if text[len(start)] != " " and space > len(start) // 2:
        start = start[:space]
    return start.rstrip(". ")
