"""From the cheapest way straight into the plan, and whether it brought its points."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from actionplan.models import Action, ActionQuestion
from actionplan.queries.outcomes import outcome_sum, outcomes_of
from actionplan.services.from_plans import step_rows, take_steps, target_plan
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW, later
from tests.at_once import at_once
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionQuestionFactory
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import CityFactory
from tests.factories.clusters import small_spec
from tests.factories.plans import PlanFactory, PlanStepFactory


@pytest.fixture
def way(year):
    """1.2 from 5 to 20 points, 2a.2 from nothing to 15."""
    way = PlanFactory(assessment=year)
    PlanStepFactory(plan=way, answer=answer_of(year, "1.2"), start=5)
    PlanStepFactory(plan=way, answer=answer_of(year, "2a.2"))
    return way


def steps(way):
    return set(way.steps.values_list("pk", flat=True))


def take(way, plan, secretary, chosen=None, at=NOW):
    return take_steps(
        plan_id=way.pk,
        rad_id=plan.pk,
        chosen=steps(way) if chosen is None else chosen,
        by=secretary,
        at=at,
    )


def refused(*arguments, **named):
    before = Action.objects.count()
    with pytest.raises(ValidationError) as error:
        take(*arguments, **named)
    assert Action.objects.count() == before
    return error.value.code


def next_year(year, **fields):
    return open_year(city=year.city, year=year.year + 1, **fields)


def test_each_step_becomes_an_action_of_next_year(way, plan, secretary, year):
    ActionFactory(plan=plan, number=7)

    first, second = take(way, plan, secretary)

    assert (first.number, first.lead.code, first.indicator.code) == (8, "DISDIK", "1")
    assert (second.number, second.lead.code, second.indicator.code) == (9, "DINKES", "2a")
    [promise] = first.questions.all()
    assert (promise.question.code, promise.planned_in, promise.gain) == ("1.2", year, Decimal(15))
    [row] = first.years.all()
    assert (row.year, row.target, row.ceiling, first.baseline) == (2027, 20, None, 5)
    assert len(trail(plan.city)) == 4


def test_only_the_chosen_steps_are_taken_and_none_twice(way, plan, secretary):
    first, second = sorted(steps(way))
    take(way, plan, secretary, {first})
    assert refused(way, plan, secretary, {first}) == "nothing"

    take(way, plan, secretary)

    assert [one.question_id for one in ActionQuestion.objects.order_by("action__number")] == [
        way.steps.get(pk=pk).answer.question_id for pk in (first, second)
    ]
    assert [row.action.number for row in step_rows(way, plan)] == [1, 2]


def test_nothing_chosen_is_refused(way, plan, secretary):
    assert refused(way, plan, secretary, set()) == "nothing"


def test_a_plan_that_does_not_cover_next_year_is_none_to_take_it(way, year, secretary):
    plan = ActionPlanFactory(
        city=year.city, instrument=year.instrument, first_year=2020, last_year=2026
    )

    assert target_plan(way) is None
    assert refused(way, plan, secretary) == "foreign"


def test_the_newest_plan_of_the_same_instrument_is_the_one(way, plan, year):
    newer = ActionPlanFactory(
        city=year.city, instrument=year.instrument, first_year=2026, last_year=2030
    )
    ActionPlanFactory(city=CityFactory(), instrument=year.instrument, first_year=2027)
    other = next_year(year, spec=small_spec("lain-2027")).instrument
    ActionPlanFactory(city=year.city, instrument=other, first_year=2027)

    assert target_plan(way) == newer


def test_a_way_of_another_city_or_instrument_is_not_taken(way, year, plan, secretary):
    foreign = PlanFactory(assessment=open_year(spec=small_spec("asing-2026")))
    assert refused(foreign, plan, secretary, {1}) == "foreign"
    other = next_year(year, spec=small_spec("lain-2027")).instrument
    strange = ActionPlanFactory(city=year.city, instrument=other)

    assert refused(way, strange, secretary) == "foreign"


@pytest.mark.django_db(transaction=True)
def test_two_who_press_the_button_at_once_make_one_action_a_step(way, plan, secretary):
    told = at_once(*[lambda: len(take(way, plan, secretary))] * 2)

    assert sorted(told, key=str) == [2, "nothing"]
    assert Action.objects.count() == 2


# --- What came of it --------------------------------------------------------------------------


def proven(year, code, points):
    answer = granted(answer_of(year, code), points)
    answer.claimed_points = answer.granted_points
    answer.save()
    EvidenceFactory(answer=answer, accepted=True)


def told(plan):
    return {
        one.link.question.code: (one.reached, one.is_kept)
        for one in outcomes_of(Action.objects.filter(plan=plan))
    }


def test_without_a_next_year_nothing_is_known(way, plan, secretary, year):
    take(way, plan, secretary)
    proven(year, "1.2", "20")  # the year itself is the start, and no outcome

    assert told(plan) == {"1.2": (None, False), "2a.2": (None, False)}


def test_the_next_year_says_what_was_brought(way, plan, secretary, year):
    take(way, plan, secretary)
    coming = next_year(year)
    proven(coming, "1.2", "20")
    proven(coming, "2a.2", "4")

    assert told(plan) == {"1.2": (Decimal(15), True), "2a.2": (Decimal(4), False)}
    sums = outcome_sum(outcomes_of(Action.objects.filter(plan=plan)))
    assert (sums.planned, sums.told, sums.reached) == (30, 30, 19)


def test_less_than_before_is_nothing_and_more_than_planned_counts_once(way, plan, secretary, year):
    take(way, plan, secretary)
    coming = next_year(year)
    proven(coming, "1.2", "2")
    ActionQuestion.objects.filter(question__code="2a.2").update(goal=1)
    proven(coming, "2a.2", "15")

    assert told(plan) == {"1.2": (Decimal(0), False), "2a.2": (Decimal(15), True)}
    assert outcome_sum(outcomes_of(Action.objects.filter(plan=plan))).reached == 1


def test_the_first_year_after_counts_and_no_later_one(way, plan, secretary, year):
    take(way, plan, secretary)
    next_year(year)
    proven(open_year(city=year.city, year=2028), "1.2", "20")

    assert told(plan)["1.2"] == (Decimal(0), False)


def test_another_instrument_cannot_tell(way, plan, secretary, year):
    take(way, plan, secretary)
    proven(next_year(year, spec=small_spec("lain-2027")), "1.2", "20")

    assert told(plan)["1.2"] == (None, False)


def test_another_citys_year_tells_nothing(way, plan, secretary, year):
    take(way, plan, secretary)
    foreign = open_year(city=CityFactory(), year=2027)
    proven(foreign, "1.2", "20")

    assert told(plan)["1.2"] == (None, False)


def test_a_question_without_a_promise_is_no_outcome(plan, year):
    action = ActionFactory(plan=plan)
    ActionQuestionFactory(action=action, question=answer_of(year, "1.2").question)
    next_year(year, at=later())

    assert told(plan) == {"1.2": (None, False)}
