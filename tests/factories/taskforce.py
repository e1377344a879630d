from datetime import date

import factory
from factory.django import DjangoModelFactory

from taskforce.choices import Element, Sector, TaskForceRole
from taskforce.models import Certificate, Commitment, Decree, TaskForceMember
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


class DecreeFactory(DjangoModelFactory):
    """A decree of a `city`, in force from 2023 until there is another."""

    class Meta:
        model = Decree

    number = factory.Sequence(lambda n: f"463/{n}/2023")
    signed_on = date(2023, 1, 5)
    valid_from = date(2023, 1, 9)
    at = NOW
    by = factory.SubFactory(UserFactory)


class TaskForceMemberFactory(DjangoModelFactory):
    """A member of a `decree`, for the government."""

    class Meta:
        model = TaskForceMember

    post = factory.Sequence(lambda n: f"Kepala Dinas {n}")
    institution = "Dinas Sosial"
    name = factory.Sequence(lambda n: f"Pejabat {n}")
    element = Element.GOVERNMENT
    role = TaskForceRole.MEMBER
    since = date(2023, 1, 9)


class CertificateFactory(DjangoModelFactory):
    """Of a `member`, without an end."""

    class Meta:
        model = Certificate

    training = "Pelatihan KHA"
    issued_on = date(2023, 6, 1)


class CommitmentFactory(DjangoModelFactory):
    """A promise of the business of a `city`."""

    class Meta:
        model = Commitment

    sector = Sector.BUSINESS
    party = "Asosiasi Perusahaan"
    text = factory.Sequence(lambda n: f"Menyediakan ruang laktasi {n}")
    made_on = date(2026, 1, 5)
    due_on = date(2026, 6, 30)
    at = NOW
    by = factory.SubFactory(UserFactory)
