"""Handing in documents and taking them back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import Deed, Verdict
from assessments.models import Answer, Assessment, Evidence, SupportingDocument, Upload
from assessments.models.document import stored_name
from assessments.services.activity import record
from assessments.services.partials import hand_over, storage_trouble
from assessments.services.uploads import hold_complete, settle
from assessments.services.years import hold_evidence, hold_for
from assessments.stages import Act
from assessments.validators import FileFacts, safe_name
from cities.models import Opd, User
from clusters.models import EvidenceKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has been looked into, with what was found, and the upload that it came by."""

    file: File
    facts: FileFacts
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the person says of a document; dates are calendar days."""

    title: str = ""
    number: str = ""
    issued_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None


def upload_documents(
    *,
    answer_id: int,
    files: Sequence[CheckedFile],
    kind: EvidenceKind,
    said: DocumentFacts,
    opd: Opd | None,
    by: User,
    at: datetime,
) -> list[Evidence]:
    """Store each file and offer it for the question, all of them or none.

    An earlier returned document of the same kind counts as answered by the new one.
    A file without a title gets its name as title. A resumable upload ends here, or stays as
    it was. Raises ValidationError (`closed`, `wrong_kind`, `already_offered`, `gone`,
    `incomplete`, `storage`) and leaves nothing among the documents.
    """
    stored: list[SupportingDocument] = []
    try:
        with transaction.atomic():
            answer, assessment = _held(answer_id, at=at)
            _require_asked_kind(answer, kind)
            return [
                _offer(answer, assessment, file, kind, said, opd, stored, by=by, at=at)
                for file in files
            ]
    except BaseException as error:
        for document in stored:
            # Until a file is stored whole, `file.name` still is the name that the person gave.
            _remove_file(document.file.storage, stored_name(document, ""))
        if isinstance(error, OSError):
            logger.exception("Storing an uploaded document failed")
            raise storage_trouble(error) from error
        raise


@transaction.atomic
def withdraw_evidence(*, evidence_id: int, by: User, at: datetime) -> None:
    """Take back a document that nobody has decided on yet; its file goes with it.

    Raises ValidationError (`closed`, `withdrawn`, `decided`).
    """
    evidence, assessment = hold_evidence(evidence_id, Act.WITHDRAW, at=at)
    if evidence.verdict != Verdict.WAITING:
        raise ValidationError(
            _("Dokumen ini sudah diperiksa, jadi tidak dapat ditarik. Unggah dokumen yang baru."),
            code="decided",
        )
    answer, document = evidence.answer, evidence.document
    _hand_on_superseded(evidence)
    evidence.delete()
    if not document.evidence.exists():
        storage, name = document.file.storage, document.file.name
        document.delete()
        transaction.on_commit(lambda: _remove_file(storage, name))
    record(
        Deed.DOCUMENT_WITHDRAWN,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=document.title,
    )


def _hand_on_superseded(evidence: Evidence) -> None:
    """Let another paper that was handed in since answer what this one answered."""
    others = Evidence.objects.filter(
        answer=evidence.answer_id, kind=evidence.kind_id, pk__gt=evidence.pk
    )
    heir = others.exclude(verdict=Verdict.RETURNED).order_by("pk").first()
    evidence.supersedes.update(superseded_by=heir)


def _held(answer_id: int, *, at: datetime) -> tuple[Answer, Assessment]:
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    return answer, hold_for(answer.assessment_id, Act.UPLOAD, at=at, answer_id=answer_id)


def _require_asked_kind(answer: Answer, kind: EvidenceKind) -> None:
    if not answer.question.evidence_kinds.filter(pk=kind.pk).exists():
        raise ValidationError(
            _("Pertanyaan %(code)s tidak meminta %(kind)s. Pilih jenis dari daftar."),
            code="wrong_kind",
            params={"code": answer.question.code, "kind": kind.name},
        )


def _offer(
    answer: Answer,
    assessment: Assessment,
    checked: CheckedFile,
    kind: EvidenceKind,
    said: DocumentFacts,
    opd: Opd | None,
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
) -> Evidence:
    name = safe_name(checked.file.name or "")
    _require_new_content(answer, checked.facts, name)
    document = SupportingDocument(
        city=assessment.city,
        opd=opd,
        original_name=name,
        media_type=checked.facts.media_type,
        size=checked.facts.size,
        sha256=checked.facts.sha256,
        title=said.title or name.rsplit(".", 1)[0],
        number=said.number,
        issued_on=said.issued_on,
        period_start=said.period_start,
        period_end=said.period_end,
        uploaded_at=at,
        uploaded_by=by,
    )
    upload = hold_complete(checked.upload.pk) if checked.upload else None
    if upload:
        document.pk = upload.pk
    stored.append(document)  # before the file is written, so that a half-written one goes too
    document.file = _taken_over(document, upload) if upload else checked.file
    document.save(force_insert=True)
    evidence = Evidence.objects.create(answer=answer, document=document, kind=kind, offered_at=at)
    Evidence.objects.filter(
        answer=answer, kind=kind, verdict=Verdict.RETURNED, superseded_by=None
    ).update(superseded_by=evidence)
    record(
        Deed.DOCUMENT_UPLOADED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=document.title,
    )
    return evidence


def _taken_over(document: SupportingDocument, upload: Upload) -> File:
    """The content of a held upload, which ends with this transaction.

    A server may have died right here before, its file stored and its row not.
    """
    document.file.storage.delete(stored_name(document, ""))
    settle(upload)
    return hand_over(document.pk, name=document.original_name, size=document.size)


def _require_new_content(answer: Answer, facts: FileFacts, name: str) -> None:
    """A double click or a second try must not hand in the same paper twice."""
    same = Evidence.objects.filter(answer=answer, document__sha256=facts.sha256)
    existing = same.select_related("document").first()
    if existing is not None:
        raise ValidationError(
            _(
                "Isi berkas %(name)s sama dengan dokumen “%(title)s” yang sudah ada pada "
                "pertanyaan ini (%(verdict)s). Tidak perlu diunggah lagi; untuk memperbaiki, "
                "unggah berkas yang sudah berubah."
            ),
            code="already_offered",
            params={
                "name": name,
                "title": existing.document.title,
                "verdict": existing.get_verdict_display().lower(),
            },
        )


def _remove_file(storage: Storage, name: str | None) -> None:
    if name:
        storage.delete(name)
