"""Handing in the matrix of a year as a supporting document."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actionplan.models import ActionPlan
from assessments.choices import Stage
from assessments.models import Assessment, Evidence, SupportingDocument
from monitoring.rules import Proof
from monitoring.services.matrices import file_matrix, proven_answer
from tests.assessments.situations import NOW, later, refused, set_stage, stored_files
from tests.factories.actionplan import ActionPlanFactory
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import RealisationFactory


@pytest.fixture
def asked(year, monkeypatch):
    """The instrument of the year asks for the matrix at 1.2, as a photo."""
    proofs = {year.instrument.code: Proof("1.2", "foto")}
    monkeypatch.setattr("monitoring.services.matrices.proofs", lambda: proofs)
    return answer_of(year, "1.2")


def hand_over(plan, by, *, year=2026, at=NOW):
    return file_matrix(plan=plan, year=year, by=by, at=at)


def test_the_matrix_is_a_document_of_its_year_at_the_question(asked, action_year, secretary):
    evidence = hand_over(action_year.action.plan, secretary)

    document = evidence.document
    assert (evidence.answer, evidence.kind.code) == (asked, "foto")
    assert document.title == "Matriks pemantauan RAD 2026"
    assert (document.period_start, document.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert document.uploaded_by == secretary
    with document.file.open() as file:
        assert file.read(5) == b"%PDF-"


def test_the_matrix_of_a_year_before_says_its_own_year(asked, action_year, secretary):
    document = hand_over(action_year.action.plan, secretary, year=2025).document

    assert document.title == "Matriks pemantauan RAD 2025"
    assert (document.period_start, document.period_end) == (date(2025, 1, 1), date(2025, 12, 31))


def test_the_same_matrix_is_not_stored_twice(asked, action_year, secretary):
    first = hand_over(action_year.action.plan, secretary)
    with pytest.raises(ValidationError):
        hand_over(action_year.action.plan, secretary)

    assert [one.pk for one in Evidence.objects.all()] == [first.pk]
    assert SupportingDocument.objects.count() == 1


def test_a_matrix_with_newer_figures_is_another_document(asked, action_year, secretary):
    first = hand_over(action_year.action.plan, secretary)
    RealisationFactory(action_year=action_year)
    second = hand_over(action_year.action.plan, secretary, at=later())

    assert first.document.sha256 != second.document.sha256
    assert SupportingDocument.objects.count() == 2


def test_an_instrument_that_does_not_ask_gets_nothing(action_year, secretary):
    with refused("no_question"):
        hand_over(action_year.action.plan, secretary)


def test_a_city_without_a_year_gets_nothing(asked, secretary):
    city = CityFactory()
    plan = ActionPlanFactory(city=city, instrument=asked.assessment.instrument)
    planner = MembershipFactory(city=city, gugus_tugas=True).user

    with refused("no_question"):
        hand_over(plan, planner)


@pytest.mark.parametrize("role", ["opd", "pimpinan", "verifikator", "pendamping"])
def test_who_does_not_plan_hands_no_matrix_in(asked, action_year, city, dinkes, role):
    person = dinkes if role == "opd" else MembershipFactory(city=city, **{role: True})

    with pytest.raises(PermissionDenied):
        hand_over(action_year.action.plan, person.user)

    assert (Evidence.objects.count(), stored_files()) == (0, [])


def test_the_secretariat_of_another_city_hands_nothing_in(asked, action_year):
    stranger = MembershipFactory(city=CityFactory(), gugus_tugas=True).user

    with pytest.raises(PermissionDenied):
        hand_over(action_year.action.plan, stranger)

    assert Evidence.objects.count() == 0


def test_in_a_year_that_is_submitted_nothing_is_handed_in(asked, action_year, secretary):
    year = asked.assessment
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)

    with pytest.raises(ValidationError):
        hand_over(action_year.action.plan, secretary)

    assert (Evidence.objects.count(), stored_files()) == (0, [])


def test_the_question_is_that_of_the_year_that_is_asked(asked, year):
    assert proven_answer(year) == asked
    assert proven_answer(None) is None


def test_an_instrument_without_that_question_proves_nothing(year, monkeypatch):
    proofs = {year.instrument.code: Proof("9.9", "foto"), "lain": Proof("1.2", "foto")}
    monkeypatch.setattr("monitoring.services.matrices.proofs", lambda: proofs)

    assert proven_answer(Assessment.objects.get()) is None


def test_a_plan_of_a_year_without_actions_has_a_matrix_too(asked, plan, secretary):
    assert hand_over(plan, secretary).document.title == "Matriks pemantauan RAD 2026"
    assert ActionPlan.objects.get().actions.count() == 0
