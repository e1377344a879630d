from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from actionplan.choices import FundSource, LinkKind
from actionplan.models import (
    Action,
    ActionPlan,
    ActionQuestion,
    ActionYear,
    PlanLink,
)
from clusters.models import Indicator
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class ActionPlanFactory(DjangoModelFactory):
    """A plan of a `city` for 2025 to 2030, with indicators of an `instrument`."""

    class Meta:
        model = ActionPlan

    title = factory.Sequence(lambda n: f"RAD KLA {n}")
    first_year = 2025
    last_year = 2030
    at = NOW
    by = factory.SubFactory(UserFactory)


class PlanLinkFactory(DjangoModelFactory):
    """A `plan` is tied to the RPJMD."""

    class Meta:
        model = PlanLink

    kind = LinkKind.RPJMD
    title = factory.Sequence(lambda n: f"RPJMD, halaman {n}")


class ActionFactory(DjangoModelFactory):
    """An action of a `plan`, of the first indicator of its instrument."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n + 1)
    name = "Latih anggota Gugus Tugas"
    indicator = factory.LazyAttribute(
        lambda action: Indicator.objects.filter(cluster__instrument=action.plan.instrument).first()
    )
    at = NOW
    by = factory.SubFactory(UserFactory)


class ActionYearFactory(DjangoModelFactory):
    """2026 of an `action`, with a ceiling of the city's own budget."""

    class Meta:
        model = ActionYear

    year = 2026
    target = Decimal(60)
    ceiling = 1_250_000_000
    source = FundSource.APBD_KOTA


class ActionQuestionFactory(DjangoModelFactory):
    """A `question` that an `action` is about; it promises nothing."""

    class Meta:
        model = ActionQuestion
