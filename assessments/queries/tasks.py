"""The questions of an OPD in the order in which they press, and the documents a question asks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import (
    Case,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assessments.choices import AnswerState, DocumentState, TaskStep, Verdict
from assessments.models import Answer, AnswerQuerySet, Assignment, DocumentCount, Evidence, Waiver
from assessments.scoring import ZERO
from cities.models import Opd
from clusters.models import EvidenceKind

WAIVED = "waived"
SOON = 7  # days: from here on a date presses, as the first reminder says
FIRST = 3  # tasks that stand on the first screen of a phone, each with its reason
REASONS = 3  # as many documents that were sent back are named with a task
IN_FULL = 40  # open tasks with a line of their own; what is beyond folds by indicator


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
    days_left: int | None  # until `due_on`, negative once it has passed
    late: bool
    is_lead: bool
    asked: list[AskedKind]
    returned: list[Evidence]  # the newest of what was sent back and not yet replaced
    unnamed: int  # how many more were sent back

    @property
    def settled(self) -> int:
        return sum(kind.is_settled for kind in self.asked)

    @property
    def points(self) -> Decimal:
        """What the question could still bring, whoever leads it."""
        return self.answer.points_left

    @property
    def step(self) -> TaskStep:
        if self.answer.is_pending:
            return TaskStep.TO_DO
        return TaskStep.DONE if self.state == AnswerState.ACCEPTED else TaskStep.WAITING

    @property
    def is_due_soon(self) -> bool:
        """Whether its date presses: within `SOON` days, or passed with nothing handed in."""
        return self.late or (
            self.answer.is_pending and self.days_left is not None and 0 <= self.days_left <= SOON
        )


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks under one indicator."""

    code: str
    name: str
    rows: list[TaskRow]

    @property
    def counts(self) -> list[tuple[TaskStep, int]]:
        """How many questions are at each step, without the steps that have none."""
        steps = Counter(row.step for row in self.rows)
        return [(step, steps[step]) for step in TaskStep if steps[step]]


@dataclass(frozen=True, slots=True)
class TaskList:
    rows: list[TaskRow]  # what presses most comes first
    points_left: Decimal  # of the questions that the OPD leads

    @property
    def returned(self) -> list[TaskRow]:
        return [row for row in self.rows if row.state == AnswerState.RETURNED]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """Tasks as the page lays them out; each stands in one part."""

    first: list[TaskRow]  # what to begin with; empty where the list is narrowed
    led: list[TaskRow]  # open, and the OPD is responsible
    supported: list[TaskRow]  # open, and another OPD is responsible
    rest: list[TaskGroup]  # open ones beyond `IN_FULL`
    handed_in: list[TaskGroup]  # waiting or accepted


def task_list(answers: AnswerQuerySet, opd: Opd, *, today: date) -> TaskList:
    """The questions of an OPD, in five queries however many documents there are.

    What was returned comes first, then what is due soon, then the rest by points; among equals
    the questions that the OPD leads.
    """
    own = Assignment.objects.leading().filter(answer=OuterRef("pk"), opd=opd)
    found = list(
        answers.with_state()
        .with_due_on(opd)
        .with_document_counts()
        .annotate(led=Exists(own), **_newest_returned())
        .select_related("question__indicator", "assessment__city")
        .in_order()
    )
    asked = checklists(found)
    returned = _returned(found)
    rows = [
        TaskRow(
            answer=answer,
            state=answer.state,
            due_on=answer.due_on,
            days_left=None if answer.due_on is None else (answer.due_on - today).days,
            late=answer.is_late(today),
            is_lead=answer.led,
            asked=asked[answer.pk],
            returned=returned[answer.pk],
            unnamed=answer.returned - len(returned[answer.pk]),
        )
        for answer in found
    ]
    return TaskList(
        rows=sorted(rows, key=_urgency),
        points_left=sum((row.points for row in rows if row.is_lead), ZERO),
    )


def task_board(rows: Sequence[TaskRow], *, with_first: bool) -> TaskBoard:
    """The rows of a TaskList as the parts of its page."""
    to_do = [row for row in rows if row.step == TaskStep.TO_DO]
    first = to_do[:FIRST] if with_first else []
    others = sorted(to_do[len(first) :], key=lambda row: not row.is_lead)
    in_full, rest = others[:IN_FULL], others[IN_FULL:]
    return TaskBoard(
        first=first,
        led=[row for row in in_full if row.is_lead],
        supported=[row for row in in_full if not row.is_lead],
        rest=_by_indicator(rest),
        handed_in=_by_indicator([row for row in rows if row.step != TaskStep.TO_DO]),
    )


def kinds_with_best(answer: Answer) -> QuerySet[EvidenceKind]:
    """The kinds of documents with the `best` that came of each for the answer, and its `waiver`.

    There is no `waiver` on a kind that nobody has waived.
    """
    current = DocumentCount.objects.not_refused().filter(answer=answer, kind=OuterRef("pk"))
    progress = Case(*(When(state=one, then=Value(rank)) for one, rank in _PROGRESS.items()))
    nearest = current.order_by(progress.desc()).values("state")[:1]
    best = Coalesce(Subquery(nearest), Value(AnswerState.EMPTY))
    waived = FilteredRelation("waivers", condition=Q(waivers__answer=answer))
    rows = EvidenceKind.objects.annotate(best=best, waiver=waived)
    return rows.select_related("waiver__by")  # type: ignore[misc]  # knows no filtered relation


