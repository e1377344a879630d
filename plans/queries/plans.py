"""Plans with what has been realised of each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assessments import scoring
from assessments.choices import ScoreKind
from assessments.models import Answer, Assessment, Assignment, TotalScore
from assessments.scoring import ZERO
from cities.models import Opd
from plans.models import Plan, PlanStep
from plans.queries.shares import by_lead


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with the state of its question; `realised` are points proven since it was planned."""

    step: PlanStep
    answer: Answer
    lead: Opd | None
    due_on: date | None
    late: bool
    realised: Decimal

    @property
    def is_done(self) -> bool:
        """A verdict has brought the question to the points that were planned."""
        return self.realised == self.step.gain


@dataclass(frozen=True, slots=True)
class PlanShare:
    """The steps that one OPD leads; None for those that nobody leads."""

    opd: Opd | None
    steps: int
    done: int
    planned: Decimal
    realised: Decimal


@dataclass(frozen=True, slots=True)
class PlanBoard:
    plan: Plan
    rows: list[StepRow]
    shares: list[PlanShare]
    total: Decimal  # the proven total of today
    predikat: str

    @property
    def planned(self) -> Decimal:
        return sum((row.step.gain for row in self.rows), ZERO)

    @property
    def realised(self) -> Decimal:
        return sum((row.realised for row in self.rows), ZERO)

    @property
    def done(self) -> int:
        return sum(row.is_done for row in self.rows)

    @property
    def left(self) -> Decimal:
        """Proven points that are still missing to the goal."""
        return max(self.plan.goal - self.total, ZERO)


@dataclass(slots=True)
class PlanRow:
    """A plan in the list of all."""

    plan: Plan
    steps: int = 0
    done: int = 0
    planned: Decimal = field(default=ZERO)
    realised: Decimal = field(default=ZERO)


def plan_list(assessment: Assessment, plans: Iterable[Plan]) -> list[PlanRow]:
    """The plans of a year with what has come of each, in two queries."""
    rows = {plan.pk: PlanRow(plan) for plan in plans}
    steps = list(PlanStep.objects.filter(plan__in=rows))
    answers = _answers(assessment, steps)
    for step in steps:
        row, realised = rows[step.plan_id], _realised(step, answers[step.answer_id])
        row.steps += 1
        row.done += realised == step.gain
        row.planned += step.gain
        row.realised += realised
    return list(rows.values())


def plan_board(plan: Plan, *, today: date) -> PlanBoard:
    """One plan, step by step and OPD by OPD, in a fixed number of queries."""
    steps = list(plan.steps.all())
    answers = _answers(plan.assessment, steps)
    leads = {
        assignment.answer_id: assignment.opd
        for assignment in Assignment.objects.leading()
        .filter(answer__in=answers)
        .select_related("opd")
    }
    rows = [_row(step, answers[step.answer_id], leads, today) for step in steps]
    proven = TotalScore.objects.get(assessment=plan.assessment, kind=ScoreKind.EVIDENCED)
    standing = scoring.standing(proven.points, plan.assessment.bands())
    return PlanBoard(
        plan=plan,
        rows=rows,
        shares=_shares(rows),
        total=proven.points,
        predikat=standing.predikat or "",
    )


def _answers(assessment: Assessment, steps: Iterable[PlanStep]) -> dict[int, Answer]:
    answers = Answer.objects.filter(
        assessment=assessment, pk__in={step.answer_id for step in steps}
    )
    rows = answers.with_state().with_due_on().select_related("question", "assessment__city")
    return {answer.pk: answer for answer in rows}


def _row(step: PlanStep, answer: Answer, leads: dict[int, Opd], today: date) -> StepRow:
    return StepRow(
        step=step,
        answer=answer,
        lead=leads.get(answer.pk),
        due_on=answer.due_on,
        late=answer.is_late(today),
        realised=_realised(step, answer),
    )


def _realised(step: PlanStep, answer: Answer) -> Decimal:
    """The planned points that a verdict has proven, never less than none nor more than planned."""
    proven = answer.proven_points or ZERO
    return min(max(proven - step.start, ZERO), step.gain)


def _shares(rows: Iterable[StepRow]) -> list[PlanShare]:
    shares = [
        PlanShare(
            opd=opd,
            steps=len(led),
            done=sum(row.is_done for row in led),
            planned=sum((row.step.gain for row in led), ZERO),
            realised=sum((row.realised for row in led), ZERO),
        )
        for opd, led in by_lead(rows).items()
    ]
    return sorted(shares, key=lambda share: (share.realised - share.planned, str(share.opd)))
