"""How fast the work goes and where that leads. Pure; knows no database.

The forecast is a straight line: the mean daily rate of the last days, carried on from today. Its
range is Student's prediction interval for the sum of the days that are left (Hahn and Meeker,
Statistical Intervals, 1991, chapter 4).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WINDOW = 28  # days looked back at; whole weeks, so that weekends weigh what they do
FEWEST_DAYS = 14
FEWEST_ACTIVE = 3  # days on which anything was done at all
CONFIDENCE = 0.8  # probability with which a range holds what comes


class Unknown(StrEnum):
    """Why there is no forecast."""

    NO_DEADLINE = "no_deadline"
    PAST = "past"
    DONE = "done"
    TOO_SHORT = "too_short"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will be done on the last day: most likely, and a range that holds in 80 % of cases.

    `rate` is the number a day; all are bounded by what is done and by what there is to do.
    """

    rate: float
    expected: int
    low: int
    high: int


def forecast(
    daily: Sequence[int], *, done: int, total: int, days_left: int | None
) -> Forecast | Unknown:
    """Where the pace of the last days leads.

    `daily` is what was done on each day, the oldest first; only the last WINDOW days count.
    """
    if done >= total:
        return Unknown.DONE
    if days_left is None:
        return Unknown.NO_DEADLINE
    if days_left <= 0:
        return Unknown.PAST
    seen = daily[-WINDOW:]
    if len(seen) < FEWEST_DAYS:
        return Unknown.TOO_SHORT
    if sum(count > 0 for count in seen) < FEWEST_ACTIVE:
        return Unknown.TOO_LITTLE
    rate = statistics.fmean(seen)
    # Of the sum of m days to come, s √(m + m²/n): each day's own variance, and that of the mean.
    deviation = statistics.stdev(seen) * math.sqrt(days_left + days_left**2 / len(seen))
    margin = student_t(CONFIDENCE, len(seen) - 1) * deviation
    middle = done + rate * days_left

    def held(count: float) -> int:
        return max(done, min(total, round(count)))

    return Forecast(rate, held(middle), held(middle - margin), held(middle + margin))


def student_t(confidence: float, degrees_of_freedom: int) -> float:
    """The bound that a t-distributed value stays within, in size, with this probability.

    The expansion around the normal quantile to its second term (Abramowitz and Stegun, Handbook
    of Mathematical Functions, 26.7.5); good to 0.01 from 8 degrees of freedom.
    """
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / degrees_of_freedom + second / degrees_of_freedom**2
