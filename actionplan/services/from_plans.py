"""The cheapest way to a predikat, straight into the plan: its questions become actions of next year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from actionplan.models import Action, ActionPlan, ActionQuestion
from actionplan.services.actions import ActionFacts, YearFacts, write_action, write_year
from actionplan.services.plans import held_plan
from assessments.models import Assignment
from cities.models import Opd, User
from cities.services.activity import record
from plans.models import Plan, PlanStep
from texts.languages import deed

LONGEST_NAME = 900


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a saved way; `action` is the one that already carries it in this plan."""

    step: PlanStep
    lead: Opd | None
    action: Action | None


def target_plan(plan: Plan) -> ActionPlan | None:
    """The newest RAD of the city that covers the year after, under the same instrument."""
    return (
        ActionPlan.objects.filter(
            city=plan.assessment.city_id, instrument=plan.assessment.instrument_id
        )
        .covering(plan.assessment.year + 1)
        .select_related("city")
        .first()
    )


def step_rows(plan: Plan, rad: ActionPlan) -> list[StepRow]:
    """The steps of a way beside what the RAD has of them; three queries."""
    steps = list(plan.steps.select_related("answer__question__indicator__cluster"))
    leading = Assignment.objects.leading().filter(answer__in=[one.answer_id for one in steps])
    leads = {one.answer_id: one.opd for one in leading.select_related("opd")}
    carried = ActionQuestion.objects.filter(action__plan=rad, planned_in=plan.assessment)
    actions = {one.question_id: one.action for one in carried.select_related("action__plan__city")}
    return [
        StepRow(one, leads.get(one.answer_id), actions.get(one.answer.question_id)) for one in steps
    ]


@deed
def take_steps(
    *, plan_id: int, rad_id: int, chosen: Collection[int], by: User, at: datetime
) -> list[Action]:
    """Make an action of next year of each chosen step that is none yet; twice is once.

    `chosen` are keys of steps. Each action promises the points from where the question stood to
    the goal of the way. Raises PermissionDenied and ValidationError (`removed`, `foreign`, `nothing`).
    """
    rad, city = held_plan(rad_id, by=by)
    plan = (
        Plan.objects.select_related("assessment").filter(pk=plan_id, assessment__city=city).first()
    )
    if plan is None or plan.assessment.year + 1 not in rad.years:
        raise ValidationError(
            _lazy("Rencana itu sudah dihapus atau di luar masa RAD."), code="foreign"
        )
    if plan.assessment.instrument_id != rad.instrument_id:
        raise ValidationError(
            _lazy("RAD dan rencana itu memakai instrumen yang berbeda."), code="foreign"
        )
    rows = [one for one in step_rows(plan, rad) if one.step.pk in chosen and one.action is None]
    if not rows:
        raise ValidationError(
            _lazy("Tidak ada langkah yang dipilih, atau semuanya sudah menjadi aksi."),
            code="nothing",
        )
    return _add(rad, plan, rows, by=by, at=at)


def _add(
    rad: ActionPlan, plan: Plan, rows: Sequence[StepRow], *, by: User, at: datetime
) -> list[Action]:
    last = rad.actions.aggregate(last=Max("number"))["last"] or 0
    actions, entries = [], []
    for number, row in enumerate(rows, last + 1):
        question = row.step.answer.question
        facts = ActionFacts(
            number=number,
            indicator=question.indicator,
            name=question.text[:LONGEST_NAME],
            measure=str(_("Poin pertanyaan %(code)s")) % {"code": question.code},
            unit=_("poin"),
            baseline=row.step.start,
            lead=row.lead,
            questions=(question.code,),
        )
        action = Action(plan=rad)
        entries.append(write_action(action, rad.city, facts, by=by, at=at))
        year = YearFacts(target=row.step.goal)
        entries.append(write_year(action, plan.assessment.year + 1, year)[1])
        action.questions.update(
            planned_in=plan.assessment, start=row.step.start, goal=row.step.goal
        )
        actions.append(action)
    record(*entries, city=rad.city, by=by, at=at)
    return actions
