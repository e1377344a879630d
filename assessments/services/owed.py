"""What the Gugus Tugas can remind OPDs of: owed questions, by OPD, while they can be handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import DateTimeField, OuterRef, Subquery, Value

from assessments.models import Answer, Assessment, Assignment, RescueWindow
from assessments.reminder_text import OwedQuestion
from assessments.stages import RESCUE_STAGE, StageAction
from cities.models import Opd


@dataclass(frozen=True, slots=True)
class OpdOwes:
    """An OPD with what it still owes, most urgent first."""

    opd: Opd
    questions: list[OwedQuestion] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.questions)

    def only_late(self) -> OpdOwes:
        return OpdOwes(self.opd, [one for one in self.questions if one.is_late])


def owed_by_opd(
    assessment: Assessment,
    *,
    today: date,
    at: datetime,
    opd: Opd | None = None,
    answer: Answer | None = None,
) -> list[OpdOwes]:
    """The OPDs that owe something, in two queries; those with most late questions first.

    Narrowed to one OPD or one question. What waits for the review is not owed, nor what the
    stage does not let anybody hand in, unless a window is open for it. Each date is the OPD's
    own. A closed OPD is left out, for nobody of it can act.
    """
    assignments = Assignment.objects.filter(
        answer__assessment=assessment, opd__is_active=True
    ).with_due()
    if opd is not None:
        assignments = assignments.filter(opd=opd)
    if answer is not None:
        assignments = assignments.filter(answer=answer)
    takes_all = StageAction.UPLOAD in assessment.actions
    pending = {
        one.pk: one
        for one in Answer.objects.filter(pk__in=assignments.values("answer"))
        .with_state()
        .annotate(closes_at=_closes_at(assessment, at))
        .select_related("question")
        if one.is_pending and (takes_all or one.closes_at)
    }
    found: defaultdict[Opd, list[OwedQuestion]] = defaultdict(list)
    in_turn = assignments.order_by("answer__question__position", "pk")
    for row in in_turn.select_related("opd"):
        if (owed := pending.get(row.answer_id)) is not None:
            found[row.opd].append(_owed(owed, row.due, owed.closes_at, today))
    owing = [OpdOwes(who, in_order(questions)) for who, questions in found.items()]
    return sorted(owing, key=lambda one: (-one.late, -len(one.questions), one.opd.name))


def in_order(questions: Sequence[OwedQuestion]) -> list[OwedQuestion]:
    """What has a window that closes first, then by date; what has no date comes last.

    Among equals the order in which they come stays: that of the instrument.
    """
    return sorted(
        questions,
        key=lambda one: (
            one.closes_at is None,
            one.closes_at.timestamp() if one.closes_at else 0,
            one.due_on or date.max,
        ),
    )


def _owed(
    answer: Answer, due: date | None, closes_at: datetime | None, today: date
) -> OwedQuestion:
    return OwedQuestion(
        code=answer.question.code,
        text=answer.question.text,
        state=answer.state,
        due_on=due,
        is_late=closes_at is None and due is not None and due < today,
        closes_at=closes_at,
    )


def _closes_at(assessment: Assessment, at: datetime) -> Subquery | Value:
    """Of an answer, when the window that is open for it closes; of two, the one that closes last."""
    if assessment.stage != RESCUE_STAGE:
        return Value(None, output_field=DateTimeField())
    windows = RescueWindow.objects.open_at(at).filter(assessment=assessment, answers=OuterRef("pk"))
    return Subquery(windows.order_by("-closes_at").values("closes_at")[:1])
