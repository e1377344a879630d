"""What a page of the way to a predikat is asked for; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from figures.numbers import format_ungrouped
from plans.choices import Basis


@dataclass(frozen=True, slots=True)
class PathwayQuery:
    """A goal, the points to set out from, and questions to take or to leave.

    `predikat` is empty where any total is meant.
    """

    predikat: str
    total: Decimal
    basis: Basis
    locked: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def with_locked(self, code: str) -> PathwayQuery:
        kept = self.without(code)
        return replace(kept, locked=(*kept.locked, code))

    def with_excluded(self, code: str) -> PathwayQuery:
        kept = self.without(code)
        return replace(kept, excluded=(*kept.excluded, code))

    def without(self, code: str) -> PathwayQuery:
        """Neither locked nor excluded."""
        return replace(
            self,
            locked=tuple(one for one in self.locked if one != code),
            excluded=tuple(one for one in self.excluded if one != code),
        )

    @property
    def querystring(self) -> str:
        """The part of the address that asks for this."""
        goal = [("tujuan", self.predikat)]
        if not self.predikat:
            total = format_ungrouped(self.total)
            goal = [("tujuan", TOTAL), ("total", total)]
        return "?" + urlencode(
            [
                *goal,
                ("dasar", self.basis.value),
                *(("kunci", code) for code in self.locked),
                *(("kecuali", code) for code in self.excluded),
            ]
        )


TOTAL = "total"  # the goal that is no predikat
