"""What an official verification will leave of a year's claims. Pure; knows no database.

Four doubts make the range, and only the last of them is a question's own: how strict the year
will be, what its kind keeps, what its documents are worth, and chance (docs/decisions/0022).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessments import scoring
from assessments.pace import SURENESS, student_t
from assessments.scoring import ZERO
from clusters.spec import InstrumentSpec
from plans.experience import Claim, Experience, Ratio, swing
from plans.published import COUNT

FREEDOM = COUNT - 1
THOUSANDTH = Decimal("0.001")  # the finest points there are


@dataclass(frozen=True, slots=True)
class Forecast:
    """What each claim is expected to keep, and by what part all of it may come out differently.

    In 80 % of cases the whole is between `1 - margin` and `1 + margin` times what is expected.
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
    """What the claims will keep; nothing of no claims."""
    expected = {claim.code: claim.points * experience.kept(claim) for claim in claims}
    whole = sum(expected.values())
    if not whole:
        return Forecast(expected, 0.0)
    kinds = _common((expected[one.code], one.kind, experience.kind(one.kind)) for one in claims)
    conditions = _common(
        (expected[one.code], one.condition, experience.conditions[one.condition]) for one in claims
    )
    chance = sum(swing(claim, experience.kept(claim)) for claim in claims)
    year = (whole * experience.doubt / experience.share) ** 2
    variance = year + kinds + conditions + experience.chance * chance
    bound = student_t(SURENESS, FREEDOM + experience.years)
    return Forecast(expected, bound * math.sqrt(variance) / whole)


def _common(parts: Iterable[tuple[float, str, Ratio]]) -> float:
    """The variance that the doubt about each ratio brings to all points under it at once."""
    sums: defaultdict[str, float] = defaultdict(float)
    for points, name, ratio in parts:
        sums[name] += points * ratio.doubt
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
