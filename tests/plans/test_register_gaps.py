"""The first page of a year and its forecast tell which claims do not stand on a register."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import Stage
from assessments.models import Assessment
from assessments.year_notes import YearNote, year_notes
from plans.queries.forecast import forecast_board
from plans.queries.register_gaps import gaps_told, register_gaps
from plans.register_checks import Gap
from tests.assessments.situations import NOW, later
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.clusters import small_spec
from tests.factories.territories import TakenValueFactory
from tests.plans.test_register_checks import answered
from tests.registers.test_taking import territorial_spec

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return open_year(city=CityFactory(), spec=territorial_spec())


@pytest.fixture
def member(year):
    return MembershipFactory(city=year.city, gugus_tugas=True)


def taken(year, code, **fields):
    return TakenValueFactory(answer=answer_of(year, code), **{"missing": 0, **fields})


def gaps_by_code(year):
    found = register_gaps(Assessment.objects.get(pk=year.pk))
    codes = {answer.pk: answer.question.code for answer in year.answers.select_related("question")}
    return {codes[pk]: set(of_answer) for pk, of_answer in found.items()}


@pytest.fixture
def with_every_gap(year):
    answered(year, "26.4", claimed_points=3, value=80)
    taken(year, "26.4", missing=2)
    answered(year, "26.5", claimed_points=3, value=95)
    taken(year, "26.5", missing=0)
    answered(year, "26.6", claimed_points=3, value=95)
    answered(year, "26.18", claimed_points=3)  # no register answers it
    other = open_year(city=CityFactory(), spec=territorial_spec(), year=2026)
    answered(other, "26.7", claimed_points=3)
    return year


def test_each_claim_is_told_with_all_that_is_between_it_and_its_register(with_every_gap):
    assert gaps_by_code(with_every_gap) == {
        "26.4": {Gap.OTHER, Gap.INCOMPLETE},
        "26.6": {Gap.NOT_TAKEN},
    }


def test_what_was_taken_last_is_what_counts(year):
    answered(year, "26.4", claimed_points=3, value=95)
    taken(year, "26.4", at=later(), missing=0)
    taken(year, "26.4", at=NOW, missing=9, value=10)

    assert gaps_by_code(year) == {}


def test_of_two_that_were_taken_in_one_moment_the_later_row_counts(year):
    answered(year, "26.4", claimed_points=3, value=95)
    taken(year, "26.4", missing=9)
    taken(year, "26.4", missing=0)

    assert gaps_by_code(year) == {}


@pytest.mark.parametrize(
    ("value", "is_other"), [("95.5", False), ("95.501", True), ("94.5", False), (None, False)]
)
def test_a_figure_within_the_tolerance_is_the_same(year, value, is_other):
    answered(year, "26.4", claimed_points=3, value=value)
    taken(year, "26.4")

    assert gaps_by_code(year) == ({"26.4": {Gap.OTHER}} if is_other else {})


def test_the_first_page_tells_how_many_and_leads_to_the_checks(with_every_gap, member):
    url = reverse("plans:check_list", args=[member.city.slug, 2026])
    fact = (
        "1 angkanya berbeda dari register, 1 angkanya belum diambil dari register, "
        "1 register belum lengkap ketika nilai diambil."
    )
    assert year_notes(member, with_every_gap) == [
        YearNote(2, "pertanyaan belum cocok dengan register", fact, url, "Lihat")
    ]
    client = Client()
    client.force_login(member.user)
    page = client.get(with_every_gap.get_absolute_url())
    assert (fact in page.text, url in page.text) == (True, True)


def test_a_year_that_cannot_change_any_more_is_not_asked_for(with_every_gap, member):
    with_every_gap.stage = Stage.CLOSED
    with CaptureQueriesContext(connection) as captured:
        assert year_notes(member, with_every_gap) == []
    assert len(captured) == 0


def test_a_year_without_gaps_and_one_without_registers_say_nothing(year, member):
    other = open_year(spec=small_spec())
    answered(other, "1.1", claimed_points=3)

    assert year_notes(member, year) == []
    with CaptureQueriesContext(connection) as captured:
        assert register_gaps(other) == {}
    assert len(captured) == 1  # somebody may have chosen a register for any question
    assert gaps_told([]) == ""


def test_the_forecast_names_the_risk_at_each_claim_and_of_all_together(with_every_gap):
    board = forecast_board(with_every_gap, today=NOW.date())

    why = {row.answer.question.code: row.why for row in board.risks}
    assert why == {
        "26.4": "Belum ada dokumen; angkanya berbeda dari register; "
        "register belum lengkap ketika nilai diambil",
        "26.5": "Belum ada dokumen",
        "26.6": "Belum ada dokumen; angkanya belum diambil dari register",
        "26.18": "Belum ada dokumen",
    }
    assert board.register_sentence == (
        "Verifikator dapat mencocokkan angka dengan register: 1 angkanya berbeda dari register, "
        "1 angkanya belum diambil dari register, 1 register belum lengkap ketika nilai diambil. "
        "Klaimnya 6 poin; perkiraan di atas belum memperhitungkannya."
    )


def test_without_a_gap_the_forecast_has_nothing_to_say_of_registers(year):
    answered(year, "26.5", claimed_points=3, value=95)
    taken(year, "26.5")

    assert forecast_board(year, today=NOW.date()).register_sentence == ""


@pytest.mark.parametrize("page", ["assessments:assessment_detail", "plans:forecast_detail"])
def test_pages_stay_within_their_budget_where_registers_answer(with_every_gap, member, page):
    EvidenceFactory(answer=answer_of(with_every_gap, "26.5"))
    client = Client()
    client.force_login(member.user)
    url = reverse(page, args=[member.city.slug, 2026])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    assert len(captured) <= 12
