"""What is left to do once a document is handed in: for the question, and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.choices import AnswerState, TaskStep, Verdict
from assessments.models import Answer
from assessments.queries.tasks import AskedKind, TaskRow, task_list
from cities.models import Membership


@dataclass(frozen=True, slots=True)
class AfterUpload:
    """`missing` are the kinds of which nothing was handed in, or only what was returned."""

    lacks_claim: bool
    missing: list[AskedKind]
    following: TaskRow | None  # the OPD's task that presses most, this question apart

    @property
    def is_complete(self) -> bool:
        return not self.lacks_claim and not self.missing


def after_upload(
    answer: Answer, member: Membership, asked: Sequence[AskedKind], *, today: date
) -> AfterUpload:
    """In five queries for somebody of an OPD, and none for others."""
    return AfterUpload(
        lacks_claim=answer.claimed_points is None,
        missing=[kind for kind in asked if kind.state in (AnswerState.EMPTY, Verdict.RETURNED)],
        following=_following(answer, member, today),
    )


def _following(answer: Answer, member: Membership, today: date) -> TaskRow | None:
    if member.opd is None:
        return None
    answers = Answer.objects.visible_to(member).filter(assessment=answer.assessment_id)
    tasks = task_list(answers, member.opd, today=today)
    others = (row for row in tasks.rows if row.answer.pk != answer.pk)
    return next((row for row in others if row.step == TaskStep.TO_DO), None)
