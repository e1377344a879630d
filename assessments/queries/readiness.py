"""What a year still lacks before it is submitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.choices import AnswerState, ScoreKind
from assessments.models import Answer, Assessment, Assignment, TotalScore

ZERO = Decimal(0)


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
    led = set(
        Assignment.objects.filter(answer__assessment=assessment, is_lead=True).values_list(
            "answer", flat=True
        )
    )
    kinds = [ScoreKind.CLAIMED, ScoreKind.EVIDENCED]
    totals = TotalScore.objects.filter(assessment=assessment, kind__in=kinds)
    points = dict(totals.values_list("kind", "points"))
    return Readiness(
        lacks=[
            _lack("tanpa-klaim", rows, lambda row: row.claimed_points is None, _open_points),
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
            _lack("tanpa-penanggung-jawab", rows, lambda row: row.pk not in led, _open_points),
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


def _proven(row: Answer) -> Decimal:
    return (row.granted_points or ZERO) if row.is_proven else ZERO


def _open_points(row: Answer) -> Decimal:
    """What the question could still bring."""
    return max(row.question.max_points - _proven(row), ZERO)


def _unproven_points(row: Answer) -> Decimal:
    """What the city claims and no accepted document proves."""
    return max((row.claimed_points or ZERO) - _proven(row), ZERO)
