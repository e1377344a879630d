"""The rules by which a plan is followed, as rules.yaml has them. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from monitoring.choices import Light

PACKAGED = Path(__file__).parent / "rules.yaml"


@dataclass(frozen=True, slots=True)
class Proof:
    """Which question the matrix of a year proves, and as which kind of document."""

    question: str
    kind: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All in percent: `expected` by quarter; `lights` from the highest bound to the lowest.

    `child_share` is supposed of the ceilings of actions that say none; None where nothing is.
    """

    source: str
    expected: Mapping[int, Decimal]
    lights: tuple[tuple[Light, Decimal], ...]
    child_share: Decimal | None

    def light(self, physical: Decimal | None, quarter: int, *, is_due: bool) -> Light:
        """How `physical` percent at the end of a quarter stand; None was not reported.

        `is_due` says that the deadline of the report has passed.
        """
        if physical is None:
            return Light.MISSING if is_due else Light.AWAITED
        reached = physical * 100 / self.expected[quarter]
        return next(light for light, at_least in self.lights if reached >= at_least)

    def supposed(self, ceiling: int) -> int:
        """The rupiah of a ceiling that serve children where its action says nothing, rounded down."""
        return 0 if self.child_share is None else int(ceiling * self.child_share // 100)


@cache
def packaged_rules() -> Rules:
    """Raises KeyError or ValueError where the file does not fit."""
    data = _packaged()
    bounds = [(Light(one["light"]), Decimal(one["at_least"])) for one in data["lights"]]
    share = data["child_share"]
    return Rules(
        source=data["source"],
        expected={quarter: Decimal(part) for quarter, part in data["expected"].items()},
        lights=tuple(sorted(bounds, key=lambda one: -one[1])),
        child_share=None if share is None else Decimal(share),
    )


@cache
def proofs() -> Mapping[str, Proof]:
    """By code of the instrument, what the matrix of a year proves."""
    return {code: Proof(**one) for code, one in _packaged()["proves"].items()}


def _packaged() -> dict[str, Any]:
    return yaml.safe_load(PACKAGED.read_text(encoding="utf-8"))
