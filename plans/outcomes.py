"""The points of a question by the outcome of its review."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from assessments.scoring import ZERO
from plans.choices import Outcome

THOUSANDTH = Decimal("0.001")  # the finest points there are


def points_of(outcome: Outcome, *, claimed: Decimal | None, maximum: Decimal) -> Decimal:
    """The points that count after the outcome.

    Accepted is worth the claim, or the maximum where nothing was claimed; half is half of
    that, rounded down to what can be stored. Returned means that no document is accepted
    any more, so nothing counts, not even what was proven before.
    """
    accepted = maximum if claimed is None else claimed
    match outcome:
        case Outcome.ACCEPTED:
            return accepted
        case Outcome.HALF:
            return (accepted / 2).quantize(THOUSANDTH, ROUND_DOWN)
        case Outcome.RETURNED:
            return ZERO
