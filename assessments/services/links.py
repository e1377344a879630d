"""Offering the address of a page as evidence. Nothing is ever fetched from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.addresses import clean_address, same_page
from assessments.choices import TrailEvent
from assessments.models import Answer, Assessment, Evidence
from assessments.services.activity import record
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    files_or_nothing,
    hold_files,
    offer,
    require_asked_kind,
    require_unknown_contents,
    store_document,
)
from assessments.services.years import held_answer
from assessments.stages import StageAction
from assessments.titles import title_for
from cities.models import Opd, User
from cities.roles import Permission
from clusters.models import EvidenceKind
from texts.folding import composed


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """Where a page is, on which day somebody saw it, and what it shows."""

    address: str
    seen_on: date
    shows: str


def offer_link(
    *,
    answer_id: int,
    link: LinkFacts,
    copy: CheckedFile | None,
    kind: EvidenceKind,
    said: DocumentFacts,
    opd: Opd | None,
    by: User,
    at: datetime,
) -> Evidence:
    """Offer a page for the question, with the copy of it that was kept, if any.

    An earlier returned document of the same kind counts as answered by it. Raises
    ValidationError (`closed`, `wrong_kind`, `future`, `shows`, `already_offered`, what
    `clean_address` raises, and for the copy what `upload_documents` raises) and leaves nothing.
    """
    with files_or_nothing() as stored, transaction.atomic():
        answer, assessment = held_answer(
            answer_id, StageAction.UPLOAD, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
        )
        require_asked_kind(answer, kind)
        hold_files(assessment.city_id)
        link = checked_link(link, answer, assessment, at=at)
        if copy is not None:
            require_unknown_contents(answer, assessment, [copy])
        title = said.title or title_for("", kind.name, answer.question.code)
        said = replace(said, title=title)
        document = store_document(
            assessment, copy, said, opd, stored, by=by, at=at, **link_fields(link)
        )
        evidence = offer(answer, document, kind, opd, by=by, at=at)
        record(
            TrailEvent.LINK_OFFERED,
            assessment=assessment,
            answer=answer,
            by=by,
            at=at,
            # The trail is read by more people than a sensitive page is.
            detail=document.title
            if document.is_sensitive
            else f"{document.title}: {document.address}",
        )
        return evidence


def checked_link(
    link: LinkFacts,
    answer: Answer,
    assessment: Assessment,
    *,
    at: datetime,
    revised: Collection[UUID] = (),
) -> LinkFacts:
    """The link with its address cleaned. `revised` are the documents it may repeat.

    The year and the city's files are held, so of two at once the second finds the first.
    """
    address = clean_address(link.address)
    shows = composed(link.shows).strip()
    if not shows:
        raise ValidationError(
            _("Tuliskan apa yang ditunjukkan halaman itu, agar pemeriksa tahu apa yang dicari."),
            code="shows",
        )
    if link.seen_on > at.astimezone(assessment.city.zone).date():
        raise ValidationError(_("Tanggal dilihat tidak boleh sesudah hari ini."), code="future")
    _require_new_here(answer, address, revised)
    return LinkFacts(address, link.seen_on, shows)


def link_fields(link: LinkFacts) -> dict[str, Any]:
    return {"address": link.address, "seen_on": link.seen_on, "shows": link.shows}


def _require_new_here(answer: Answer, address: str, revised: Collection[UUID]) -> None:
    page = same_page(address)
    offered = Evidence.objects.filter(answer=answer).exclude(document__address="")
    for evidence in offered.exclude(document__in=revised).select_related("document"):
        if same_page(evidence.document.address) == page:
            raise ValidationError(
                _(
                    "Halaman ini sudah diajukan pada pertanyaan ini sebagai “%(title)s” "
                    "(%(verdict)s). Tidak perlu diajukan lagi; untuk memperbaikinya, pakai "
                    "“Perbaiki” pada tautan itu."
                ),
                code="already_offered",
                params={
                    "title": evidence.document.title,
                    "verdict": evidence.get_verdict_display().lower(),
                },
            )
