"""The questions of an OPD with their state, and the checklist of documents of a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.choices import AnswerState, Verdict
from assessments.models import Answer, AnswerQuerySet, Evidence, Waiver
from assessments.scoring import ZERO
from cities.models import Opd
from clusters.models import EvidenceKind

WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A kind of document that a question asks for, and its state."""

    code: str
    name: str
    state: str  # a Verdict, "waived", or "empty" while none of this kind was handed in
    waiver: Waiver | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in (Verdict.ACCEPTED, WAIVED)


@dataclass(frozen=True, slots=True)
class TaskRow:
    answer: Answer
    state: str
    due_on: date | None
    late: bool
    is_lead: bool
    asked: list[AskedKind]
    returned: list[Evidence]  # what was sent back and not yet replaced, with its reasons

    @property
    def settled(self) -> int:
        return sum(kind.is_settled for kind in self.asked)


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks under one indicator."""

    code: str
    name: str
    rows: list[TaskRow]


@dataclass(frozen=True, slots=True)
class TaskList:
    returned: list[TaskRow]  # these come first, whatever their indicator
    groups: list[TaskGroup]
    states: Counter[str]
    late: int
    points_left: Decimal

    @property
    def total(self) -> int:
        return sum(self.states.values())


def task_list(answers: AnswerQuerySet, opd: Opd, *, today: date) -> TaskList:
    """The questions of an OPD by indicator, in six queries."""
    rows = [
        _task_row(answer, opd, today)
        for answer in answers.with_state()
        .with_due_on(opd)
        .select_related("question__indicator", "assessment__city")
        .prefetch_related(
            "question__evidence_kinds", "evidence__document", "assignments", "waivers"
        )
        .in_order()
    ]
    groups: dict[str, TaskGroup] = {}
    for row in rows:
        indicator = row.answer.question.indicator
        group = groups.setdefault(indicator.code, TaskGroup(indicator.code, indicator.name, []))
        group.rows.append(row)
    return TaskList(
        returned=[row for row in rows if row.state == AnswerState.RETURNED],
        groups=list(groups.values()),
        states=Counter(row.state for row in rows),
        late=sum(row.late for row in rows),
        points_left=sum((row.answer.points_left for row in rows if row.is_lead), ZERO),
    )


def asked_kinds(
    kinds: Iterable[EvidenceKind],
    handed_in: Iterable[Evidence],
    waivers: Iterable[Waiver] = (),
) -> list[AskedKind]:
    """The checklist of a question: each kind it asks for, with the best that came of it.

    The question is complete when each kind is settled: accepted, or waived by a reviewer.
    """
    waived = {waiver.kind_id: waiver for waiver in waivers}
    best: dict[int, str] = {}
    for evidence in handed_in:
        if evidence.superseded_by_id is None:
            held = best.get(evidence.kind_id, AnswerState.EMPTY)
            best[evidence.kind_id] = max(held, evidence.verdict, key=_PROGRESS.__getitem__)
    found = []
    for kind in kinds:
        state, waiver = best.get(kind.pk, AnswerState.EMPTY), waived.get(kind.pk)
        if waiver is not None and state != Verdict.ACCEPTED:
            state = WAIVED
        found.append(AskedKind(kind.code, kind.name, state, waiver))
    return found


# From nothing to done; one accepted paper of a kind settles that kind.
_PROGRESS: dict[str, int] = {
    AnswerState.EMPTY: 0,
    Verdict.RETURNED: 1,
    Verdict.WAITING: 2,
    Verdict.ACCEPTED: 3,
}


def _task_row(answer: Answer, opd: Opd, today: date) -> TaskRow:
    return TaskRow(
        answer=answer,
        state=answer.state,
        due_on=answer.due_on,
        late=answer.is_late(today),
        is_lead=any(a.is_lead for a in answer.assignments.all() if a.opd_id == opd.pk),
        asked=asked_kinds(
            answer.question.evidence_kinds.all(), answer.evidence.all(), answer.waivers.all()
        ),
        returned=[
            evidence
            for evidence in answer.evidence.all()
            if evidence.verdict == Verdict.RETURNED and evidence.superseded_by_id is None
        ],
    )
