"""What verification has left of self-assessments, as far as it was ever published.

Of twelve pairs of a self-assessment and its verified score, in several years and provinces,
the verified score was 0.69 to 0.93 of the claim, 0.80 on average and in the middle. Six of
them have been published with both numbers. The sample is small and nobody drew it at random:
it is where a forecast begins, not what it may rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """A regency's total by its own assessment, and what the ministry's verification left."""

    regency: str
    claimed: Decimal
    verified: Decimal

    @property
    def share(self) -> Decimal:
        return self.verified / self.claimed


# As regional news and the regencies themselves told them.
PAIRS = (
    Pair("Demak", Decimal("973.9"), Decimal("697.4")),
    Pair("Garut", Decimal("805.26"), Decimal(631)),
    Pair("Kotawaringin Barat", Decimal(825), Decimal("702.1")),
    Pair("Kotawaringin Timur", Decimal(721), Decimal("588.4")),
    Pair("Lombok Tengah", Decimal("779.05"), Decimal("597.928")),
    Pair("Magelang", Decimal(955), Decimal("885.4")),
)

COUNT = 12  # pairs behind the figures below, those above among them
SHARE = 0.80  # of the claim, on average
LOWEST, HIGHEST = 0.69, 0.93
# The standard deviation estimated from the range of twelve normal values: range / d₂, which is
# 3.258 for n = 12 (Montgomery, Introduction to Statistical Quality Control, appendix VI).
SPREAD = (HIGHEST - LOWEST) / 3.258
