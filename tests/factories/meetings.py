import base64
from datetime import date, timedelta
from io import BytesIO

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from meetings.choices import MeetingKind
from meetings.models import Addendum, Attendance, Decision, Meeting, Photo
from tests.factories.assessments import NOW
from tests.factories.cities import UserFactory


def picture(size=(40, 30), colour="navy", form="JPEG"):
    """The bytes of a small picture."""
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, form)
    return made.getvalue()


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
