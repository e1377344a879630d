"""A file attached to a PDF as a document of its own."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Evidence, Rendition, SupportingDocument
from assessments.renditions.limited import WorkFailedError, run
from assessments.services.activity import record
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    files_or_nothing,
    hold_files,
    offer,
    require_unknown_contents,
    store_document,
)
from assessments.services.integrity import Damage, note_damaged
from assessments.services.renditions import copied, limits
from assessments.services.years import held_answer, require_evidence_permission
from assessments.stages import StageAction
from assessments.validators import inspect_file
from cities.models import Opd, User
from cities.roles import Permission
from texts.languages import in_indonesian


@in_indonesian
def take_attachment(
    *, evidence_id: int, position: int, opd: Opd | None, by: User, at: datetime
) -> Evidence:
    """Offer the attachment at `position` (from 0) for the question that its PDF is offered for.

    It is taken out in the limited process and looked into like any upload. Raises what
    `upload_documents` and `inspect_file` raise, and ValidationError (`no_attachment`).
    """
    source, member = require_evidence_permission(
        evidence_id, by=by, permission=Permission.ANSWER_QUESTIONS
    )
    if not SupportingDocument.objects.openable_keys([source.document], member):
        raise PermissionDenied
    with transaction.atomic():  # asked before the work too, so that a locked year costs nothing
        held_answer(
            source.answer_id,
            StageAction.UPLOAD,
            by=by,
            permission=Permission.ANSWER_QUESTIONS,
            at=at,
        )
    row = Rendition.objects.filter(document=source.document_id).first()
    names = row.attachments if row else []
    if position >= len(names):
        raise ValidationError(
            _("Lampiran itu tidak ada pada dokumen ini. Muat ulang halaman ini."),
            code="no_attachment",
        )
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        original, taken = Path(folder) / "original", Path(folder) / "attachment"
        if copied(source.document, original) != source.document.sha256:
            note_damaged(source.document, Damage.CONTENT, at=at)
            raise ValidationError(
                _("Berkas “%(title)s” rusak di penyimpanan. Hubungi pengelola situs."),
                code="damaged",
                params={"title": source.document.title},
            )
        try:
            run("attachment", original, taken, limits=limits(), position=position)
        except WorkFailedError as error:
            raise ValidationError(
                _("Lampiran “%(name)s” tidak terbaca. Minta berkasnya kepada pengirim dokumen."),
                code="no_attachment",
                params={"name": names[position]},
            ) from error
        with taken.open("rb") as stream:
            file = File(stream, name=names[position])
            facts = inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES)
            return _offered(source, CheckedFile(file, facts), opd, by=by, at=at)


def _offered(
    source: Evidence, checked: CheckedFile, opd: Opd | None, *, by: User, at: datetime
) -> Evidence:
    document = source.document
    with files_or_nothing() as stored, transaction.atomic():
        answer, assessment = held_answer(
            source.answer_id,
            StageAction.UPLOAD,
            by=by,
            permission=Permission.ANSWER_QUESTIONS,
            at=at,
        )
        hold_files(assessment.city_id)
        require_unknown_contents(answer, assessment, [checked])
        said = DocumentFacts(
            issued_on=document.issued_on,
            period_start=document.period_start,
            period_end=document.period_end,
            sensitivity=document.sensitivity,
        )
        taken = store_document(assessment, checked, said, opd, stored, by=by, at=at)
        evidence = offer(answer, taken, source.kind, opd, by=by, at=at)
        record(
            TrailEvent.ATTACHMENT_TAKEN,
            assessment=assessment,
            answer=answer,
            by=by,
            at=at,
            detail=f"{taken.title} ← {document.title}",
        )
        return evidence
