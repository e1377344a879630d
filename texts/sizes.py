"""The size of a file in words, the same ones in every sentence."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat

KILO = 1024


def written_size(count: int) -> str:
    """The size of `count` bytes: 41 byte, 2,4 MB, with a space that does not break.

    Django's own Indonesian says "bita", which no other page does.
    """
    return f"{count}\xa0byte" if count < KILO else str(filesizeformat(count))
