"""From the cheapest way straight into the plan, and whether it brought its points."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from actionplan.models import Action, ActionQuestion
from actionplan.services.from_plans import step_rows, take_steps, target_plan
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW
from tests.at_once import at_once
from tests.factories.actionplan import ActionFactory, ActionPlanFactory
from tests.factories.assessments import open_year
from tests.factories.cities import CityFactory
from tests.factories.clusters import small_spec
from tests.factories.plans import PlanFactory


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
