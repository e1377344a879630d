"""The traffic lights, by the rule in lights.yaml. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from monitoring.choices import Light

RULES = Path(__file__).parent / "lights.yaml"


@dataclass(frozen=True, slots=True)
class Proof:
    """Which question the matrix of a year proves, and as which kind of document."""

    question: str
    kind: str


@dataclass(frozen=True, slots=True)
class LightRules:
    """`expected` by quarter in percent; `lights` from the highest bound to the lowest."""

    source: str
    expected: Mapping[int, Decimal]
    lights: tuple[tuple[Light, Decimal], ...]
    proves: Mapping[str, Proof]

    def light(self, physical: Decimal | None, quarter: int, *, is_due: bool) -> Light:
        """How `physical` percent at the end of a quarter stand; None was not reported.

        `is_due` says that the deadline of the report has passed.
        """
        if physical is None:
            return Light.MISSING if is_due else Light.AWAITED
        reached = physical * 100 / self.expected[quarter]
        return next(light for light, at_least in self.lights if reached >= at_least)


@cache
def light_rules() -> LightRules:
    """Raises KeyError or ValueError where the file does not fit."""
    data = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    bounds = [(Light(one["light"]), Decimal(one["at_least"])) for one in data["lights"]]
    return LightRules(
        source=data["source"],
        expected={quarter: Decimal(share) for quarter, share in data["expected"].items()},
        lights=tuple(sorted(bounds, key=lambda one: -one[1])),
        proves={code: Proof(**one) for code, one in data["proves"].items()},
    )
