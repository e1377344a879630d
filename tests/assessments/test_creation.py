"""Opening a year, and changing its target and deadline."""

from datetime import date

import pytest

from assessments.choices import ScoreKind, Stage, TrailEvent
from assessments.models import Answer, Assessment, ClusterScore, IndicatorScore, TotalScore
from assessments.services.creation import change_assessment, open_assessment
from tests.assessments.situations import (
    NOW,
    admin_of,
    assert_scores_are_right,
    city_with_opds,
    history,
    later,
    refused,
    set_stage,
    working_year,
)
from tests.factories.assessments import open_year
from tests.factories.cities import CityFactory, OpdFactory, SiteAdminFactory
from tests.factories.clusters import BandFactory, InstrumentFactory, make_instrument, small_spec

pytestmark = pytest.mark.django_db


def opening(**fields):
    given = {
        "city": fields.get("city") or CityFactory(),
        "instrument": fields.get("instrument") or make_instrument(),
        "year": 2026,
        "target": None,
        "deadline": None,
        "by": SiteAdminFactory(),
        "at": NOW,
    }
    return given | fields


def held(assessment):
    answers = Answer.objects.filter(assessment=assessment).in_order()
    return {
        answer.question.code: [(a.opd.code, a.is_lead) for a in answer.assignments.all()]
        for answer in answers
    }


# --- Opening ----------------------------------------------------------------------------------


def test_a_new_year_has_an_empty_answer_for_each_question():
    by = SiteAdminFactory()
    instrument = make_instrument()
    target = instrument.bands.get(predikat="Madya")

    year = open_assessment(
        **opening(instrument=instrument, target=target, deadline=date(2026, 6, 30), by=by)
    )

    assert (year.stage, year.target, year.deadline) == (
        Stage.SELF_ASSESSMENT,
        target,
        date(2026, 6, 30),
    )
    assert (year.opened_by, year.opened_at) == (by, NOW)
    answers = Answer.objects.filter(assessment=year).in_order()
    assert list(answers.values_list("question__code", "claimed_points", "granted_points")) == [
        (code, None, None) for code in ("1.1", "1.2", "2a.1", "2a.2", "2b.1")
    ]
    assert history(year) == [(TrailEvent.ASSESSMENT_OPENED, "", by, NOW)]


def test_a_new_year_starts_with_a_row_of_zeros_for_every_total():
    year = open_year()

    kinds = len(ScoreKind)
    counts = [
        model.objects.filter(assessment=year, points=0).count()
        for model in (TotalScore, ClusterScore, IndicatorScore)
    ]
    assert counts == [kinds, 2 * kinds, 3 * kinds]
    assert_scores_are_right(year)


def test_the_questions_of_a_new_year_go_to_the_opds_that_the_instrument_names():
    year = working_year()

    assert held(year) == {
        "1.1": [("DP3A", True)],
        "1.2": [("DISDIK", True), ("DP3A", False)],
        "2a.1": [],
        "2a.2": [("DINKES", True)],
        "2b.1": [("DINKES", True)],
    }


def test_the_first_agency_that_the_city_has_leads():
    city = CityFactory()
    OpdFactory(city=city, code="DP3A")
    OpdFactory(city=city, code="DISDIK", is_active=False)
    OpdFactory(code="DINKES")  # of another city

    year = open_year(city=city)

    assert held(year) == {
        "1.1": [("DP3A", True)],
        "1.2": [("DP3A", True)],
        "2a.1": [],
        "2a.2": [],
        "2b.1": [],
    }


def test_another_city_and_another_year_are_opened_beside_it():
    city = CityFactory()

    years = [open_year(city=city), open_year(city=city, year=2025), open_year()]

    assert Assessment.objects.count() == len(years)


def test_a_year_is_opened_once_for_a_city():
    city = CityFactory()
    open_year(city=city)
    wanted = opening(city=city)

    with refused("exists"):
        open_assessment(**wanted)


def test_a_year_is_not_opened_with_a_draft():
    wanted = opening(instrument=InstrumentFactory())

    with refused("draft"):
        open_assessment(**wanted)


def test_a_year_does_not_aim_at_the_predikat_of_another_instrument():
    wanted = opening(target=BandFactory())

    with refused("foreign_band"):
        open_assessment(**wanted)


# --- Changing ---------------------------------------------------------------------------------


def test_target_and_deadline_are_changed_together(year):
    by = admin_of(year)
    target = year.instrument.bands.get(predikat="Pratama")

    changed = change_assessment(
        assessment_id=year.pk, target=target, deadline=date(2026, 5, 1), by=by, at=later()
    )

    stored = Assessment.objects.get()
    assert (stored.target, stored.deadline) == (target, date(2026, 5, 1))
    assert changed == stored
    assert history(year)[-1] == (TrailEvent.ASSESSMENT_CHANGED, "Pratama; 2026-05-01", by, later())


def test_target_and_deadline_can_be_taken_away_again():
    instrument = make_instrument()
    year = open_year(target=instrument.bands.first(), deadline=date(2026, 5, 1))

    change_assessment(assessment_id=year.pk, target=None, deadline=None, by=admin_of(year), at=NOW)

    stored = Assessment.objects.get()
    assert (stored.target, stored.deadline) == (None, None)


def test_a_year_is_not_changed_to_the_predikat_of_another_instrument(year):
    foreign = make_instrument(small_spec(code="lain")).bands.first()
    by = admin_of(year)

    with refused("foreign_band"):
        change_assessment(assessment_id=year.pk, target=foreign, deadline=None, by=by, at=NOW)


def test_a_closed_year_is_not_changed(year):
    by = admin_of(year)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        change_assessment(assessment_id=year.pk, target=None, deadline=None, by=by, at=NOW)


def test_a_city_may_have_opds_that_the_instrument_does_not_know():
    city = city_with_opds()
    OpdFactory(city=city, code="PKK")

    year = open_year(city=city)

    codes = {code for holders in held(year).values() for code, _is_lead in holders}
    assert codes == {"DP3A", "DINKES", "DISDIK"}
