"""Which share of a claim verification leaves, estimated from a city's finished years. Pure.

The expected share of a claim is a product of three factors (a multiplicative rating model):

    share of the year × ratio of the question's kind × ratio of its documents' condition

Each factor starts from a prior, published or guessed (docs/decisions/0022), and moves from it
the further the more points of finished years speak of it. The methods, with their sources:

- `learn`: normal data with a normal prior on the mean (Gelman et al., Bayesian Data Analysis,
  3rd ed., 2.5) and a scaled inverse chi-squared prior on the variance (2.6).
- `_Fit.refined`: the factors in turn, each so that expected and verified points agree in sum
  (the method of marginal totals: Bailey, Proc. of the Casualty Actuarial Society 50, 1963).
- `_ClaimSums.shrink_toward`: credibility (Bühlmann, ASTIN Bulletin 4, 1967, 199-207).
- `_Fit.share_of`: a mean weighted by inverse variances, one of them by the delta method.
- `_Fit.dispersion_in`: the dispersion that Pearson's statistic estimates (McCullagh and Nelder,
  Generalized Linear Models, 2nd ed., 4.5).

Points are on the instrument's scale; shares and ratios are parts of 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from plans.published import SHARE, SPREAD

# Standard deviations of the share between cities and between years of one city. Together they
# make the published one; that each has half of the variance is a guess.
CITY_DEVIATION = YEAR_DEVIATION = SPREAD / math.sqrt(2)
YEAR_WEIGHT = 2  # degrees of freedom of the prior on the variance between years
# Squared coefficient of variation of a claim kept whole or not at all, (1 - p) / p, times its
# points: of the usual question, with 3 points and p = 0.8.
VARIANCE_PER_POINT = 0.75
KIND_ERROR = 0.15  # prior relative standard error of a kind's ratio
CONDITION_ERROR = 0.25  # prior relative standard error of a condition's ratio
DISPERSION = 0.5  # prior: 1 where a question keeps all or nothing, 0 where all keep the same share
DISPERSION_WEIGHT = 50  # questions that the prior on the dispersion is worth
ITERATIONS = 6  # after so many the ratios no longer move by a thousandth


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


# What a claim keeps as a part of one whose documents our own review accepted: prior means. They
# are guesses, for no source has published such figures.
PRIOR_RATIOS = {
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
# The reference levels: accepted documents, and claims of the usual mix.
REFERENCES = (Condition.ACCEPTED, Condition.UNRECORDED)


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
    """What a kind or a condition keeps, as a part of what the others keep.

    `relative_error` is its standard error; `claimed` and `verified` are the points of finished
    years from which it was estimated, 0 where it is the prior.
    """

    value: float
    relative_error: float
    claimed: float = 0.0
    verified: float = 0.0


@dataclass(frozen=True, slots=True)
class Experience:
    """The factors as estimated from `years` finished years and the priors."""

    share: float  # of a year to come, where kind and condition have the ratio 1
    share_deviation: float  # standard deviation of that share: of its estimate and between years
    kinds: Mapping[str, Ratio]
    conditions: Mapping[Condition, Ratio]
    dispersion: float  # of single questions, as a part of their Bernoulli variance
    years: int

    def kind(self, name: str) -> Ratio:
        return self.kinds.get(name, Ratio(1.0, KIND_ERROR))

    def expected_share(self, claim: Claim) -> float:
        """The share of the claim that verification is expected to leave, from 0 to 1."""
        ratio = self.kind(claim.kind).value * self.conditions[claim.condition].value
        return min(1.0, self.share * ratio)


def learn(years: Sequence[Sequence[Outcome]]) -> Experience:
    """The estimates from finished years; without any, the priors.

    Year i has the share s_i. With n years of the mean m, the variance between years is
    (w d² + Σ (s_i - m)²) / (w + n - 1), where w is YEAR_WEIGHT and d YEAR_DEVIATION: the scale of
    its posterior. The share of the city is the mean of its normal posterior, and
    `share_deviation` that of the posterior predictive distribution of another year.
    """
    years = [year for year in years if sum(outcome.claimed for outcome in year) > 0]
    fit = _Fit({}, {condition: _prior(condition) for condition in Condition}, DISPERSION)
    for _round in range(ITERATIONS if years else 0):
        fit = fit.refined(years)
    shares = [fit.share_of(year) for year in years]
    mean = fmean(shares) if shares else SHARE
    squares = YEAR_WEIGHT * YEAR_DEVIATION**2 + sum((share - mean) ** 2 for share in shares)
    year_variance = squares / (YEAR_WEIGHT + max(0, len(shares) - 1))
    city_variance = 1 / (1 / CITY_DEVIATION**2 + len(shares) / year_variance)
    weighed = SHARE / CITY_DEVIATION**2 + sum(shares) / year_variance
    return Experience(
        share=city_variance * weighed,
        share_deviation=math.sqrt(city_variance + year_variance),
        kinds=fit.kinds,
        conditions=fit.conditions,
        dispersion=fit.dispersion,
        years=len(years),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """The ratios of kinds and conditions between two iterations, and the dispersion."""

    kinds: Mapping[str, Ratio]
    conditions: Mapping[Condition, Ratio]
    dispersion: float

    def of_kind(self, claim: Claim) -> float:
        return self.kinds[claim.kind].value if claim.kind in self.kinds else 1.0

    def of_condition(self, claim: Claim) -> float:
        return self.conditions[claim.condition].value

    def share_of(self, year: Sequence[Outcome]) -> float:
        """The share that the year left of its claims, with kinds and conditions taken out.

        Verified points over expected ones, averaged with the published share by inverse
        variances. The variance of that quotient is the one that the errors of the conditions'
        ratios bring to its denominator (delta method): a year of claims without documents does
        not prove that all others keep three times as much.
        """
        sums: defaultdict[Condition, float] = defaultdict(float)
        for outcome in year:
            for claim in outcome.claims:
                weight = self.of_kind(claim) * self.of_condition(claim)
                sums[claim.condition] += claim.points * weight
        expected = sum(sums.values())
        observed = sum(outcome.verified for outcome in year) / expected
        expected_variance = sum(
            (points * self.conditions[condition].relative_error) ** 2
            for condition, points in sums.items()
        )
        variance = (observed / expected) ** 2 * expected_variance
        return (SHARE * variance + observed * SPREAD**2) / (variance + SPREAD**2)

    def refined(self, years: Sequence[Sequence[Outcome]]) -> _Fit:
        """One iteration: kinds given these conditions, conditions given those kinds, dispersion."""
        fit = replace(self, kinds=self.by_kind(years))
        fit = replace(fit, conditions=fit.by_condition(years))
        return replace(fit, dispersion=fit.dispersion_in(years))

    def by_kind(self, years: Sequence[Sequence[Outcome]]) -> dict[str, Ratio]:
        sums: defaultdict[str, _ClaimSums] = defaultdict(_ClaimSums)
        for share, claim, verified in self._singles(years):
            sums[claim.kind].add(claim.points, share * self.of_condition(claim), verified)
        return {
            kind: total.shrink_toward(Ratio(1.0, KIND_ERROR), self.dispersion)
            for kind, total in sums.items()
        }

    def by_condition(self, years: Sequence[Sequence[Outcome]]) -> dict[Condition, Ratio]:
        sums: defaultdict[Condition, _ClaimSums] = defaultdict(_ClaimSums)
        for share, claim, verified in self._singles(years):
            sums[claim.condition].add(claim.points, share * self.of_kind(claim), verified)
        return {
            condition: sums[condition].shrink_toward(_prior(condition), self.dispersion)
            for condition in Condition
        }

    def _singles(self, years: Sequence[Sequence[Outcome]]) -> Iterator[tuple[float, Claim, float]]:
        """Each question whose own outcome is known, with the share of its year."""
        for year in years:
            share = self.share_of(year)
            for outcome in year:
                if len(outcome.claims) == 1:
                    yield share, outcome.claims[0], outcome.verified

    def dispersion_in(self, years: Sequence[Sequence[Outcome]]) -> float:
        """Squared residuals of single questions over their Bernoulli variances, both in sum.

        Averaged with the prior by the number of questions.
        """
        squares = variances = 0.0
        count = 0
        for share, claim, verified in self._singles(years):
            expected = min(1.0, share * self.of_kind(claim) * self.of_condition(claim))
            squares += (verified - claim.points * expected) ** 2
            variances += bernoulli_variance(claim, expected)
            count += 1
        observed = squares / variances if variances else DISPERSION
        weighed = DISPERSION_WEIGHT * DISPERSION + count * observed
        return weighed / (DISPERSION_WEIGHT + count)


@dataclass(slots=True)
class _ClaimSums:
    """The points of questions that share a kind or a condition."""

    claimed: float = 0.0
    expected: float = 0.0
    verified: float = 0.0

    def add(self, points: float, share: float, verified: float) -> None:
        self.claimed += points
        self.expected += points * share
        self.verified += verified

    def shrink_toward(self, prior: Ratio, dispersion: float) -> Ratio:
        """Bühlmann's credibility estimate: (k × prior + verified) / (k + expected).

        k, in points, is the variance within a question over the variance of the prior. A prior
        without error is the reference of the other ratios and stays.
        """
        if not prior.relative_error:
            return Ratio(prior.value, 0.0, self.claimed, self.verified)
        weight = VARIANCE_PER_POINT * dispersion / prior.relative_error**2
        both = weight + self.expected
        return Ratio(
            value=(weight * prior.value + self.verified) / both,
            relative_error=prior.relative_error * math.sqrt(weight / both),
            claimed=self.claimed,
            verified=self.verified,
        )


def _prior(condition: Condition) -> Ratio:
    error = 0.0 if condition in REFERENCES else CONDITION_ERROR
    return Ratio(PRIOR_RATIOS[condition], error)


def bernoulli_variance(claim: Claim, share: float) -> float:
    """The variance, in points squared, of a claim kept whole with the probability `share`."""
    return claim.points**2 * share * (1 - share)
