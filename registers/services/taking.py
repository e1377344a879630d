"""Taking a value of a register as the figure of an answer, with its paper."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.choices import Verdict
from assessments.models import Answer, Assessment, Assignment, Evidence, SupportingDocument
from assessments.services.answers import save_claim
from assessments.services.documents import CheckedFile, DocumentFacts, upload_documents
from assessments.services.revisions import revise_document
from assessments.services.years import held_answer
from assessments.stages import StageAction
from assessments.validators import inspect_file
from cities.models import Opd, User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import EvidenceKind
from clusters.register_files import SourceSpec
from registers.contract import RegisterAnswer, stored_row, stored_years
from registers.matrix import matrix_file
from registers.models import TakenValue
from registers.registry import answer_from, source_for
from registers.wording import told_of


@transaction.atomic
def take_value(*, answer_id: int, seen: str, by: User, at: datetime) -> TakenValue:
    """Make the register's value the figure of the answer and file its matrix; points stay.

    `seen` is the fingerprint of what the person saw. What was taken already is returned, and
    nothing is written. A matrix taken before gives way to the new one while nobody has accepted
    it; one that was accepted stays as the reviewer saw it. Raises PermissionDenied and
    ValidationError (`closed`, `no_register`, `nothing`, `moved`, and what handing in raises).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.CLAIM, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
    )
    answer.refresh_from_db(from_queryset=Answer.objects.select_related("question"))
    source = source_for(answer, assessment)
    if source is None:
        raise ValidationError(
            _("Tidak ada register yang menjawab pertanyaan ini."), code="no_register"
        )
    offer = answer_from(source, assessment)
    if offer.value is None or offer.is_empty:
        raise ValidationError(
            _("Belum ada laporan yang diterima, jadi belum ada yang dapat diambil."), code="nothing"
        )
    if offer.fingerprint != seen:
        raise ValidationError(
            _("Register berubah sesudah halaman ini dibuka. Periksa angkanya, lalu ambil lagi."),
            code="moved",
        )
    last = TakenValue.objects.filter(answer=answer).first()
    is_same = last is not None and last.fingerprint == offer.fingerprint
    if answer.value != offer.value:
        _claim(answer, offer, by=by, at=at)
    if last is not None and is_same:
        return last
    document = _file_matrix(answer, assessment, source, offer, last, by=by, at=at)
    return TakenValue.objects.create(
        answer=answer,
        register=source.register,
        key=source.key,
        as_of=offer.as_of,
        value=offer.value,
        numerator=offer.numerator,
        denominator=offer.denominator,
        missing=len(offer.missing),
        kind=offer.kind.value,
        years=stored_years(offer.years) if offer.years else None,
        rows=[stored_row(row) for row in offer.rows],
        fingerprint=offer.fingerprint,
        document=document,
        by=by,
        at=at,
    )


def _claim(answer: Answer, offer: RegisterAnswer, *, by: User, at: datetime) -> None:
    """The claim with another figure; points, choice and note stay a person's."""
    save_claim(
        answer_id=answer.pk,
        points=answer.claimed_points,
        value=offer.value,
        choice=answer.choice,
        note=answer.note,
        seen_at=answer.claimed_at,
        by=by,
        at=at,
    )


def _file_matrix(
    answer: Answer,
    assessment: Assessment,
    source: SourceSpec,
    offer: RegisterAnswer,
    last: TakenValue | None,
    *,
    by: User,
    at: datetime,
) -> SupportingDocument | None:
    """The matrix as a document of the kind that the source names; None where it names none."""
    kind = EvidenceKind.objects.filter(questions=answer.question, code=source.files_as).first()
    if kind is None:
        return None
    said = DocumentFacts(
        title=_("Matriks %(code)s dari register, %(year)d")
        % {"code": answer.question.code, "year": offer.as_of.year},
        period_start=date(offer.as_of.year, 1, 1),
        period_end=offer.as_of,
    )
    question = f"{answer.question.code} {answer.question.text}"
    with matrix_file(offer, question=question, city=assessment.city.name) as content:
        name = f"matriks-{answer.question.code}-{offer.as_of.year}.xlsx"
        file = File(content, name)
        checked = CheckedFile(file, inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES))
        earlier = _replaceable(answer, last)
        if earlier is not None:
            revised = revise_document(
                evidence_id=earlier.pk,
                file=checked,
                said=said,
                changes=_("Diambil lagi dari register: %(told)s.") % {"told": told_of(offer)},
                by=by,
                at=at,
            )
            return revised.evidence.document
        [evidence] = upload_documents(
            answer_id=answer.pk,
            files=[checked],
            kind=kind,
            said=said,
            opd=_producer(answer, assessment, by=by),
            by=by,
            at=at,
        )
    return evidence.document


def _replaceable(answer: Answer, last: TakenValue | None) -> Evidence | None:
    """The offer of the matrix taken before, if nobody has accepted it."""
    if last is None or last.document_id is None:
        return None
    offers = Evidence.objects.current().filter(answer=answer, document=last.document_id)
    return offers.exclude(verdict=Verdict.ACCEPTED).first()


def _producer(answer: Answer, assessment: Assessment, *, by: User) -> Opd | None:
    """The person's own OPD, else the one that leads the question."""
    member = require_permission(by, assessment.city, Permission.ANSWER_QUESTIONS)
    if member.opd is not None:
        return member.opd
    leading = Assignment.objects.leading().filter(answer=answer).select_related("opd").first()
    return leading.opd if leading else None
