"""Taking a value of a register as the figure of an answer, with its paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.choices import Verdict
from assessments.models import Answer, Assessment, Assignment, Evidence, SupportingDocument
from assessments.services.answers import save_claim
from assessments.services.documents import (
    CheckedFile,
    DocumentFacts,
    upload_documents,
    withdraw_evidence,
)
from assessments.services.revisions import revise_document
from assessments.services.years import held_answer
from assessments.stages import StageAction
from assessments.validators import inspect_file
from cities.models import Membership, Opd, User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import EvidenceKind
from clusters.register_files import SourceSpec
from figures.numbers import format_zoned_moment
from registers.contract import RegisterAnswer, stored_row, stored_years
from registers.matrix import Matrix
from registers.models import TakenValue
from registers.paper import matrix_paper
from registers.registry import answer_from, sight_of, source_for
from registers.wording import told_of
from texts.languages import deed


@deed
def take_value(*, answer_id: int, seen: str, by: User, at: datetime) -> TakenValue:
    """Make the register's value the figure of the answer and file its matrix; points stay.

    `seen` is `registry.sight_of` what the person saw. What was taken already is returned, and
    nothing is written. A matrix taken before gives way to the new one while nobody has accepted
    it; one that was accepted stays as the reviewer saw it. Raises PermissionDenied and
    ValidationError (`closed`, `no_register`, `nothing`, `moved`, and what handing in raises).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.CLAIM, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
    )
    answer.refresh_from_db(from_queryset=Answer.objects.select_related("question__changed_source"))
    source = source_for(answer, assessment)
    if source is None:
        raise ValidationError(
            _lazy("Tidak ada register yang menjawab pertanyaan ini."), code="no_register"
        )
    offer = answer_from(source, assessment)
    if offer.value is None or offer.is_empty:
        raise ValidationError(
            _lazy("Belum ada laporan yang diterima, jadi belum ada yang dapat diambil."),
            code="nothing",
        )
    if sight_of(source, offer) != seen:
        raise ValidationError(
            _lazy(
                "Register atau sumbernya berubah sesudah halaman ini dibuka. Periksa angkanya, "
                "lalu ambil lagi."
            ),
            code="moved",
        )
    last = TakenValue.objects.filter(answer=answer).first()
    is_same = last is not None and last.is_still(source, offer)
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
        title=offer.title,
        silence=offer.silence,
        note=offer.note,
        missing=len(offer.missing),
        kind=offer.kind.value,
        years=stored_years(offer.years) if offer.years else None,
        rows=[stored_row(row) for row in offer.rows],
        fingerprint=offer.fingerprint,
        by=by,
        at=at,
        document=document,
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
    """The matrix as PDF, offered as the kind that the source names; None where it names none.

    One paper, for a reviewer decides on each. Where the register has a paper of its own, that is
    the one.
    """
    kind = EvidenceKind.objects.filter(questions=answer.question, code=source.files_as).first()
    if kind is None:
        return None
    code, year = answer.question.code, offer.as_of.year
    member = require_permission(by, assessment.city, Permission.ANSWER_QUESTIONS)
    filing = _Filing(answer, kind, offer, member, at)
    if offer.paper is not None:
        content = ContentFile(offer.paper.content(), f"dokumen-{code}-{year}.pdf")
        return filing.file(content, offer.paper.title, last)
    matrix = Matrix(
        answer=offer,
        question=f"{code} {answer.question.text}",
        city=assessment.city.name,
        moment=format_zoned_moment(at),
    )
    title = _("Matriks %(code)s dari register, %(year)d") % {"code": code, "year": year}
    with matrix_paper(matrix) as printed:
        return filing.file(File(printed, f"matriks-{code}-{year}.pdf"), title, last)


@dataclass(frozen=True, slots=True)
class _Filing:
    """How the paper of an answer is handed in."""

    answer: Answer
    kind: EvidenceKind
    offer: RegisterAnswer
    member: Membership
    at: datetime

    def file(self, file: File, title: str, last: TakenValue | None) -> SupportingDocument:
        """In the place of what was handed in last if nobody has accepted that, else beside it."""
        checked = CheckedFile(file, inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES))
        said = DocumentFacts(title=title, period_start=self._first_day, period_end=self.offer.as_of)
        earlier = self._replaceable(last.filed) if last else None
        if last is not None and last.paper is not None:
            self._take_back(last.document)
        if earlier is not None:
            changes = _("Diambil lagi dari register: %(told)s.") % {"told": told_of(self.offer)}
            revised = revise_document(
                evidence_id=earlier.pk,
                file=checked,
                said=said,
                changes=changes,
                by=self.member.user,
                at=self.at,
            )
            return revised.evidence.document
        [evidence] = upload_documents(
            answer_id=self.answer.pk,
            files=[checked],
            kind=self.kind,
            said=said,
            opd=self.member.opd or self._leading_opd,
            by=self.member.user,
            at=self.at,
        )
        return evidence.document

    @property
    def _first_day(self) -> date:
        """Of the earliest year that the paper tells of."""
        years = [one.year for one in self.offer.years]
        return date(min(years, default=self.offer.as_of.year), 1, 1)

    @property
    def _leading_opd(self) -> Opd | None:
        leading = Assignment.objects.leading().filter(answer=self.answer).select_related("opd")
        found = leading.first()
        return found.opd if found else None

    def _replaceable(self, document: SupportingDocument | None) -> Evidence | None:
        """The offer of that document, if it is still undecided or was returned."""
        if document is None:
            return None
        offers = Evidence.objects.current().filter(answer=self.answer, document=document)
        if self.member.opd_id is not None:  # what another OPD handed in is not its to replace
            offers = offers.filter(document__opd=self.member.opd_id)
        return offers.exclude(verdict=Verdict.ACCEPTED).first()

    def _take_back(self, document: SupportingDocument | None) -> None:
        """The workbook that used to be handed in beside the print, while nobody has decided on it."""
        waiting = self._replaceable(document)
        if waiting is None or waiting.verdict != Verdict.WAITING or waiting.counted_at is not None:
            return
        withdraw_evidence(evidence_id=waiting.pk, by=self.member.user, at=self.at)
