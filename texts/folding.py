"""Text as people type it, in the one form in which it is stored, compared and found."""

from __future__ import annotations

import re
import unicodedata

# They are not seen and mislead: zero-width signs and marks that turn the reading direction.
# The two joiners (U+200C, U+200D) stay: scripts and emoji are written with them.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
JOINERS = re.compile("[\u200c\u200d]")
MARKS = re.compile("[\u0300-\u036f]")


def composed(text: str) -> str:
    """The text in NFC, as it is stored: é is one character, whatever the keyboard sent."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """The same without signs that nobody sees."""
    return text if text.isascii() else composed(INVISIBLE.sub("", text))


def as_title(text: str) -> str:
    """The title of a column as it is compared: one line, single spaces, no case, no quotes."""
    plain = unicodedata.normalize("NFKC", JOINERS.sub("", INVISIBLE.sub("", text)))
    return " ".join(plain.split()).strip(' "').casefold()


def folded(text: str) -> str:
    """As a search compares it: Café, café and cafe are one. PostgreSQL does the same in SQL."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", INVISIBLE.sub("", text))
    return MARKS.sub("", plain).lower()
