from datetime import date

import factory
from factory.django import DjangoModelFactory

from nomenclature.models import Nomenclature, NomenclatureCode
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class NomenclatureFactory(DjangoModelFactory):
    """A decree of a `city`, in force since 2025."""

    class Meta:
        model = Nomenclature

    decree = factory.Sequence(lambda n: f"Keputusan {n}")
    valid_from = date(2025, 1, 1)
    at = NOW
    by = factory.SubFactory(UserFactory)


class NomenclatureCodeFactory(DjangoModelFactory):
    class Meta:
        model = NomenclatureCode

    nomenclature = factory.SubFactory(NomenclatureFactory)
    code = factory.Sequence(lambda n: f"2.08.07.2.01.{n:04d}")
    name = factory.Sequence(lambda n: f"Koordinasi {n}")
