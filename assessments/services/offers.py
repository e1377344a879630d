"""Offering a document that is stored already, without another copy of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.services.activity import record
from assessments.services.document_counts import refresh_counts
from assessments.services.documents import (
    hold_files,
    offer,
    refused_by_scanner,
    require_asked_kind,
)
from assessments.services.years import held_answer
from assessments.stages import StageAction
from cities.models import Opd, User
from cities.roles import Permission
from clusters.models import EvidenceKind
from texts.languages import deed


@deed
def offer_document(
    *,
    answer_id: int,
    document_id: uuid.UUID,
    kind: EvidenceKind,
    opd: Opd | None,
    by: User,
    at: datetime,
) -> Evidence:
    """Offer a stored document for one more question; its verdicts elsewhere stay as they are.

    An undecided or returned earlier revision on the same question gives way to it.
    Raises ValidationError (`closed`, `wrong_kind`, `gone`, `outdated`, `already_offered`,
    `infected`).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.UPLOAD, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
    )
    require_asked_kind(answer, kind)
    hold_files(assessment.city_id)
    # Held, lest the scanner refuse it while its offer is counted.
    stored = SupportingDocument.objects.select_for_update(no_key=True)
    document = stored.filter(pk=document_id, city=assessment.city).first()
    if document is None:
        raise ValidationError(
            _("Dokumen itu sudah tidak tersimpan. Pilih dokumen lain atau unggah berkasnya."),
            code="gone",
        )
    require_offerable(answer, document)
    evidence = offer(answer, document, kind, opd, by=by, at=at)
    replace_revisions(evidence)
    record(
        TrailEvent.DOCUMENT_OFFERED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=document.title,
    )
    return evidence


def require_offerable(answer: Answer, document: SupportingDocument) -> None:
    """Refuse an outdated revision, a document that the question has already, and an infected one."""
    if document.is_infected:
        raise refused_by_scanner(document.title)
    if document.revisions.exists():
        raise ValidationError(
            _("Dokumen “%(title)s” sudah diganti dengan versi yang lebih baru. Pakai versi itu."),
            code="outdated",
            params={"title": document.title},
        )
    existing = Evidence.objects.filter(answer=answer, document=document).first()
    if existing is not None:
        raise ValidationError(
            _("Dokumen “%(title)s” sudah diajukan untuk pertanyaan ini (%(verdict)s)."),
            code="already_offered",
            params={
                "title": document.title,
                "verdict": existing.get_verdict_display().lower(),
            },
        )


def replace_revisions(evidence: Evidence) -> None:
    """Let this offer take the place of the open offers of the document's earlier revisions."""
    earlier = evidence.document.family[1:]
    replaced = list(
        Evidence.objects.current()
        .unaccepted()
        .filter(answer=evidence.answer_id, document__in=earlier)
        .order_by("pk")
    )
    for old in replaced:
        old.superseded_by = evidence
        evidence.reviewer_id = old.decided_by_id or old.reviewer_id or evidence.reviewer_id
    Evidence.objects.bulk_update(replaced, ["superseded_by"])
    if replaced:
        evidence.save(update_fields=["reviewer"])
        refresh_counts([evidence.answer_id])
