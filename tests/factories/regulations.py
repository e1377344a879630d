from datetime import date

import factory
from factory.django import DjangoModelFactory

from regulations.choices import RegulationKind, RelationKind
from regulations.models import Coverage, Regulation, Relation
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class RegulationFactory(DjangoModelFactory):
    """A Perda of a `city`, in force since 2020."""

    class Meta:
        model = Regulation

    kind = RegulationKind.PERDA
    number = factory.Sequence(lambda n: str(n + 1))
    year = 2020
    title = "Penyelenggaraan Kota Layak Anak"
    promulgated_on = date(2020, 5, 4)
    at = NOW
    by = factory.SubFactory(UserFactory)


class RelationFactory(DjangoModelFactory):
    """`source` revokes `target`."""

    class Meta:
        model = Relation

    kind = RelationKind.REVOKES


class CoverageFactory(DjangoModelFactory):
    """A `regulation` is about a `question`."""

    class Meta:
        model = Coverage
