"""Whether an action brought the points that it promised."""

from decimal import Decimal

from actionplan.models import Action, ActionQuestion
from monitoring.queries.outcomes import outcome_sum, outcomes_of
from tests.actionplan.test_from_plans import next_year, take
from tests.assessments.situations import later
from tests.factories.actionplan import ActionFactory, ActionQuestionFactory
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import CityFactory
from tests.factories.clusters import small_spec


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
