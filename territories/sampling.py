"""Which units of each kecamatan are visited, by lot. Knows no database.

The lot of a unit is the SHA-256 of the key of the draw, a colon and the code of the unit; the smallest
lots of a kecamatan are drawn. Anybody can recompute it, in any language and any order of units.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable


def new_seed() -> str:
    return secrets.token_hex(8)


def lot(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def drawn(pool: Iterable[tuple[str, str]], *, seed: str, per_district: int) -> list[str]:
    """Codes of the units drawn, in the order of codes; all of a kecamatan that has fewer.

    `pool` is kecamatan and unit, both by code.
    """
    below: dict[str, list[str]] = defaultdict(list)
    for district, code in pool:
        below[district].append(code)
    return sorted(
        code
        for codes in below.values()
        for code in sorted(codes, key=lambda code: lot(seed, code))[:per_district]
    )
