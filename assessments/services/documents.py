"""Handing in documents and taking them back."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments import scanner
from assessments.choices import ScanState, TrailEvent, Verdict
from assessments.models import Answer, Assessment, Evidence, SupportingDocument, Upload
from assessments.models.document import stored_name
from assessments.services.activity import record
from assessments.services.document_counts import refresh_counts
from assessments.services.overtaken import Overtaken, one_wins
from assessments.services.quotas import hold_room
from assessments.services.renditions import plan_rendition, remove_unused
from assessments.services.scanning import plan_scan
from assessments.services.sensitivity import mark_by_kind
from assessments.services.upload_storage import hand_over, storage_trouble
from assessments.services.uploads import hold_complete, settle
from assessments.services.years import (
    held_answer,
    hold_evidence,
    require_evidence_permission,
    require_handed_in_by,
)
from assessments.stages import StageAction
from assessments.titles import distinct, title_for, title_from
from assessments.validators import FileFacts, safe_name
from cities.models import City, Opd, User
from cities.roles import Permission
from clusters.models import EvidenceKind
from texts.folding import composed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has been looked into, with what was found, and the upload that it came by.

    `place` is which of the files of its form it is.
    """

    file: File
    facts: FileFacts
    upload: Upload | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the person says of a document; dates are calendar days."""

    title: str = ""
    number: str = ""
    issued_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    valid_until: date | None = None
    sensitivity: str = ""  # of `Sensitivity`; empty where the person says that it is not


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
    Each must have arrived whole while the question was open; the form may come after.
    A file without a title gets one from its name, or from kind and question. A resumable
    upload ends here, or stays as
    it was. Raises ValidationError (`closed`, `wrong_kind`, `already_offered`,
    `already_stored`, `gone`, `incomplete`, `quota_person`, `quota_city`, `storage`) and leaves
    nothing among the documents.
    """
    with files_or_nothing() as stored, transaction.atomic():
        answer, assessment = held_answer(
            answer_id,
            StageAction.UPLOAD,
            by=by,
            permission=Permission.ANSWER_QUESTIONS,
            at=arrived_at(files, at=at),
        )
        require_asked_kind(answer, kind)
        hold_files(assessment.city_id)
        require_unknown_contents(answer, assessment, files)
        evidence = []
        titles = _titles(answer, files, kind)
        for number, file in enumerate(files):
            told = said if said.title else replace(said, title=titles[number])
            document = store_document(assessment, file, told, opd, stored, by=by, at=at)
            evidence.append(offer(answer, document, kind, opd, by=by, at=at))
            record(
                TrailEvent.DOCUMENT_UPLOADED,
                assessment=assessment,
                answer=answer,
                by=by,
                at=at,
                detail=document.title,
            )
        return evidence


def arrived_at(files: Sequence[CheckedFile], *, at: datetime) -> datetime:
    """When the last of the files had arrived whole: with its last piece, or with the form at `at`."""
    arrivals = (file.upload.updated_at if file.upload else at for file in files)
    return max(arrivals, default=at)


def _titles(answer: Answer, files: Sequence[CheckedFile], kind: EvidenceKind) -> list[str]:
    """A title for each file; those whose names say nothing are numbered if there are several."""
    names = [safe_name(file.file.name or "") for file in files]
    return distinct([title_for(name, kind.name, answer.question.code) for name in names])


@contextmanager
def files_or_nothing() -> Iterator[list[SupportingDocument]]:
    """A list for documents about to be stored; if the deed fails, their files go again.

    Stands around the transaction, so that a failing commit is noticed too.
    """
    stored: list[SupportingDocument] = []
    try:
        yield stored
    except BaseException as error:
        for document in stored:
            _remove_again(document)
        if isinstance(error, OSError):
            logger.exception("Storing an uploaded document failed")
            raise storage_trouble(error) from error
        raise


