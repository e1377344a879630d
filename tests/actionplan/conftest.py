"""A city with its year, its OPDs and a plan for 2025 to 2030."""

import pytest

from tests.assessments.situations import secretary_of, staff_of, working_year
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import answer_of
from tests.factories.plans import PlanFactory, PlanStepFactory


@pytest.fixture
def year(db):
    return working_year()


@pytest.fixture
def city(year):
    return year.city


@pytest.fixture
def plan(year):
    return ActionPlanFactory(city=year.city, instrument=year.instrument)


@pytest.fixture
def secretary(year):
    return secretary_of(year)


@pytest.fixture
def dinkes(year):
    """Somebody of the Dinas Kesehatan."""
    return staff_of(year, "DINKES")


@pytest.fixture
def action(plan, dinkes):
    """Number 1, led by the Dinas Kesehatan, with 2026."""
    action = ActionFactory(plan=plan, number=1, lead=dinkes.opd)
    ActionYearFactory(action=action)
    return action


@pytest.fixture
def action_year(action):
    return action.years.get()


@pytest.fixture
def way(year):
    """1.2 from 5 to 20 points, 2a.2 from nothing to 15."""
    way = PlanFactory(assessment=year)
    PlanStepFactory(plan=way, answer=answer_of(year, "1.2"), start=5)
    PlanStepFactory(plan=way, answer=answer_of(year, "2a.2"))
    return way


@pytest.fixture
def coordinator(client, secretary):
    client.force_login(secretary)
    return client
