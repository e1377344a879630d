"""The questions of a year with points, documents, holders and effort, for planning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.choices import AnswerState, Verdict
from assessments.models import Answer, AnswerQuerySet, Assessment, Assignment
from assessments.queries.tasks import AskedKind, checklists
from assessments.scoring import ZERO, PublishedBand
from cities.models import Opd
from clusters.spec import InstrumentSpec
from plans.choices import Basis
from plans.effort import Estimate, estimate
from plans.models import Effort
from plans.pathway import Situation
from plans.points import counted_points, spec_in_force

TO_HAND_IN = (AnswerState.EMPTY, Verdict.RETURNED)


@dataclass(frozen=True, slots=True)
class YearQuestion:
    """One question with its points."""

    answer: Answer

    @property
    def code(self) -> str:
        return self.answer.question.code

    @property
    def maximum(self) -> Decimal:
        return self.answer.question.max_points

    def points(self, basis: Basis) -> Decimal:
        return counted_points(self.answer, basis) or ZERO


@dataclass(frozen=True, slots=True)
class QuestionFacts(YearQuestion):
    """The same with kinds of documents, assignments, and the effort of finishing it."""

    asked: list[AskedKind]
    holders: list[Assignment]  # the lead first
    estimate: Estimate
    own_effort: Effort | None

    @property
    def effort(self) -> int:
        return self.own_effort.value if self.own_effort else self.estimate.value

    @property
    def missing(self) -> list[AskedKind]:
        """The kinds of documents that somebody still has to hand in."""
        return [kind for kind in self.asked if kind.state in TO_HAND_IN]

    @property
    def lead(self) -> Opd | None:
        return next((holder.opd for holder in self.holders if holder.is_lead), None)


@dataclass(frozen=True, slots=True)
class SupposedYear:
    """A year of which outcomes are supposed; `questions` in the instrument's order, by code."""

    assessment: Assessment
    spec: InstrumentSpec
    bands: Sequence[PublishedBand]
    questions: Mapping[str, YearQuestion]

    def points(self, basis: Basis) -> dict[str, Decimal | None]:
        return {code: counted_points(facts.answer, basis) for code, facts in self.questions.items()}


@dataclass(frozen=True, slots=True)
class PlanningYear(SupposedYear):
    """The same with what finishing each question takes."""

    questions: Mapping[str, QuestionFacts]

    def situation(self, basis: Basis) -> Situation:
        efforts = {code: facts.effort for code, facts in self.questions.items()}
        return Situation(self.spec, self.points(basis), efforts)


def supposed_year(assessment: Assessment) -> SupposedYear:
    """One query, whatever the size, once the instrument was read."""
    rows = (
        Answer.objects.filter(assessment=assessment)
        .with_state()
        .select_related("question")
        .in_order()
    )
    return SupposedYear(
        assessment=assessment,
        spec=spec_in_force(assessment),
        bands=assessment.bands(),
        questions={answer.question.code: YearQuestion(answer) for answer in rows},
    )


def planning_year(assessment: Assessment) -> PlanningYear:
    """Everything at once, in a fixed number of queries."""
    return PlanningYear(
        assessment=assessment,
        spec=spec_in_force(assessment),
        bands=assessment.bands(),
        questions=_questions(assessment, Answer.objects.filter(assessment=assessment)),
    )


def question_facts(assessment: Assessment, code: str) -> QuestionFacts | None:
    """One question of a year, or None where the year has none of that code."""
    answers = Answer.objects.filter(assessment=assessment, question__code=code)
    return _questions(assessment, answers).get(code)


def _questions(assessment: Assessment, answers: AnswerQuerySet) -> dict[str, QuestionFacts]:
    rows = list(
        answers.with_state()
        .select_related("question__indicator__cluster")
        .prefetch_related("assignments__opd")
        .in_order()
    )
    asked = checklists(rows)
    own = {
        effort.question_id: effort
        for effort in Effort.objects.filter(city=assessment.city).select_related("by")
    }
    return {
        answer.question.code: _facts(answer, asked[answer.pk], own.get(answer.question_id))
        for answer in rows
    }


def _facts(answer: Answer, asked: list[AskedKind], own: Effort | None) -> QuestionFacts:
    holders = list(answer.assignments.all())
    return QuestionFacts(
        answer=answer,
        asked=asked,
        holders=holders,
        estimate=estimate(asked, opds=len(holders)),
        own_effort=own,
    )
