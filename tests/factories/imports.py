"""Tables that wait for their person."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from imports.models import StagedImport
from tests.factories.cities import CityFactory, UserFactory


class StagedImportFactory(DjangoModelFactory):
    """An empty table of a `kind`, uploaded just now."""

    class Meta:
        model = StagedImport

    city = factory.SubFactory(CityFactory)
    kind = "regulations.feed"
    name = "lembar.xlsx"
    rows: list[object] = []
    faults: list[object] = []
    at = factory.LazyFunction(timezone.now)
    by = factory.SubFactory(UserFactory)
