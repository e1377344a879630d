"""The fingerprint of a line of a trail; knows no Django.

Each line's hash covers the hash of the line before it, so that a line which was altered,
removed, moved or pushed in no longer fits the ones that follow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

START = ""  # what stands for the line before the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a hash covers: everything of a line but the hash itself.

    Each trail adds what its own lines say; the names of those fields tell the trails apart.
    """

    position: int
    deed: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    at: datetime
    by: int
    address: str | None
    previous_hash: str


def digest(line: Line) -> str:
    """SHA-256 over the line as JSON with sorted keys, in ASCII, the moment in UTC.

    The same on every database: numbers in `before` and `after` are text, and no field is
    kept more exactly than a microsecond.
    """
    moment = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    values = {field.name: getattr(line, field.name) for field in fields(line)} | {"at": moment}
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
