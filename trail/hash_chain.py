"""The hash of an entry of a trail; knows no Django.

Each entry's hash covers the hash of the entry before it, so that an entry which was altered,
removed, moved or inserted no longer fits the ones that follow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

START = ""  # stands for the hash of the entry before the first


def digest(values: Mapping[str, object], *, at: datetime) -> str:
    """SHA-256, in hexadecimal digits, over the values as JSON with sorted keys, in ASCII.

    The moment is written in UTC to the microsecond, the most that every database keeps. Numbers
    with decimals have to come as text (`changes.recorded`). Every hash that was ever stored was
    made here: what this returns for the same values may never change.
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(
        {**values, "at": moment}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()
