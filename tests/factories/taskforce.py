import base64
from datetime import date, timedelta
from io import BytesIO

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from taskforce.choices import Element, MeetingKind, Sector, TaskForceRole
from taskforce.models import (
    Addendum,
    Attendance,
    Certificate,
    Commitment,
    Decision,
    Decree,
    Meeting,
    Photo,
    TaskForceMember,
)
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


def picture(size=(40, 30), colour="navy", form="JPEG"):
    """The bytes of a small picture."""
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, form)
    return made.getvalue()


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


class MeetingFactory(DjangoModelFactory):
    """A meeting of a `city` that began an hour ago."""

    class Meta:
        model = Meeting

    class Params:
        closed = factory.Trait(
            minutes="Rapat dibuka.",
            revision=1,
            closed_at=NOW,
            closed_by=factory.SubFactory(UserFactory),
        )

    kind = MeetingKind.COORDINATION
    title = factory.Sequence(lambda n: f"Rapat koordinasi {n}")
    starts_at = NOW - timedelta(hours=1)
    place = "Aula"
    chair = "Wakil Wali Kota"
    at = NOW
    by = factory.SubFactory(UserFactory)


class AttendanceFactory(DjangoModelFactory):
    """Somebody at a `meeting` who signed on a phone."""

    class Meta:
        model = Attendance

    name = factory.Sequence(lambda n: f"Peserta {n}")
    institution = "Dinas Sosial"
    key = factory.LazyAttribute(lambda one: f"{one.name}|{one.institution}".lower())
    at = NOW


class PhotoFactory(DjangoModelFactory):
    """A photo of a `meeting`."""

    class Meta:
        model = Photo

    caption = "Suasana rapat"
    content = factory.LazyFunction(lambda: base64.b64encode(picture()).decode())
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    at = NOW
    by = factory.SubFactory(UserFactory)


class AddendumFactory(DjangoModelFactory):
    class Meta:
        model = Addendum

    text = "Nama pemimpin rapat dikoreksi."
    at = NOW
    by = factory.SubFactory(UserFactory)


class DecisionFactory(DjangoModelFactory):
    """A decision of a `meeting`, due in April 2026."""

    class Meta:
        model = Decision

    text = factory.Sequence(lambda n: f"Melengkapi dokumen {n}")
    due_on = date(2026, 4, 1)


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
