"""Whether an action brought the points that it promised, by the next year's verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Action, ActionQuestion
from assessments.models import Answer
from assessments.scoring import ZERO


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question that an action is about: what was planned, and what the next year proves.

    `answer` is that of the first year after the one in which it was planned; None while there is
    none, or where that year asks by another instrument.
    """

    link: ActionQuestion
    answer: Answer | None

    @property
    def reached(self) -> Decimal | None:
        """Points proven above where the question stood, never less than none; None: not known."""
        if self.answer is None or self.link.planned_in is None:
            return None
        return max((self.answer.proven_points or ZERO) - self.link.start, ZERO)

    @property
    def is_kept(self) -> bool:
        return self.reached is not None and self.reached >= self.link.gain


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """Planned and reached points; `reached` counts only what a next year can tell."""

    planned: Decimal
    told: Decimal  # of the planned, what a next year can tell
    reached: Decimal


def outcomes_of(actions: Iterable[Action]) -> list[Outcome]:
    """The questions of the actions with what came of them, in two queries."""
    links = list(
        ActionQuestion.objects.filter(action__in=actions).select_related(
            "question", "planned_in", "action"
        )
    )
    cities = {link.planned_in.city_id for link in links if link.planned_in}
    answers = (
        Answer.objects.filter(
            assessment__city__in=cities, question__in=[link.question_id for link in links]
        )
        .with_state()
        .select_related("assessment__city", "question")
        .order_by("assessment__year")
    )
    by_question: dict[int, list[Answer]] = {}
    for answer in answers if cities else ():
        by_question.setdefault(answer.question_id, []).append(answer)
    return [Outcome(link, _next(link, by_question.get(link.question_id, ()))) for link in links]


def _next(link: ActionQuestion, answers: Iterable[Answer]) -> Answer | None:
    year = link.planned_in
    if year is None:
        return None
    return next((one for one in answers if one.assessment.year > year.year), None)


def outcome_sum(outcomes: Iterable[Outcome]) -> OutcomeSum:
    outcomes = list(outcomes)
    told = [one for one in outcomes if one.reached is not None]
    return OutcomeSum(
        planned=sum((one.link.gain for one in outcomes), ZERO),
        told=sum((one.link.gain for one in told), ZERO),
        reached=sum((min(one.reached or ZERO, one.link.gain) for one in told), ZERO),
    )
