"""What a year lacks before it is submitted, with the points that depend on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.choices import AnswerState, ScoreKind
from assessments.models import Answer, Assessment, Assignment, TotalScore
from assessments.scoring import ZERO


@dataclass(frozen=True, slots=True)
class Lack:
    """Questions that lack the same thing, and the points that hang on them.

    `filter` is the value by which the list of questions shows exactly these.
    """

    filter: str
    count: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Readiness:
    lacks: Sequence[Lack]
    questions: int
    claimed: Decimal
    evidenced: Decimal

    @property
    def at_risk(self) -> Decimal:
        """Claimed, and so far not proven."""
        return max(self.claimed - self.evidenced, ZERO)


def readiness(assessment: Assessment) -> Readiness:
    """In three queries, however many questions there are."""
    rows = list(
        Answer.objects.filter(assessment=assessment).with_state().select_related("question")
    )
    leading = Assignment.objects.leading().filter(answer__assessment=assessment)
    led = set(leading.values_list("answer", flat=True))
    kinds = [ScoreKind.CLAIMED, ScoreKind.EVIDENCED]
    totals = TotalScore.objects.filter(assessment=assessment, kind__in=kinds)
    points = dict(totals.values_list("kind", "points"))
    return Readiness(
        lacks=[
            _lack("tanpa-klaim", rows, lambda row: row.claimed_points is None, _points_left),
            _lack("klaim-tanpa-dokumen", rows, _is_bare_claim, _unproven_points),
            _lack(
                AnswerState.WAITING,
                rows,
                lambda row: row.state == AnswerState.WAITING,
                _unproven_points,
            ),
            _lack(
                AnswerState.RETURNED,
                rows,
                lambda row: row.state == AnswerState.RETURNED,
                _unproven_points,
            ),
            _lack("tanpa-penanggung-jawab", rows, lambda row: row.pk not in led, _points_left),
        ],
        questions=len(rows),
        claimed=points[ScoreKind.CLAIMED],
        evidenced=points[ScoreKind.EVIDENCED],
    )


def _lack(
    name: str,
    rows: Sequence[Answer],
    belongs: Callable[[Answer], bool],
    worth: Callable[[Answer], Decimal],
) -> Lack:
    found = [row for row in rows if belongs(row)]
    return Lack(str(name), len(found), sum((worth(row) for row in found), ZERO))


def _is_bare_claim(row: Answer) -> bool:
    """A claim of nothing needs no document."""
    return row.state == AnswerState.ANSWERED and bool(row.claimed_points)


def _points_left(row: Answer) -> Decimal:
    return row.points_left


def _unproven_points(row: Answer) -> Decimal:
    """What the city claims and no accepted document proves."""
    return max((row.claimed_points or ZERO) - (row.proven_points or ZERO), ZERO)
