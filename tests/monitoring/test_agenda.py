"""What the RAD puts on the agenda of a rakor."""

from datetime import date

import pytest

from actionplan.models import Action
from meetings.queries.agenda import proposed_agenda
from monitoring.agenda import agenda_of_plans
from taskforce.queries.composition import composition_on
from tests.assessments.situations import working_year
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import NOW
from tests.factories.cities import CityFactory, OpdFactory
from tests.factories.monitoring import RealisationFactory

# The first quarter of 2026 is due on 14 April, the second on 14 July.
LATE = date(2026, 4, 15)


@pytest.fixture
def year(db):
    return working_year()


@pytest.fixture
def plan(year):
    return ActionPlanFactory(city=year.city, instrument=year.instrument)


@pytest.fixture
def education(year):
    return year.city.opds.get(code="DISDIK")


@pytest.fixture
def health(year):
    return year.city.opds.get(code="DINKES")


def year_of(plan, lead, year=2026):
    return ActionYearFactory(action=ActionFactory(plan=plan, lead=lead), year=year)


def test_each_opd_is_named_with_the_actions_whose_last_due_quarter_is_not_reported(
    year, plan, education, health
):
    for _ in range(2):
        year_of(plan, education)
    RealisationFactory(action_year=year_of(plan, education), quarter=1)
    year_of(plan, health)
    year_of(plan, None)
    year_of(plan, health, year=2025)  # its last quarter was asked for before the first of 2026
    foreign = ActionPlanFactory(city=CityFactory(), instrument=year.instrument)
    year_of(foreign, OpdFactory(city=foreign.city))

    items = agenda_of_plans(year.city, today=LATE)

    assert items == [
        f"RAD: {education.name} belum melaporkan triwulan 1 2026 untuk 2 aksi",
        "RAD: Aksi tanpa OPD belum melaporkan triwulan 1 2026 untuk 1 aksi",
        f"RAD: {health.name} belum melaporkan triwulan 1 2026 untuk 1 aksi",
    ]


def test_a_correction_is_one_report_and_an_earlier_quarter_is_none(year, plan, education):
    action = year_of(plan, education)
    RealisationFactory(action_year=action, quarter=1)
    RealisationFactory(action_year=action, quarter=1, revision=2)

    assert agenda_of_plans(year.city, today=LATE) == []
    assert agenda_of_plans(year.city, today=date(2026, 7, 15)) == [
        f"RAD: {education.name} belum melaporkan triwulan 2 2026 untuk 1 aksi"
    ]


def test_until_the_first_quarter_is_due_the_last_of_the_year_before_is_asked_for(
    year, plan, education
):
    year_of(plan, education, year=2025)
    late = [f"RAD: {education.name} belum melaporkan triwulan 4 2025 untuk 1 aksi"]
    days = (date(2026, 1, 14), date(2026, 1, 15), date(2026, 4, 14), date(2026, 4, 15))

    told = [agenda_of_plans(year.city, today=day) for day in days]

    coming = "RAD: laporan triwulan 4 2025 jatuh tempo 14 Januari 2026; 1 dari 1 aksi"
    assert told[0][1:] == [f"{coming} belum dilaporkan"]
    assert told[0][:1] == [late[0].replace("triwulan 4", "triwulan 3")]
    assert told[1:] == [late, late, []]


def test_a_report_that_falls_due_within_thirty_days_is_announced_while_one_lacks(
    year, plan, education
):
    actions = [year_of(plan, education) for _ in range(2)]
    for one in actions:
        RealisationFactory(action_year=one, quarter=1)
    days = [date(2026, 6, 13), date(2026, 6, 14), date(2026, 7, 14)]
    before = [agenda_of_plans(year.city, today=day) for day in days]
    RealisationFactory(action_year=actions[0], quarter=2)
    half = agenda_of_plans(year.city, today=days[1])
    RealisationFactory(action_year=actions[1], quarter=2)

    words = "RAD: laporan triwulan 2 2026 jatuh tempo 14 Juli 2026;"
    assert before == [[], *[[f"{words} 2 dari 2 aksi belum dilaporkan"]] * 2]
    assert half == [f"{words} 1 dari 2 aksi belum dilaporkan"]
    assert agenda_of_plans(year.city, today=days[1]) == []


def test_each_plan_gives_the_days_of_its_own(year, plan, education):
    year_of(plan, education)
    hasty = ActionPlanFactory(city=year.city, instrument=year.instrument, grace_days=0)
    RealisationFactory(action_year=year_of(hasty, education), quarter=1)
    year_of(hasty, education)

    assert agenda_of_plans(year.city, today=date(2026, 4, 1)) == [
        f"RAD: {education.name} belum melaporkan triwulan 1 2026 untuk 1 aksi",
        "RAD: laporan triwulan 1 2026 jatuh tempo 14 April 2026; 1 dari 1 aksi belum dilaporkan",
    ]


def test_the_agenda_names_five_opds_and_counts_the_others_in_one_query(
    year, plan, django_assert_num_queries
):
    for lead in OpdFactory.create_batch(7, city=year.city):
        year_of(plan, lead)

    with django_assert_num_queries(1):
        items = agenda_of_plans(year.city, today=LATE)

    assert Action.objects.count() == 7
    assert len(items) == 6
    assert items[5] == "RAD: 2 OPD lain belum melaporkan triwulan yang sudah jatuh tempo"


def test_a_rakor_is_proposed_what_the_rad_lacks(year, plan, education):
    year_of(plan, education)

    items = proposed_agenda(year.city, None, composition_on(year.city, LATE), today=LATE, at=NOW)

    assert items[0] == f"RAD: {education.name} belum melaporkan triwulan 1 2026 untuk 1 aksi"
