"""A city at work; a file that needs another year makes its own."""

import pytest

from tests.factories.assessments import open_year
from tests.factories.cities import CityFactory, MembershipFactory


@pytest.fixture
def year():
    return open_year(city=CityFactory())


@pytest.fixture
def secretary(year):
    return MembershipFactory(gugus_tugas=True, city=year.city).user
