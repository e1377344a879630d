"""Which level a unit has by the rules of its city: Pratama, Madya, Nindya. Knows no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from django.utils.translation import gettext as _

from territories.choices import RatingLevel

PACKAGED = resources.files("territories") / "rating_rules.yaml"
WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class LevelRule:
    """`at_least` per cent of the criteria asked, and by their codes those that must be among them."""

    level: RatingLevel
    at_least: int
    required: frozenset[str] = frozenset()

    @property
    def codes(self) -> list[str]:
        """What is required, in the order of codes."""
        return sorted(self.required)


@dataclass(frozen=True, slots=True)
class RatingRules:
    """The levels from the lowest to the highest; what one requires, those above it require too."""

    levels: tuple[LevelRule, ...]
    source: str

    @property
    def required(self) -> frozenset[str]:
        return frozenset().union(*(rule.required for rule in self.levels))

    def level(self, favourable: Collection[str], asked: Collection[str]) -> RatingLevel | None:
        """The level of a unit that was asked these criteria, and for which these speak.

        A required criterion of which the unit is not asked (of the other level) requires nothing.
        """
        reached = None
        for rule in self.levels:
            lacking = (rule.required & set(asked)) - set(favourable)
            if lacking or len(favourable) * WHOLE < rule.at_least * len(asked):
                break
            reached = rule.level
        return reached


@dataclass(frozen=True, slots=True)
class Rating:
    """What accepted reports say for certain, and how far those that are missing could lift it."""

    asked: int
    favourable: int
    missing: tuple[str, ...]
    surely: RatingLevel | None
    at_best: RatingLevel | None

    @property
    def is_settled(self) -> bool:
        """Whether no report that is still missing can change the level."""
        return self.asked > 0 and self.surely == self.at_best

    @property
    def code(self) -> str:
        """A RatingLevel, `none` below the lowest, `open` while it is not settled."""
        if not self.is_settled:
            return "open"
        return self.surely.value if self.surely else "none"

    @property
    def label(self) -> str:
        return rating_labels()[self.code]

    @property
    def mark(self) -> str:
        """One letter that can be told apart in greyscale."""
        return {"none": "B", "open": "–"}.get(self.code, self.code[:1].upper())

    @property
    def words(self) -> str:
        """The level, or from which to which it can still be."""
        if self.is_settled or not self.asked:
            return self.label
        least = self.surely.label if self.surely else _("belum Pratama")
        most = self.at_best.label if self.at_best else _("belum Pratama")
        return f"{self.label}: {least} – {most}"


def rating_labels() -> dict[str, str]:
    """What people read for each code of a rating, the best first."""
    return {
        **{level.value: str(level.label) for level in reversed(RatingLevel)},
        "none": _("Belum Pratama"),
        "open": _("Belum dapat dinilai"),
    }


def rate(rules: RatingRules, verdicts: Mapping[str, bool | None]) -> Rating:
    """The rating of a unit; by criterion whether it speaks for the unit, None without a report."""
    favourable = {code for code, verdict in verdicts.items() if verdict}
    missing = tuple(code for code, verdict in verdicts.items() if verdict is None)
    return Rating(
        asked=len(verdicts),
        favourable=len(favourable),
        missing=missing,
        surely=rules.level(favourable, verdicts),
        at_best=rules.level(favourable.union(missing), verdicts),
    )


@cache
def packaged_rules() -> RatingRules:
    """Those that hold where a city has none of its own. Raises KeyError or ValueError."""
    data = yaml.safe_load(PACKAGED.read_text(encoding="utf-8"))
    return RatingRules(
        levels=tuple(
            LevelRule(RatingLevel(one["level"]), int(one["at_least"]), frozenset(one["required"]))
            for one in data["levels"]
        ),
        source=data["source"],
    )
