import pytest

from tests.assessments.situations import secretary_of, working_year


@pytest.fixture
def year(db):
    """A year whose questions 1.1 and 1.2 lie with OPDs; it evaluates until the end of 2025."""
    return working_year()


@pytest.fixture
def city(year):
    return year.city


@pytest.fixture
def secretary(year):
    return secretary_of(year)
