import pytest

from tests.assessments.situations import reviewer_of, staff_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory


@pytest.fixture
def year(db):
    return working_year()


@pytest.fixture
def answer(year):
    """Question 1.2, worth 20: DISDIK leads, DP3A contributes, two kinds of documents."""
    return answer_of(year, "1.2")


@pytest.fixture
def staff(year):
    """Somebody of DISDIK, which leads question 1.2."""
    return staff_of(year, "DISDIK")


@pytest.fixture
def reviewer(year):
    return reviewer_of(year)


@pytest.fixture
def secretariat(year):
    """Somebody of the Gugus Tugas, who may both upload and review."""
    return MembershipFactory(gugus_tugas=True, city=year.city)
