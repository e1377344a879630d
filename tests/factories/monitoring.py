from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from monitoring.models import CityRules, Realisation, YearGoal
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class RealisationFactory(DjangoModelFactory):
    """A quarter of an `action_year`, a fifth of the work done and of the money spent."""

    class Meta:
        model = Realisation

    quarter = 1
    physical = Decimal(20)
    money = 250_000_000
    at = NOW
    by = factory.SubFactory(UserFactory)


class YearGoalFactory(DjangoModelFactory):
    """A `city` wants to be Madya in a year."""

    class Meta:
        model = YearGoal

    year = factory.Sequence(lambda n: 2026 + n % 70)
    predikat = "Madya"
    at = NOW
    by = factory.SubFactory(UserFactory)


class CityRulesFactory(DjangoModelFactory):
    """A `city` whose work comes late in the year, and which is stricter than the file."""

    class Meta:
        model = CityRules

    green = 90
    yellow = 60
    first = 10
    second = 30
    third = 60
    source = "Keputusan Wali Kota 12/2025"
    at = NOW
    by = factory.SubFactory(UserFactory)
