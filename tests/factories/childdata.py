"""Tables of counts about children."""

import factory
from factory.django import DjangoModelFactory

from childdata.models import Observation, ObservedCount
from childdata.tables import Cell
from tests.factories.assessments import NOW
from tests.factories.cities import CityFactory, UserFactory

CHILDREN = {Cell("L"): 510, Cell("P"): 490}


class ObservedCountFactory(DjangoModelFactory):
    class Meta:
        model = ObservedCount

    observation = factory.SubFactory("tests.factories.childdata.ObservationFactory", counts={})
    sex = "L"
    count = 10


class ObservationFactory(DjangoModelFactory):
    """A thousand children of the city itself, unless told; `counts` by cell."""

    class Meta:
        model = Observation
        skip_postgeneration_save = True

    city = factory.SubFactory(CityFactory)
    variable = "anak"
    year = 2025
    at = NOW
    by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def counts(self, create, extracted, **kwargs):
        given = CHILDREN if extracted is None else extracted
        for cell, count in given.items():
            facts = {"sex": cell.sex, "age": cell.age, "disability": cell.disability}
            ObservedCount.objects.create(observation=self, count=count, **facts)