def asked_with_best(kinds: Iterable[EvidenceKind]) -> list[AskedKind]:
    """The checklist of kinds fetched by `kinds_with_best`."""
    found = list(kinds)
    best = {kind.pk: kind.best for kind in found}  # type: ignore[attr-defined]
    return _asked(found, best, [kind.waiver for kind in found if hasattr(kind, "waiver")])


def checklists(answers: Sequence[Answer]) -> dict[int, list[AskedKind]]:
    """The checklist of each question by its answer, in three queries however many there are.

    A question is complete when each kind is settled: accepted, or waived by a reviewer. Kinds are
    read as plain values, for a year has some thousand pairs of question and kind.
    """
    kinds: defaultdict[int, list[Kind]] = defaultdict(list)
    pairs = EvidenceKind.objects.filter(questions__in={one.question_id for one in answers})
    for question, pk, code, name in pairs.values_list("questions", "pk", "code", "name"):
        kinds[question].append(Kind(pk, code, name))
    waivers: defaultdict[int, list[Waiver]] = defaultdict(list)
    for waiver in Waiver.objects.filter(answer__in=[one.pk for one in answers]):
        waivers[waiver.answer_id].append(waiver)
    best = _best_states(answers)
    return {
        one.pk: _asked(kinds[one.question_id], best[one.pk], waivers[one.pk]) for one in answers
    }


class Kind(NamedTuple):
    """What a checklist needs of an EvidenceKind."""

    pk: int
    code: str
    name: str


def _asked(
    kinds: Iterable[Kind | EvidenceKind], best: Mapping[int, str], waivers: Iterable[Waiver]
) -> list[AskedKind]:
    waived = {waiver.kind_id: waiver for waiver in waivers}
    found = []
    for kind in kinds:
        state, waiver = best.get(kind.pk, AnswerState.EMPTY), waived.get(kind.pk)
        if state == DocumentState.UNSCANNED:
            state = Verdict.WAITING
        if waiver is not None and state != Verdict.ACCEPTED:
            state = WAIVED
        found.append(AskedKind(kind.code, kind.name, state, waiver))
    return found


# From nothing to done; one accepted paper of a kind settles that kind.
_PROGRESS: dict[str, int] = {
    AnswerState.EMPTY: 0,
    DocumentState.RETURNED: 1,
    DocumentState.UNSCANNED: 2,
    DocumentState.WAITING: 2,
    DocumentState.ACCEPTED: 3,
}


def _best_states(answers: Iterable[Answer]) -> defaultdict[int, dict[int, str]]:
    """By question and kind, the state that is nearest to done."""
    counts = DocumentCount.objects.not_refused().filter(answer__in=[one.pk for one in answers])
    best: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for answer, kind, state in counts.values_list("answer", "kind", "state"):
        before = best[answer].get(kind, AnswerState.EMPTY)
        best[answer][kind] = max(before, state, key=_PROGRESS.__getitem__)
    return best


def _newest_returned() -> dict[str, Subquery]:
    """Annotations with the newest of what was sent back and not yet replaced, as primary keys.

    Each is a look into an index, however many documents there are.
    """
    of_answer = Evidence.objects.current().filter(answer=OuterRef("pk"), verdict=Verdict.RETURNED)
    newest = of_answer.order_by("-decided_at", "-pk").values("pk")
    return {f"returned_{place}": Subquery(newest[place : place + 1]) for place in range(REASONS)}


def _returned(answers: Iterable[Answer]) -> defaultdict[int, list[Evidence]]:
    """By question, the documents of `_newest_returned`, the oldest first."""
    keys = [getattr(one, f"returned_{place}") for one in answers for place in range(REASONS)]
    rows = Evidence.objects.filter(pk__in=[pk for pk in keys if pk is not None])
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    for evidence in rows.select_related("document").order_by("decided_at", "pk"):
        found[evidence.answer_id].append(evidence)
    return found


def _urgency(row: TaskRow) -> tuple[int, bool, date, Decimal, int]:
    """What presses most sorts first: returned, due soon, the rest by points, what is handed in."""
    steps = list(TaskStep)
    if row.state == AnswerState.RETURNED:
        rank = 0
    elif row.is_due_soon:
        rank = 1
    else:
        rank = 2 + steps.index(row.step)
    by_date = row.due_on if rank == 1 and row.due_on else date.max
    return (rank, not row.is_lead, by_date, -row.points, row.answer.question.position)


def _by_indicator(rows: Iterable[TaskRow]) -> list[TaskGroup]:
    """In the order of the instrument; within an indicator as the rows came."""
    groups: dict[int, TaskGroup] = {}
    for row in sorted(rows, key=lambda row: row.answer.question.indicator.position):
        indicator = row.answer.question.indicator
        group = groups.setdefault(indicator.pk, TaskGroup(indicator.code, indicator.name, []))
        group.rows.append(row)
    return list(groups.values())