@one_wins(TrailEvent.DOCUMENT_WITHDRAWN)
def withdraw_evidence(*, evidence_id: int, by: User, at: datetime) -> None:
    """Take back a document that nobody has decided on yet; its file goes with it.

    Raises ValidationError (`closed`, `withdrawn`, `decided`, `revised`). What has once been
    accepted stays, even after its verdict was undone.
    """
    offered, member = require_evidence_permission(
        evidence_id, by=by, permission=Permission.ANSWER_QUESTIONS
    )
    require_handed_in_by(member, offered.opd_id)
    evidence, assessment = hold_evidence(offered, StageAction.WITHDRAW, at=at)
    if evidence.verdict != Verdict.WAITING or evidence.counted_at is not None:
        raise Overtaken(
            _("Dokumen ini sudah diperiksa, jadi tidak dapat ditarik. Unggah dokumen yang baru."),
            code="decided",
            assessment=assessment,
            answer=evidence.answer,
            about=evidence.document.title,
        )
    if evidence.superseded_by_id is not None:
        raise ValidationError(
            _("Dokumen ini sudah diganti dengan versi baru; versi lama tetap disimpan."),
            code="revised",
        )
    answer, document = evidence.answer, evidence.document
    hold_files(assessment.city_id)
    _hand_on_superseded(evidence)
    evidence.delete()
    refresh_counts([answer.pk])
    remove_unused(document)
    record(
        TrailEvent.DOCUMENT_WITHDRAWN,
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
    heir = others.current().exclude(verdict=Verdict.RETURNED).order_by("pk").first()
    evidence.supersedes.filter(verdict=Verdict.RETURNED).update(superseded_by=heir)
    # An undecided one gave way to its own revision only, so it waits again.
    evidence.supersedes.filter(verdict=Verdict.WAITING).update(superseded_by=None)


def hold_files(city_id: int) -> None:
    """Let nobody else store a file of this city meanwhile, lest the same one be stored twice.

    Comes after holding the years. Without the key of the row locked, other rows may still
    refer to the city.
    """
    City.objects.select_for_update(no_key=True).get(pk=city_id)


def require_asked_kind(answer: Answer, kind: EvidenceKind) -> None:
    if not answer.question.evidence_kinds.filter(pk=kind.pk).exists():
        raise ValidationError(
            _("Pertanyaan %(code)s tidak meminta %(kind)s. Pilih jenis dari daftar."),
            code="wrong_kind",
            params={"code": answer.question.code, "kind": kind.name},
        )


def store_document(
    assessment: Assessment,
    checked: CheckedFile | None,
    said: DocumentFacts,
    opd: Opd | None,
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
    **more: Any,
) -> SupportingDocument:
    """As `store_in_city`, for a year."""
    return store_in_city(assessment.city, checked, said, opd, stored, by=by, at=at, **more)


def store_in_city(
    city: City,
    checked: CheckedFile | None,
    said: DocumentFacts,
    opd: Opd | None,
    stored: list[SupportingDocument],
    *,
    by: User,
    at: datetime,
    revision_of: SupportingDocument | None = None,
    changes: str = "",
    **of_link: Any,
) -> SupportingDocument:
    """Write the row, and the file where there is one; `stored` is the list of `files_or_nothing`.

    Text is stored in NFC. `of_link` are the fields that only a link has. Raises ValidationError
    (`quota_person`, `quota_city`) before a file is written.
    """
    name = composed(safe_name(checked.file.name or "")) if checked else ""
    document = SupportingDocument(
        city=city,
        opd=opd,
        original_name=name,
        title=composed(said.title).strip() or title_from(name) or name,
        number=composed(said.number),
        issued_on=said.issued_on,
        period_start=said.period_start,
        period_end=said.period_end,
        valid_until=said.valid_until,
        sensitivity=said.sensitivity or (revision_of.sensitivity if revision_of else ""),
        revision_of=revision_of,
        revision=revision_of.revision + 1 if revision_of else 1,
        changes=changes,
        uploaded_at=at,
        uploaded_by=by,
        **of_link,
    )
    if checked is not None:
        came_by = [checked.upload.pk] if checked.upload else []
        hold_room(city.pk, size=checked.facts.size, by=by, at=at, besides=came_by)
        _take_in(document, checked, stored)
    document.save(force_insert=True)
    plan_rendition(document)
    plan_scan(document)
    return document


def _take_in(
    document: SupportingDocument, checked: CheckedFile, stored: list[SupportingDocument]
) -> None:
    facts = checked.facts
    document.media_type, document.size, document.sha256 = facts.media_type, facts.size, facts.sha256
    document.findings = dict(facts.findings)
    document.scan_state = ScanState.WAITING if scanner.is_set_up() else ""
    upload = hold_complete(checked.upload.pk) if checked.upload else None
    if upload:
        document.pk = upload.pk
    stored.append(document)  # before the file is written, so that a half-written one goes too
    document.file = _taken_over(document, upload) if upload else checked.file


def offer(
    answer: Answer,
    document: SupportingDocument,
    kind: EvidenceKind,
    opd: Opd | None,
    *,
    by: User,
    at: datetime,
) -> Evidence:
    """Offer a stored document; it answers what was returned of its kind. The year is held."""
    mark_by_kind(document, kind.code)
    evidence = Evidence.objects.create(
        answer=answer, document=document, kind=kind, offered_at=at, offered_by=by, opd=opd
    )
    Evidence.objects.filter(
        answer=answer, kind=kind, verdict=Verdict.RETURNED, superseded_by=None
    ).exclude(pk=evidence.pk).update(superseded_by=evidence)
    refresh_counts([answer.pk])
    return evidence


def _taken_over(document: SupportingDocument, upload: Upload) -> File:
    """The content of a held upload, which ends with this transaction.

    A server may have died right here before, its file stored and its row not.
    """
    document.file.storage.delete(stored_name(document, ""))
    settle(upload)
    name, arrived = document.original_name, upload.arrived_sha256
    return hand_over(document.pk, name=name, size=document.size, arrived=arrived)


def require_unknown_contents(
    answer: Answer, assessment: Assessment, files: Sequence[CheckedFile]
) -> None:
    """Refuse files that the city has already; the error names the stored document.

    Each file gets its own sentence. A file stored in another city is not looked for.
    """
    errors = []
    seen: set[str] = set()
    for checked in files:
        name, sha256 = safe_name(checked.file.name or ""), checked.facts.sha256
        try:
            _require_new_here(answer, sha256, name)
            require_new_in_city(assessment.city_id, sha256, name)
            if sha256 in seen:
                raise _twice_in_one_upload(name)
        except ValidationError as error:
            errors.append(error)
        seen.add(sha256)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ValidationError(errors)


def _twice_in_one_upload(name: str) -> ValidationError:
    return ValidationError(
        _("Berkas %(name)s berisi sama dengan berkas lain yang Anda pilih. Pilih salah satu."),
        code="already_offered",
        params={"name": name},
    )


def require_new_in_city(city_id: int, sha256: str, name: str) -> None:
    existing = SupportingDocument.objects.filter(city=city_id, sha256=sha256).first()
    if existing is not None and existing.is_infected:
        raise refused_by_scanner(name)
    if existing is not None:
        raise ValidationError(
            _(
                "Isi berkas %(name)s sudah tersimpan di kota ini. Pakai dokumen yang tersimpan, "
                "agar tidak ada salinan."
            ),
            code="already_stored",
            params={"name": name, "document": existing.pk},
        )


def refused_by_scanner(name: str) -> ValidationError:
    return ValidationError(
        _(
            "Pemindai virus menolak berkas %(name)s. Bersihkan komputer asalnya, lalu unggah "
            "berkas yang bersih."
        ),
        code="infected",
        params={"name": name},
    )


def _require_new_here(answer: Answer, sha256: str, name: str) -> None:
    """A double click or a second try must not hand in the same paper twice."""
    same = Evidence.objects.filter(answer=answer, document__sha256=sha256)
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


def _remove_again(document: SupportingDocument) -> None:
    """A storage that is away keeps what it may have; a check then finds it without an owner."""
    try:
        # Until a file is stored whole, `file.name` still is the name that the person gave.
        document.file.storage.delete(stored_name(document, ""))
    except OSError:
        logger.exception("The file of document %s could not be removed again", document.pk)
