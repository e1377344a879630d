"""Handing in the monitoring matrix of a year as a supporting document."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from actionplan.models import ActionPlan
from assessments.models import Answer, Assessment, Evidence
from assessments.services.documents import CheckedFile, DocumentFacts, upload_documents
from assessments.validators import inspect_file
from cities.models import User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import EvidenceKind
from figures.numbers import format_zoned_moment
from monitoring.papers import matrix_pdf
from monitoring.queries.board import monitoring
from monitoring.rules import Proof, proofs


def proven_answer(assessment: Assessment | None) -> Answer | None:
    """The question that the matrix proves in that year; None where its instrument names none."""
    proof = _proof(assessment) if assessment else None
    if assessment is None or proof is None:
        return None
    answers = Answer.objects.filter(assessment=assessment, question__code=proof.question)
    return answers.select_related("question", "assessment__city").first()


def _proof(assessment: Assessment) -> Proof | None:
    """What the matrix proves by the rules of the instrument, or of one that it corrects."""
    known = proofs()
    return next((known[code] for code in assessment.instrument.codes if code in known), None)


def file_matrix(*, plan: ActionPlan, year: int, by: User, at: datetime) -> Evidence:
    """Store the matrix as a document and offer it for its question in the year at work.

    The same one is not stored twice. Raises PermissionDenied and ValidationError (`no_question`,
    and what handing in raises).
    """
    member = require_permission(by, plan.city, Permission.MANAGE_ACTIONS)
    current = Assessment.objects.current(plan.city)
    answer = proven_answer(current)
    proof = _proof(current) if current else None
    if current is None or answer is None or proof is None:
        raise ValidationError(
            _lazy("Instrumen tahun ini tidak meminta matriks pemantauan RAD."), code="no_question"
        )
    kind = EvidenceKind.objects.filter(questions=answer.question, code=proof.kind).get()
    board = monitoring(plan, member, year, today=timezone.localdate(at))
    content = matrix_pdf(board, moment=format_zoned_moment(at))
    file = ContentFile(content, f"matriks-rad-{year}.pdf")
    said = DocumentFacts(
        title=_("Matriks pemantauan RAD %(year)d") % {"year": year},
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
    )
    [evidence] = upload_documents(
        answer_id=answer.pk,
        files=[CheckedFile(file, inspect_file(file, max_bytes=settings.KLA_MAX_UPLOAD_BYTES))],
        kind=kind,
        said=said,
        opd=None,
        by=by,
        at=at,
    )
    return evidence
