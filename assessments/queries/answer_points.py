"""State, lateness and points (claimed, proven, left) of each question of a year, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.models import PROVEN_POINTS, AnswerQuerySet, is_late
from assessments.scoring import ZERO


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """State and points of one question; points are on the instrument's scale."""

    indicator: int  # primary key
    lead: int | None  # primary key of the OPD that is responsible
    state: str
    late: bool
    maximum: Decimal
    claimed: Decimal | None
    proven: Decimal  # granted, and shown by an accepted document

    @property
    def left(self) -> Decimal:
        """Points of the question that are not proven yet."""
        return self.maximum - self.proven


_FIELDS = (
    "pk",
    "question__indicator",
    "led__opd",
    "state",
    "due_on",
    "question__max_points",
    "claimed_points",
    PROVEN_POINTS,
)


def answer_facts(answers: AnswerQuerySet, today: date) -> dict[int, AnswerFacts]:
    """By primary key of the answer, in the order of the rows given."""
    rows = answers.with_state().with_due_on().with_lead().values_list(*_FIELDS)
    return {
        pk: AnswerFacts(
            indicator=indicator,
            lead=lead,
            state=state,
            late=is_late(state, due_on, today),
            maximum=maximum,
            claimed=claimed,
            proven=proven or ZERO,
        )
        for pk, indicator, lead, state, due_on, maximum, claimed, proven in rows
    }
