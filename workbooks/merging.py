"""A value of a file, what was exported and what the site holds now: which of them remains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How a row of a file stands to the site."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    CONFLICT = "conflict"


def merged(
    given: Any, base: Any, site: Any, *, equal: Callable[[Any, Any], bool]
) -> tuple[Any, bool]:
    """What results of one value, and whether file and site changed it to different ones."""
    if equal(given, base) or equal(given, site):
        return site, False
    return given, not equal(site, base)


def digest_of(rows: Iterable[Sequence[str]]) -> str:
    """Of what a preview shows (SHA-256 in hexadecimal): another one means that it is no longer so."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update("\x1f".join(row).encode() + b"\x1e")
    return digest.hexdigest()
