"""Years, answers and documents. `open_year` makes a real one through the service."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from django.db import transaction
from factory.django import DjangoModelFactory

from assessments.choices import Verdict
from assessments.models import Answer, Assessment, Award, Evidence, SupportingDocument
from assessments.services.creation import open_assessment
from assessments.services.document_counts import refresh_counts
from tests.factories.cities import CityFactory, SiteAdminFactory, UserFactory
from tests.factories.clusters import make_instrument, small_spec

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10.00 WIB


def open_year(*, city=None, spec=None, year=2026, target=None, deadline=None, by=None, at=NOW):
    """A city's open year under a small instrument (or `spec`), as an administrator opens it."""
    city = city or CityFactory()
    instrument = make_instrument(spec or small_spec())
    return open_assessment(
        city=city,
        instrument=instrument,
        year=year,
        target=target,
        deadline=deadline,
        by=by or SiteAdminFactory(),
        at=at,
    )


def answer_of(assessment: Assessment, code: str) -> Answer:
    return Answer.objects.select_related("question", "assessment__city").get(
        assessment=assessment, question__code=code
    )


class AwardFactory(DjangoModelFactory):
    class Meta:
        model = Award

    city = factory.SubFactory(CityFactory)
    year = factory.Sequence(lambda n: 2010 + n)
    predikat = "Madya"
    source = "https://example.org/berita"


class SupportingDocumentFactory(DjangoModelFactory):
    """A stored document whose content is its title."""

    class Meta:
        model = SupportingDocument

    city = factory.SubFactory(CityFactory)
    title = factory.Sequence(lambda n: f"Keputusan nomor {n}")
    original_name = factory.LazyAttribute(lambda document: f"{document.title}.pdf")
    media_type = "application/pdf"
    size = factory.LazyAttribute(lambda document: len(document.title))
    sha256 = factory.LazyAttribute(
        lambda document: hashlib.sha256(document.title.encode()).hexdigest()
    )
    file = factory.LazyAttribute(lambda document: ContentFile(document.title.encode(), "berkas"))
    uploaded_at = NOW
    uploaded_by = factory.SubFactory(UserFactory)

    class Params:
        link = factory.Trait(  # of which no copy was kept
            address="https://jdih.kota.go.id/sk-12",
            seen_on=NOW.date(),
            shows="SK Gugus Tugas",
            file="",
            original_name="",
            media_type="",
            size=0,
            sha256="",
        )


class EvidenceFactory(DjangoModelFactory):
    """A document offered for an `answer`; its kind is the first that the question asks for."""

    class Meta:
        model = Evidence

    class Params:
        accepted = factory.Trait(
            verdict=Verdict.ACCEPTED,
            counted_at=NOW,
            decided_at=NOW,
            decided_by=factory.SubFactory(UserFactory),
        )
        returned = factory.Trait(
            verdict=Verdict.RETURNED,
            reason="Belum ditandatangani",
            decided_at=NOW,
            decided_by=factory.SubFactory(UserFactory),
        )

    document = factory.SubFactory(
        SupportingDocumentFactory, city=factory.SelfAttribute("..answer.assessment.city")
    )
    kind = factory.LazyAttribute(lambda evidence: evidence.answer.question.evidence_kinds.first())
    offered_at = NOW
    offered_by = factory.SelfAttribute("document.uploaded_by")
    opd = factory.SelfAttribute("document.opd")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        evidence = super()._create(model_class, *args, **kwargs)
        with transaction.atomic():
            refresh_counts([evidence.answer_id])
        return evidence


def granted(answer: Answer, points: str, *, by=None) -> Answer:
    """Grant points directly, for tests of what is read; totals are not refreshed."""
    answer.granted_points = Decimal(points)
    answer.granted_at = NOW
    answer.granted_by = by or UserFactory()
    answer.save()
    return answer
