"""Who answers which question."""

from datetime import date

import pytest

from assessments.choices import Stage, TrailEvent
from assessments.models import Activity, Answer
from assessments.services.assignment import (
    assign_defaults,
    assign_in_bulk,
    assign_question,
    missing_agencies,
    take_over_agencies,
)
from cities.models import Opd
from tests.assessments.situations import (
    NOW,
    history,
    later,
    refused,
    set_stage,
)
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory, OpdFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 1)


@pytest.fixture
def by(db):
    return SiteAdminFactory(name="Ibu Sekretaris")


@pytest.fixture
def opds(year):
    return {opd.code: opd for opd in year.city.opds.all()}


def holders(answer):
    rows = answer.assignments.order_by("opd__code")
    return [(row.opd.code, row.is_lead, row.due_on) for row in rows]


def assign(answer, lead, *contributors, by, due_on=None, at=NOW):
    assign_question(
        answer_id=answer.pk, lead=lead, contributors=contributors, due_on=due_on, by=by, at=at
    )


def bulk(year, codes, opd, *, by, is_lead=True, due_on=None, at=NOW):
    return assign_in_bulk(
        assessment=year,
        answer_ids=[answer_of(year, code).pk for code in codes],
        opd=opd,
        is_lead=is_lead,
        due_on=due_on,
        by=by,
        at=at,
    )


# --- Defaults ---------------------------------------------------------------------------------


def test_defaults_go_to_the_questions_that_nobody_holds(by):
    year = open_year()
    dinkes = OpdFactory(city=year.city, code="DINKES")
    other = OpdFactory(city=year.city, code="PKK")
    assign(answer_of(year, "2b.1"), other, by=by)

    result = assign_defaults(assessment_id=year.pk, by=by, at=later())

    assert (result.questions, result.missing_codes) == (1, ("DISDIK", "DP3A"))
    assert holders(answer_of(year, "2a.2")) == [(dinkes.code, True, None)]
    assert holders(answer_of(year, "2b.1")) == [(other.code, True, None)]
    assert history(year)[-1] == (
        TrailEvent.QUESTIONS_ASSIGNED,
        "Penugasan bawaan untuk 1 pertanyaan",
        by,
        later(),
    )


def test_defaults_applied_twice_change_nothing_and_say_nothing(year, by):
    before = history(year)

    result = assign_defaults(assessment_id=year.pk, by=by, at=later())

    assert (result.questions, result.missing_codes) == (0, ())
    assert history(year) == before


def test_defaults_are_refused_in_a_closed_year(year, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        assign_defaults(assessment_id=year.pk, by=by, at=NOW)


# --- One question -----------------------------------------------------------------------------


def test_a_question_is_held_by_exactly_those_named(year, answer, opds, by):
    assign(answer, opds["DINKES"], opds["DP3A"], by=by, due_on=JUNE, at=later())

    assert holders(answer) == [("DINKES", True, JUNE), ("DP3A", False, JUNE)]
    assert history(year)[-1] == (
        TrailEvent.QUESTIONS_ASSIGNED,
        "Dinas DINKES, Dinas DP3A",
        by,
        later(),
    )


def test_a_lead_named_among_the_contributors_leads(answer, opds, by):
    assign(answer, opds["DINKES"], opds["DINKES"], opds["DP3A"], by=by)

    assert holders(answer) == [("DINKES", True, None), ("DP3A", False, None)]


def test_a_question_may_have_contributors_without_a_lead_or_nobody(answer, opds, by):
    assign(answer, None, opds["DP3A"], by=by)
    contributors_only = holders(answer)
    assign(answer, None, by=by)

    assert contributors_only == [("DP3A", False, None)]
    assert holders(answer) == []


@pytest.mark.parametrize("as_lead", [True, False])
def test_an_opd_of_another_city_holds_nothing_here(answer, by, as_lead):
    foreign = OpdFactory(code="DINKES")

    with refused("foreign_opd"):
        assign(answer, *([foreign] if as_lead else [None, foreign]), by=by)


def test_a_question_of_a_closed_year_is_not_assigned(year, answer, opds, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        assign(answer, opds["DP3A"], by=by)


# --- Many at once -----------------------------------------------------------------------------


def test_a_new_lead_keeps_the_old_one_as_contributor(year, opds, by):
    count = bulk(year, ["1.1", "1.2"], opds["DINKES"], by=by, due_on=JUNE, at=later())

    assert count == 2
    assert holders(answer_of(year, "1.1")) == [("DINKES", True, JUNE), ("DP3A", False, None)]
    assert holders(answer_of(year, "1.2")) == [
        ("DINKES", True, JUNE),
        ("DISDIK", False, None),
        ("DP3A", False, None),
    ]
    assert history(year)[-1] == (
        TrailEvent.QUESTIONS_ASSIGNED,
        "Dinas DINKES: 2 pertanyaan",
        by,
        later(),
    )


def test_a_contributor_becomes_lead_without_standing_there_twice(answer, year, opds, by):
    bulk(year, ["1.2"], opds["DP3A"], by=by)

    assert holders(answer) == [("DISDIK", False, None), ("DP3A", True, None)]


def test_a_lead_added_as_contributor_goes_on_leading(answer, year, opds, by):
    bulk(year, ["1.2"], opds["DISDIK"], by=by, is_lead=False, due_on=JUNE)

    assert holders(answer) == [("DISDIK", True, JUNE), ("DP3A", False, None)]


def test_answers_of_another_year_are_left_out(year, opds, by):
    foreign = answer_of(open_year(city=CityFactory()), "2a.1")

    count = assign_in_bulk(
        assessment=year,
        answer_ids=[foreign.pk],
        opd=opds["DP3A"],
        is_lead=True,
        due_on=None,
        by=by,
        at=NOW,
    )

    assert (count, holders(foreign)) == (0, [])


def test_a_foreign_opd_gets_nothing_in_bulk(year, by):
    foreign = OpdFactory()

    with refused("foreign_opd"):
        bulk(year, ["1.1"], foreign, by=by)


def test_nothing_is_assigned_in_bulk_in_a_closed_year(year, opds, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        bulk(year, ["1.1"], opds["DP3A"], by=by)


def test_every_question_has_at_most_one_lead_after_any_of_it(year, opds, by):
    for opd in opds.values():
        bulk(year, ["1.1", "1.2", "2a.1"], opd, by=by)

    leads = Answer.objects.filter(assignments__is_lead=True).values_list("question__code", "pk")
    assert len(leads) == len(set(leads)) == 5
    assert Opd.objects.count() == 3
    assert Activity.objects.filter(deed=TrailEvent.QUESTIONS_ASSIGNED).count() == 4


# --- Agencies of the instrument ---------------------------------------------------------------


def test_the_agencies_that_the_city_lacks_become_its_opds_and_get_their_questions(by):
    year = open_year()
    OpdFactory(city=year.city, code="DINKES", name="Dinas Kesehatan Kota")

    created = take_over_agencies(assessment_id=year.pk, by=by, at=NOW)

    assert sorted(opd.code for opd in created) == ["DISDIK", "DP3A"]
    assert missing_agencies(year) == []
    assert holders(answer_of(year, "1.2")) == [("DISDIK", True, None), ("DP3A", False, None)]
    assert holders(answer_of(year, "2b.1")) == [("DINKES", True, None)]


def test_a_closed_year_brings_no_new_opds(by):
    year = open_year()
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        take_over_agencies(assessment_id=year.pk, by=by, at=NOW)

    assert Opd.objects.count() == 0
