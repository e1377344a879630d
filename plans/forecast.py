"""What an official verification will leave of a year's claims. Pure; knows no database.

The variance of the sum has four terms: of the share of the year, of the ratios of kinds and of
conditions, each of which all claims under it have in common, and of single questions, which are
independent of each other (docs/decisions/0022). The range is Student's prediction interval.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessments import scoring
from assessments.pace import CONFIDENCE, student_t
from assessments.scoring import ZERO
from clusters.spec import InstrumentSpec
from plans.experience import Claim, Experience, Ratio, bernoulli_variance
from plans.published import COUNT

DEGREES_OF_FREEDOM = COUNT - 1  # of the published spread; each finished year adds one
THOUSANDTH = Decimal("0.001")  # the finest points there are


@dataclass(frozen=True, slots=True)
class Forecast:
    """What verification is expected to leave of each claim, and the range of the sum.

    With the probability CONFIDENCE (80 %) the sum lies between `1 - margin` and `1 + margin`
    times the sum of what is expected.
    """

    expected: Mapping[str, float]  # points by question code
    margin: float


@dataclass(frozen=True, slots=True)
class Range:
    """The scores between which the verified one lies in 80 % of cases, and the likeliest."""

    low: scoring.Score
    expected: scoring.Score
    high: scoring.Score


def forecast(claims: Sequence[Claim], experience: Experience) -> Forecast:
    """The forecast of the claims; without any, nothing with no margin.

    The margin is t × √variance / sum, with t of Student's distribution at CONFIDENCE. Relative
    errors are turned into points to first order (delta method).
    """
    expected = {claim.code: claim.points * experience.expected_share(claim) for claim in claims}
    total = sum(expected.values())
    if not total:
        return Forecast(expected, 0.0)
    kinds = _common_variance(
        (expected[one.code], one.kind, experience.kind(one.kind)) for one in claims
    )
    conditions = _common_variance(
        (expected[one.code], one.condition, experience.conditions[one.condition]) for one in claims
    )
    bernoulli = sum(bernoulli_variance(claim, experience.expected_share(claim)) for claim in claims)
    year = (total * experience.share_deviation / experience.share) ** 2
    variance = year + kinds + conditions + experience.dispersion * bernoulli
    bound = student_t(CONFIDENCE, DEGREES_OF_FREEDOM + experience.years)
    return Forecast(expected, bound * math.sqrt(variance) / total)


def _common_variance(parts: Iterable[tuple[float, str, Ratio]]) -> float:
    """The variance, in points squared, that the errors of the ratios bring to the sum.

    `parts` are points with the name and the ratio of what they share: all points under one name
    are off together, those of different names independently.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for points, name, ratio in parts:
        sums[name] += points * ratio.relative_error
    return sum(points**2 for points in sums.values())


def bounds(found: Forecast, claims: Mapping[str, Decimal | None], spec: InstrumentSpec) -> Range:
    """The range as scores of the instrument, whose maxima hold for each of them.

    A bound is the score of the year in which every question keeps so much less or more; none
    keeps more than its claim.
    """

    def scored(factor: float) -> scoring.Score:
        points = {
            code: min(claims[code] or ZERO, _exact(expected * factor))
            for code, expected in found.expected.items()
        }
        return scoring.score(spec, points)

    return Range(
        low=scored(max(0.0, 1 - found.margin)),
        expected=scored(1.0),
        high=scored(1 + found.margin),
    )


def _exact(points: float) -> Decimal:
    return Decimal(points).quantize(THOUSANDTH, ROUND_HALF_UP)
