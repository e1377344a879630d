"""What is released, and what the public wrote."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from public.models import PublicMessage, Release, ReleasedDocument
from public.queries.contents import checksum
from public.sections import Section
from tests.factories.assessments import NOW
from tests.factories.cities import CityFactory, UserFactory


def content_of(release):
    city = release.assessment.city
    return {
        "format": 1,
        "section": release.section,
        "city": {"code": city.code, "name": city.name},
        "year": release.assessment.year,
        "submitted_on": "2026-03-02",
        "facts": {},
        "rows": [
            {
                "klaster": "Klaster I",
                "nama": "Hak Sipil",
                "maksimum": "100.000",
                "diklaim": "80.000",
                "terbukti": "60.000",
            }
        ],
    }


class ReleaseFactory(DjangoModelFactory):
    """The clusters of an `assessment`, as the public reads them."""

    class Meta:
        model = Release

    section = Section.CLUSTERS
    content = factory.LazyAttribute(content_of)
    checksum = factory.LazyAttribute(lambda release: checksum(release.content))
    at = NOW
    by = factory.SubFactory(UserFactory)


class ReleasedDocumentFactory(DjangoModelFactory):
    """A `document` of an `assessment`, out under a title of its own."""

    class Meta:
        model = ReleasedDocument

    title = factory.Sequence(lambda n: f"Perda nomor {n}")
    code = "1.2"
    question = "Apakah ada perda?"
    sha256 = factory.SelfAttribute("document.sha256")
    size = factory.SelfAttribute("document.size")
    media_type = factory.SelfAttribute("document.media_type")
    at = NOW
    by = factory.SubFactory(UserFactory)


class PublicMessageFactory(DjangoModelFactory):
    class Meta:
        model = PublicMessage

    city = factory.SubFactory(CityFactory)
    text = factory.Sequence(lambda n: f"Lampu taman {n} mati.")
    on = date(2026, 3, 2)
