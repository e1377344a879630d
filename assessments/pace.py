"""How fast the work goes and where that leads. Pure; knows no database.

The forecast is a straight line: the constant daily rate that fits the last days best by least
squares, which is their mean, carried on from today. Its range comes from how much single days
differ from that rate, over the days that are left and in the rate itself.
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
SURENESS = 0.8  # how often the range is to contain what comes


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
    # Of a sum of days to come: each day's own spread, and the doubt about the rate.
    spread = statistics.stdev(seen) * math.sqrt(days_left + days_left**2 / len(seen))
    margin = student_t(SURENESS, len(seen) - 1) * spread
    middle = done + rate * days_left

    def held(count: float) -> int:
        return max(done, min(total, round(count)))

    return Forecast(rate, held(middle), held(middle - margin), held(middle + margin))


def student_t(sureness: float, freedom: int) -> float:
    """The bound within which a t-distributed value stays so often; good to 0.01 from 8 degrees."""
    z = statistics.NormalDist().inv_cdf((1 + sureness) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
