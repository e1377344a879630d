import pytest

from tests.assessments.situations import working_year
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import generous_spec


@pytest.fixture
def year(db):
    """A year in which every question asks for a document."""
    return working_year(spec=generous_spec())


@pytest.fixture
def secretariat(year):
    return MembershipFactory(gugus_tugas=True, city=year.city)


@pytest.fixture
def reviewer(year):
    return MembershipFactory(verifikator=True, city=year.city)
