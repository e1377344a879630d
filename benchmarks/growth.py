"""A country that grows, for measuring dashboards: cities at work, and documents in one of them."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from assessments.choices import Verdict
from assessments.models import (
    Answer,
    Assessment,
    ClusterScore,
    Evidence,
    IndicatorScore,
    SupportingDocument,
    TotalScore,
)
from assessments.services.document_counts import refresh_counts
from benchmarks.crowd import add_awards
from cities.models import City, User
from clusters.models import EvidenceKind

DEMO, YEAR = "kota-contoh", 2024
BATCH = 2000
DAYS = 60  # over which documents came in
COPIED: tuple[Any, ...] = (Answer, TotalScore, ClusterScore, IndicatorScore)


def grow(*, cities: int, documents: int) -> None:
    """As many cities at work, the demonstration city among them, and as many documents offered
    for each of its questions; every third waits, is returned, is accepted.
    """
    with transaction.atomic():
        add_rows(cities=cities, documents=documents)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE"
        )  # so that queries are planned for it; PostgreSQL does so by itself


def add_rows(*, cities: int, documents: int) -> None:
    year = Assessment.objects.get(city__slug=DEMO, year=YEAR)
    others = list(City.objects.exclude(pk=year.city_id).order_by("pk")[: cities - 1])
    add_awards(others)
    years = [copy_of(year, city=city) for city in others]
    Assessment.objects.bulk_create(years)
    for model in COPIED:
        rows = list(model.objects.filter(assessment=year))
        copies = (copy_of(row, assessment=other) for other in years for row in rows)
        while batch := list(islice(copies, BATCH)):
            model.objects.bulk_create(batch)
    add_documents(year, documents)


def copy_of(row: Model, **changed: Any) -> Any:
    fresh = copy(row)
    fresh.pk = None
    for name, value in changed.items():
        setattr(fresh, name, value)
    return fresh


def add_documents(year: Assessment, count: int) -> None:
    """The same papers at every question, as one decree serves many; each handed in on its day."""
    author, now = User.objects.get(is_superuser=True), timezone.now()
    days = [now - timedelta(days=number % DAYS) for number in range(count)]
    papers = SupportingDocument.objects.bulk_create(
        [
            SupportingDocument(
                city_id=year.city_id,
                file=f"documents/benchmark/{number}",
                original_name=f"surat-{number}.pdf",
                media_type="application/pdf",
                size=100_000,
                sha256=f"{number:064x}",
                title=f"Keputusan Wali Kota nomor {number} tahun 2023",
                number=f"{number} Tahun 2023",
                uploaded_at=days[number],
                uploaded_by=author,
            )
            for number in range(count)
        ],
        batch_size=BATCH,
    )
    kind = EvidenceKind.objects.filter(instrument=year.instrument_id).first()
    verdicts = [_verdict(number, author, days[number]) for number in range(count)]
    offers = (
        Evidence(
            answer=answer,
            document=paper,
            kind=kind,
            offered_at=days[number],
            offered_by=author,
            **verdicts[number],
        )
        for answer in Answer.objects.filter(assessment=year)
        for number, paper in enumerate(papers)
    )
    while batch := list(islice(offers, BATCH)):
        Evidence.objects.bulk_create(batch)
    refresh_counts(list(year.answers.values_list("pk", flat=True)))


def _verdict(number: int, author: User, at: datetime) -> dict[str, Any]:
    decided = {"decided_at": at, "decided_by": author}
    verdicts: list[dict[str, Any]] = [
        {},
        {"verdict": Verdict.RETURNED, "reason": "Belum ditandatangani.", **decided},
        {"verdict": Verdict.ACCEPTED, "counted_at": at, **decided},
    ]
    return verdicts[number % len(verdicts)]
