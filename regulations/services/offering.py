"""Offering the text of a regulation for the questions that it is about."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Evidence, SupportingDocument
from assessments.services.offers import offer_document
from assessments.services.years import held_answer
from assessments.stages import StageAction
from cities.models import User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import EvidenceKind
from regulations.choices import Force
from regulations.matching import evidence_of_kind
from regulations.models import Regulation
from texts.languages import deed


@deed
def offer_regulation(*, regulation: Regulation, answer: Answer, by: User, at: datetime) -> Evidence:
    """Offer the stored text of a regulation in force, as the kind of evidence that it is.

    Raises PermissionDenied, ValidationError (`closed`, `not_about`, `not_in_force`, `no_text`,
    `wrong_kind`, and what `offer_document` raises).
    """
    answer, assessment = held_answer(
        answer.pk, StageAction.UPLOAD, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
    )
    member = require_permission(by, assessment.city, Permission.ANSWER_QUESTIONS)
    about = Regulation.objects.visible_to(member).filter(coverages__question=answer.question_id)
    found = about.with_revocation().filter(pk=regulation.pk).first()
    if found is None:
        raise ValidationError(
            _("Produk hukum itu tidak lagi tercatat pada topik ini. Muat ulang halamannya."),
            code="not_about",
        )
    force = found.force_on(assessment.evidence_to)
    if force != Force.IN_FORCE:
        raise ValidationError(
            _("%(regulation)s tidak dapat diajukan: %(force)s pada tahun yang dinilai."),
            code="not_in_force",
            params={"regulation": found, "force": force.label.lower()},
        )
    offerable = SupportingDocument.objects.offerable_by(member)
    document = offerable.filter(pk=found.document_id).first() if found.document_id else None
    if document is None:
        raise ValidationError(
            _("Berkas %(regulation)s belum ditetapkan atau tidak terbuka bagi Anda."),
            code="no_text",
            params={"regulation": found},
        )
    asked = EvidenceKind.objects.filter(questions=answer.question_id)
    kind = asked.filter(code=evidence_of_kind(found.kind)).first()
    if kind is None:
        raise ValidationError(
            _("Pertanyaan %(code)s tidak meminta %(kind)s."),
            code="wrong_kind",
            params={
                "code": answer.question.code,
                "kind": found.get_kind_display().lower(),
            },
        )
    return offer_document(
        answer_id=answer.pk,
        document_id=document.pk,
        kind=kind,
        opd=member.opd,
        by=by,
        at=at,
    )
