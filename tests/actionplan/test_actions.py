"""Actions, and what each is to reach and may cost in a year."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from actionplan.choices import Direction, FundSource
from actionplan.models import Action, ActionYear
from actionplan.services.actions import (
    ActionFacts,
    YearFacts,
    change_action,
    record_action,
    remove_action,
    set_year,
)
from cities.models import CityTrailEvent
from clusters.models import Indicator
from tests.actionplan.test_plans import refusal, trail
from tests.assessments.situations import NOW
from tests.factories.actionplan import ActionFactory, ActionQuestionFactory, ActionYearFactory
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory, OpdFactory
from tests.factories.clusters import make_instrument, small_spec
from tests.factories.monitoring import RealisationFactory
from workbooks.money import MOST


def indicator(plan, code="1"):
    return Indicator.objects.get(cluster__instrument=plan.instrument, code=code)


def facts(plan, **fields):
    told = {"number": 1, "indicator": indicator(plan), "name": "Latih  anggota"}
    return ActionFacts(**told | fields)


def test_an_action_is_recorded_with_its_questions_and_opds(plan, secretary):
    lead, other = plan.city.opds.get(code="DINKES"), plan.city.opds.get(code="DP3A")

    action = record_action(
        plan_id=plan.pk,
        facts=facts(plan, lead=lead, supporting=(other,), questions=("1.2", "1.1")),
        by=secretary,
        at=NOW,
    )

    assert (action.name, action.lead, list(action.supporting.all())) == (
        "Latih anggota",
        lead,
        [other],
    )
    assert [one.question.code for one in action.questions.all()] == ["1.1", "1.2"]
    [(deed, target, _before, after)] = trail(plan.city)
    assert (deed, target) == (CityTrailEvent.ACTION_RECORDED, "1. Latih anggota")
    assert (after["topics"], after["opd"], after["supporting"]) == (
        "1.1; 1.2",
        "Dinas DINKES",
        "DP3A",
    )


@pytest.mark.parametrize("codes", [("2a.1",), ("9.9",), ("1.1", "2b.1")])
def test_a_question_of_another_indicator_is_refused(plan, secretary, codes):
    told = facts(plan, questions=codes)

    code = refusal(record_action, plan_id=plan.pk, facts=told, by=secretary)

    assert (code, Action.objects.count()) == ("unknown_question", 0)


def test_an_indicator_of_another_instrument_is_refused(plan, secretary):
    foreign = make_instrument(small_spec("lain-2027"))
    told = facts(plan, indicator=Indicator.objects.filter(cluster__instrument=foreign).first())

    assert refusal(record_action, plan_id=plan.pk, facts=told, by=secretary) == "unknown_question"


@pytest.mark.parametrize("place", ["lead", "supporting"])
def test_an_opd_of_another_city_carries_no_action(plan, secretary, place):
    foreign = OpdFactory()
    told = facts(plan, **{place: foreign if place == "lead" else (foreign,)})

    assert refusal(record_action, plan_id=plan.pk, facts=told, by=secretary) == "foreign"
    assert not Action.objects.exists()


def test_a_number_is_taken_once_within_a_plan(action, secretary):
    with pytest.raises(ValidationError, match="sudah dipakai"):
        record_action(plan_id=action.plan_id, facts=facts(action.plan), by=secretary, at=NOW)

    assert Action.objects.count() == 1


def test_a_change_keeps_what_a_question_was_promised(action, year, secretary):
    question = answer_of(year, "1.1").question
    ActionQuestionFactory(action=action, question=question, goal=5, planned_in=year)

    change_action(
        action_id=action.pk,
        facts=facts(action.plan, name="Baru", questions=("1.1", "1.2")),
        by=secretary,
        at=NOW,
    )

    assert [(one.question.code, one.gain) for one in action.questions.all()] == [
        ("1.1", Decimal(5)),
        ("1.2", Decimal(0)),
    ]


def test_a_change_drops_the_questions_that_it_no_longer_names(action, year, secretary):
    ActionQuestionFactory(action=action, question=answer_of(year, "1.1").question)

    change_action(action_id=action.pk, facts=facts(action.plan), by=secretary, at=NOW)

    assert not action.questions.exists()


def test_an_action_that_was_reported_stays(action_year, secretary):
    RealisationFactory(action_year=action_year)

    code = refusal(remove_action, action_id=action_year.action_id, by=secretary)

    assert (code, Action.objects.count()) == ("reported", 1)


def test_an_action_recorded_by_mistake_goes_with_its_years(action, secretary):
    remove_action(action_id=action.pk, by=secretary, at=NOW)

    assert (Action.objects.count(), ActionYear.objects.count()) == (0, 0)
    assert refusal(remove_action, action_id=action.pk, by=secretary) == "removed"


def test_a_year_outside_the_plan_is_refused(action, secretary):
    code = refusal(set_year, action_id=action.pk, year=2031, facts=YearFacts(), by=secretary)

    assert (code, action.years.count()) == ("outside", 1)


def test_a_ceiling_is_kept_to_the_rupiah_and_told_in_the_trail(action, secretary):
    told = YearFacts(Decimal(60), MOST, FundSource.APBN, Decimal("12.5"), "Separuh untuk anak")

    row = set_year(action_id=action.pk, year=2027, facts=told, by=secretary, at=NOW)

    row.refresh_from_db()
    assert (row.ceiling, row.for_children) == (MOST, MOST // 8)
    [(_deed, target, _before, after)] = trail(action.plan.city)
    assert target == "1. Latih anggota Gugus Tugas (2027)"
    assert after["ceiling"] == "Rp1.000.000.000.000.000"


@pytest.mark.parametrize(
    "told",
    [
        YearFacts(ceiling=-1),
        YearFacts(ceiling=MOST + 1),
        YearFacts(child_share=Decimal(40)),
        YearFacts(child_share=Decimal("100.01"), child_reason="Semua"),
        YearFacts(source="kas"),
    ],
)
def test_figures_that_cannot_be_are_refused(action, secretary, told):
    with pytest.raises(ValidationError):
        set_year(action_id=action.pk, year=2027, facts=told, by=secretary, at=NOW)

    assert not action.years.filter(year=2027).exists()


def test_the_database_itself_refuses_a_negative_ceiling(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionYearFactory(action=action, year=2028, ceiling=-1)


@given(
    st.integers(min_value=0, max_value=MOST),
    st.decimals(min_value=0, max_value=100, places=2),
)
def test_the_part_for_children_is_whole_and_never_more_than_its_share(ceiling, share):
    row = ActionYear(ceiling=ceiling, child_share=share)

    assert 0 <= row.for_children <= ceiling
    assert row.for_children <= ceiling * share / 100 < row.for_children + 1


@pytest.mark.parametrize(("ceiling", "share"), [(None, Decimal(5)), (5, None)])
def test_what_nobody_said_serves_no_known_part(ceiling, share):
    assert ActionYear(ceiling=ceiling, child_share=share).for_children is None


@pytest.mark.parametrize(
    ("direction", "target", "is_below"),
    [
        (Direction.UP, 59, True),
        (Direction.UP, 60, False),
        (Direction.DOWN, 61, True),
        (Direction.DOWN, 60, False),
    ],
)
def test_a_target_is_measured_by_the_way_it_should_go(direction, target, is_below):
    action = Action(baseline=Decimal(60), direction=direction)

    assert action.is_below(Decimal(target)) == is_below
    assert not Action(direction=direction).is_below(Decimal(target))


def test_an_opd_sees_what_it_leads_and_supports_each_once(plan, dinkes):
    led = ActionFactory(plan=plan, lead=dinkes.opd)
    supported = ActionFactory(plan=plan)
    supported.supporting.set(plan.city.opds.all())
    both = ActionFactory(plan=plan, lead=dinkes.opd)
    both.supporting.add(dinkes.opd)
    foreign = ActionFactory(plan=plan, lead=plan.city.opds.get(code="DP3A"))

    seen = list(Action.objects.visible_to(dinkes).in_order())

    assert seen == [led, supported, both]
    everybody = MembershipFactory(pimpinan=True, city=plan.city)
    assert list(Action.objects.visible_to(everybody).in_order()) == [led, supported, both, foreign]
    assert not Action.objects.visible_to(MembershipFactory(pimpinan=True)).exists()
