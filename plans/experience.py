"""What finished years teach of the share of a claim that verification leaves. Pure.

A question keeps what the city keeps in general, times what questions of its kind keep beside
others, times what its documents say of it. Each of the three starts from what is published or
guessed, and gives way to the city's own finished years the more these weigh
(docs/decisions/0022).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from plans.published import SHARE, SPREAD

CITY_SPREAD = YEAR_SPREAD = SPREAD / math.sqrt(2)  # cities differ as much as years: nobody knows
YEAR_WEIGHT = 2  # years that the guess at YEAR_SPREAD is worth beside a city's own
SCATTER = 0.75  # variance a point of all or nothing: a claim of 3 points, four fifths of it kept
KIND_DOUBT = 0.15  # how far kinds differ, as a part of their share
CONDITION_DOUBT = 0.25  # how far a guess at a condition may be off
CHANCE = 0.5  # 1 where a question keeps all or nothing, 0 where all keep the same share
CHANCE_WEIGHT = 50  # questions that the guess at CHANCE is worth
ROUNDS = 6  # after so many the ratios no longer move by a thousandth


class Condition(StrEnum):
    """What the documents of a claim say of it; of several the first one counts."""

    MISSING = "missing"
    RETURNED = "returned"
    LOWERED = "lowered"
    STALE = "stale"
    REUSED = "reused"
    LINK_ONLY = "link_only"
    RETURNED_BEFORE = "returned_before"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    UNRECORDED = "unrecorded"


# What a claim keeps beside one whose documents our own review accepted. Guesses until the
# city's own years say otherwise; no source has published such figures.
GUESSES = {
    Condition.MISSING: 0.3,
    Condition.RETURNED: 0.5,
    Condition.LOWERED: 0.7,
    Condition.STALE: 0.75,
    Condition.REUSED: 0.85,
    Condition.LINK_ONLY: 0.85,  # a page may be gone or changed on the day it is looked at
    Condition.RETURNED_BEFORE: 0.9,
    Condition.WAITING: 0.95,
    Condition.ACCEPTED: 1.0,
    Condition.UNRECORDED: 1.0,  # of an earlier year whose documents were never stored here
}
MEASURES = (Condition.ACCEPTED, Condition.UNRECORDED)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim above zero; `kind` is any name that questions of like nature share."""

    code: str
    points: float
    kind: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Outcome:
    """What verification left of some claims: of one question, or of a whole indicator."""

    claims: tuple[Claim, ...]
    verified: float

    @property
    def claimed(self) -> float:
        return sum(claim.points for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a kind or a condition keeps beside the others, and what that is known from.

    `doubt` is the part of it by which it may be off; `claimed` and `verified` are the points of
    finished years that went into it.
    """

    value: float
    doubt: float
    claimed: float = 0.0
    verified: float = 0.0


@dataclass(frozen=True, slots=True)
class Experience:
    """What finished years have taught, on top of what is published."""

    share: float  # what a year keeps where kind and condition change nothing
    doubt: float  # standard deviation of that share in the year to come
    kinds: Mapping[str, Ratio]
    conditions: Mapping[Condition, Ratio]
    chance: float
    years: int

    def kind(self, name: str) -> Ratio:
        return self.kinds.get(name, Ratio(1.0, KIND_DOUBT))

    def kept(self, claim: Claim) -> float:
        """The share of the claim that is expected to stay, from 0 to 1."""
        ratio = self.kind(claim.kind).value * self.conditions[claim.condition].value
        return min(1.0, self.share * ratio)


def learn(years: Sequence[Sequence[Outcome]]) -> Experience:
    """What finished years teach; of none, what is published and guessed."""
    years = [year for year in years if sum(outcome.claimed for outcome in year) > 0]
    fit = _Fit({}, {condition: _guess(condition) for condition in Condition}, CHANCE)
    for _round in range(ROUNDS if years else 0):
        fit = fit.refined(years)
    shares = [fit.share_of(year) for year in years]
    middle = fmean(shares) if shares else SHARE
    squares = YEAR_WEIGHT * YEAR_SPREAD**2 + sum((share - middle) ** 2 for share in shares)
    year_variance = squares / (YEAR_WEIGHT + max(0, len(shares) - 1))
    city_variance = 1 / (1 / CITY_SPREAD**2 + len(shares) / year_variance)
    weighed = SHARE / CITY_SPREAD**2 + sum(shares) / year_variance
    return Experience(
        share=city_variance * weighed,
        doubt=math.sqrt(city_variance + year_variance),
        kinds=fit.kinds,
        conditions=fit.conditions,
        chance=fit.chance,
        years=len(years),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Kinds and conditions beside each other, each told apart from the other by turns."""

    kinds: Mapping[str, Ratio]
    conditions: Mapping[Condition, Ratio]
    chance: float

    def of_kind(self, claim: Claim) -> float:
        return self.kinds[claim.kind].value if claim.kind in self.kinds else 1.0

    def of_condition(self, claim: Claim) -> float:
        return self.conditions[claim.condition].value

    def share_of(self, year: Sequence[Outcome]) -> float:
        """How strict the year was, once its kinds and conditions are taken out.

        Where the year's claims hang on conditions that are guessed, the published share holds
        against what they would make of it: a year of claims without documents is no proof that
        all others keep three times as much.
        """
        sums: defaultdict[Condition, float] = defaultdict(float)
        for outcome in year:
            for claim in outcome.claims:
                weight = self.of_kind(claim) * self.of_condition(claim)
                sums[claim.condition] += claim.points * weight
        weighed = sum(sums.values())
        found = sum(outcome.verified for outcome in year) / weighed
        guessed = sum(
            (points * self.conditions[condition].doubt) ** 2 for condition, points in sums.items()
        )
        doubt = (found / weighed) ** 2 * guessed
        return (SHARE * doubt + found * SPREAD**2) / (doubt + SPREAD**2)

    def refined(self, years: Sequence[Sequence[Outcome]]) -> _Fit:
        """One turn: kinds beside these conditions, conditions beside those kinds, then chance."""
        fit = replace(self, kinds=self.by_kind(years))
        fit = replace(fit, conditions=fit.by_condition(years))
        return replace(fit, chance=fit.chance_in(years))

    def by_kind(self, years: Sequence[Sequence[Outcome]]) -> dict[str, Ratio]:
        sums: defaultdict[str, _Sum] = defaultdict(_Sum)
        for share, claim, verified in self._singles(years):
            sums[claim.kind].add(claim.points, share * self.of_condition(claim), verified)
        return {
            kind: total.beside(Ratio(1.0, KIND_DOUBT), self.chance) for kind, total in sums.items()
        }

    def by_condition(self, years: Sequence[Sequence[Outcome]]) -> dict[Condition, Ratio]:
        sums: defaultdict[Condition, _Sum] = defaultdict(_Sum)
        for share, claim, verified in self._singles(years):
            sums[claim.condition].add(claim.points, share * self.of_kind(claim), verified)
        return {
            condition: sums[condition].beside(_guess(condition), self.chance)
            for condition in Condition
        }

    def _singles(self, years: Sequence[Sequence[Outcome]]) -> Iterator[tuple[float, Claim, float]]:
        """Each question whose own outcome is known, with the share of its year."""
        for year in years:
            share = self.share_of(year)
            for outcome in year:
                if len(outcome.claims) == 1:
                    yield share, outcome.claims[0], outcome.verified

    def chance_in(self, years: Sequence[Sequence[Outcome]]) -> float:
        """How far questions left their year, as a part of what all or nothing would make."""
        seen = swung = 0.0
        count = 0
        for share, claim, verified in self._singles(years):
            kept = min(1.0, share * self.of_kind(claim) * self.of_condition(claim))
            seen += (verified - claim.points * kept) ** 2
            swung += swing(claim, kept)
            count += 1
        found = seen / swung if swung else CHANCE
        return (CHANCE_WEIGHT * CHANCE + count * found) / (CHANCE_WEIGHT + count)


@dataclass(slots=True)
class _Sum:
    """The points of questions that share a kind or a condition."""

    claimed: float = 0.0
    expected: float = 0.0
    verified: float = 0.0

    def add(self, points: float, share: float, verified: float) -> None:
        self.claimed += points
        self.expected += points * share
        self.verified += verified

    def beside(self, guess: Ratio, chance: float) -> Ratio:
        """What was found, drawn to the guess the more the fewer points there are.

        The guess weighs as much as points enough to tell it apart from chance; one without
        doubt is the measure of the others and stays.
        """
        if not guess.doubt:
            return Ratio(guess.value, 0.0, self.claimed, self.verified)
        weight = SCATTER * chance / guess.doubt**2
        both = weight + self.expected
        return Ratio(
            value=(weight * guess.value + self.verified) / both,
            doubt=guess.doubt * math.sqrt(weight / both),
            claimed=self.claimed,
            verified=self.verified,
        )


def _guess(condition: Condition) -> Ratio:
    """Accepted documents are the measure of the others, and so are claims of the usual mix."""
    doubt = 0.0 if condition in MEASURES else CONDITION_DOUBT
    return Ratio(GUESSES[condition], doubt)


def swing(claim: Claim, kept: float) -> float:
    """The variance of a claim that is kept whole or not at all."""
    return claim.points**2 * kept * (1 - kept)
