"""How somebody is called upon in a conversation: @ and a code, of an OPD or of the Gugus Tugas."""

from __future__ import annotations

import re
from collections.abc import Iterable

COORDINATOR = "GUGUSTUGAS"


def mention_pattern(codes: Iterable[str]) -> re.Pattern[str]:
    """Finds “@KODE” in any case, with the code as its one group; not inside an e-mail address."""
    longest_first = sorted(codes, key=len, reverse=True)
    names = "|".join(re.escape(code) for code in longest_first)
    return re.compile(rf"(?<![\w@.-])@({names})(?![\w-])", re.IGNORECASE)
