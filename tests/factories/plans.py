from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from plans.choices import Basis, Outcome
from plans.models import Effort, Plan, PlanStep, Scenario, ScenarioOutcome
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class EffortFactory(DjangoModelFactory):
    """A city's own number for a `question` in a `city`."""

    class Meta:
        model = Effort

    value = 5
    note = "Perda sudah dibahas"
    at = NOW
    by = factory.SubFactory(UserFactory)


class PlanFactory(DjangoModelFactory):
    """A plan of an `assessment`, without steps."""

    class Meta:
        model = Plan

    name = factory.Sequence(lambda n: f"Rencana {n}")
    basis = Basis.PROVEN
    start = Decimal(0)
    goal = Decimal(50)
    at = NOW
    by = factory.SubFactory(UserFactory)


class PlanStepFactory(DjangoModelFactory):
    """A step of a `plan` that takes an `answer` to its maximum."""

    class Meta:
        model = PlanStep

    start = Decimal(0)
    goal = factory.SelfAttribute("answer.question.max_points")
    effort = 3


class ScenarioFactory(DjangoModelFactory):
    """A scenario of an `assessment`, without outcomes."""

    class Meta:
        model = Scenario

    name = factory.Sequence(lambda n: f"Skenario {n}")
    total = Decimal(0)
    at = NOW
    by = factory.SubFactory(UserFactory)


class ScenarioOutcomeFactory(DjangoModelFactory):
    """What a `scenario` supposes of an `answer`: accepted in full."""

    class Meta:
        model = ScenarioOutcome

    outcome = Outcome.ACCEPTED
    points = factory.SelfAttribute("answer.question.max_points")
