"""What is released and what the public wrote, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from api.answers.public import (
    PassedMessage,
    PublicMessageEntry,
    ReleasedDocumentEntry,
    ReleasedYear,
    ReleaseEntry,
)
from assessments.models import Assessment
from cities.models import City, Membership
from public.choices import MessageState
from public.models import PublicMessage, PublicMessageQuerySet, ReleasedDocument
from public.models import ReleasedDocumentQuerySet as Released
from public.queries.board import SectionRow, YearBoard, boards_of


def released_years(city: City) -> list[ReleasedYear]:
    """As the page of releases shows them, the newest first; three queries."""
    return [_year(board, city) for board in boards_of(city)]


def _year(board: YearBoard, city: City) -> ReleasedYear:
    year = board.assessment.year
    page = reverse("public:city_page", args=[city.slug, year])
    return ReleasedYear(
        year=year,
        url=page if board.released else None,
        sections=[_section(row) for row in board.rows],
        documents=board.documents,
    )


def _section(row: SectionRow) -> ReleaseEntry:
    release = row.release
    return ReleaseEntry(
        section=row.section,
        section_name=str(row.section.label),
        released_at=release.at if release else None,
        released_by=release.by.name if release else None,
        checksum=release.checksum if release else None,
    )


def released_documents_of(assessment: Assessment) -> Released:
    """Those that are out; one query."""
    standing = ReleasedDocument.objects.standing().filter(assessment=assessment)
    return standing.select_related("by")


def released_document_entries(
    documents: Sequence[ReleasedDocument], assessment: Assessment
) -> list[ReleasedDocumentEntry]:
    """One query, for those that can be read."""
    readable = ReleasedDocument.objects.readable().filter(pk__in=[one.pk for one in documents])
    read = set(readable.values_list("pk", flat=True))
    place = [assessment.city.slug, assessment.year]
    return [
        ReleasedDocumentEntry(
            id=one.pk,
            document=one.document_id,
            title=one.title,
            question=one.code,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            released_at=one.at,
            released_by=one.by.name,
            is_readable=one.pk in read,
            url=reverse("public:document_file", args=[*place, one.pk]),
        )
        for one in documents
    ]


def messages_of(member: Membership) -> PublicMessageQuerySet:
    """Those that the member may read; one query."""
    return PublicMessage.objects.visible_to(member).select_related("unit")


def message_entries(messages: Sequence[PublicMessage]) -> list[PublicMessageEntry]:
    """Without a query."""
    return [
        PublicMessageEntry(**_said(message), state=MessageState(message.state))
        for message in messages
    ]


def passed_entries(messages: Sequence[PublicMessage]) -> list[PassedMessage]:
    """The same without what was made of them; without a query."""
    return [PassedMessage(**_said(message)) for message in messages]


def _said(message: PublicMessage) -> dict[str, Any]:
    unit = message.unit
    return {
        "id": message.pk,
        "text": message.text,
        "unit": unit.code if unit else None,
        "unit_name": unit.full_name if unit else None,
        "on": message.on,
    }
