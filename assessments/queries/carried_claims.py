"""Proposes for a question the claim of an earlier year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessments.models import Answer
from clusters.choices import AnswerType
from clusters.models import Question

THOUSANDTH = Decimal("0.001")  # to which points are kept
FIGURES = (AnswerType.PERCENT, AnswerType.COUNT)


@dataclass(frozen=True, slots=True)
class CarriedClaim:
    """An earlier claim as a proposal; granted points and verdicts never come along."""

    before: Answer
    answer: Answer
    points: Decimal | None  # on the scale of this year's question
    value: Decimal | None
    choice: str
    note: str

    @property
    def key(self) -> str:
        """What a form calls it by: the earlier answer, and the one that it is for."""
        return f"{self.before.pk}-{self.answer.pk}"

    @property
    def is_scaled(self) -> bool:
        """Whether the points are the same share of another maximum."""
        return self.points is not None and self.points != self.before.claimed_points


def carried_claim(before: Answer, answer: Answer, *, is_comparable: bool) -> CarriedClaim | None:
    """The earlier claim on the scale of the later question; None where nothing of it fits.

    The share of the maximum is kept. Where the two years do not count the same thing
    (`is_comparable`), points say nothing; a figure or a choice comes along only where the
    later question still asks for it.
    """
    if before.claimed_at is None:
        return None
    old, new = before.question, answer.question
    points = _points(before.claimed_points, old, new) if is_comparable else None
    value = before.value if old.answer_type == new.answer_type in FIGURES else None
    choice = before.choice if before.choice in new.options else ""
    if points is None and value is None and not choice and not before.note:
        return None
    return CarriedClaim(before, answer, points, value, choice, before.note)


def _points(claimed: Decimal | None, old: Question, new: Question) -> Decimal | None:
    if claimed is None or old.max_points == new.max_points:
        return claimed
    if not old.max_points:
        return None
    share = claimed / old.max_points * new.max_points
    return min(share.quantize(THOUSANDTH, ROUND_HALF_UP), new.max_points)
