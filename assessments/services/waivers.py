"""Kinds of documents that a reviewer does not require."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Answer, Waiver
from assessments.services.activity import record
from assessments.services.documents import require_asked_kind
from assessments.services.years import hold_for
from assessments.stages import StageAction
from cities.models import User
from clusters.models import EvidenceKind


@transaction.atomic
def waive_kind(
    *, answer_id: int, kind: EvidenceKind, reason: str, by: User, at: datetime
) -> Waiver:
    """Do without a kind of document on one question, for a reason that everybody reads.

    Raises ValidationError (`closed`, `wrong_kind`, `reason`, `already_waived`).
    """
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    assessment = hold_for(answer.assessment_id, StageAction.REVIEW, at=at, answer_id=answer_id)
    require_asked_kind(answer, kind)
    if not reason.strip():
        raise ValidationError(
            _("Tuliskan alasan mengapa dokumen ini tidak diperlukan."), code="reason"
        )
    existing = Waiver.objects.filter(answer=answer, kind=kind).select_related("by").first()
    if existing is not None:
        raise ValidationError(
            _("%(kind)s sudah dikecualikan oleh %(name)s: %(reason)s"),
            code="already_waived",
            params={"kind": kind.name, "name": existing.by, "reason": existing.reason},
        )
    waiver = Waiver.objects.create(answer=answer, kind=kind, reason=reason.strip(), by=by, at=at)
    record(
        TrailEvent.KIND_WAIVED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=f"{kind.name}: {waiver.reason}",
    )
    return waiver


@transaction.atomic
def remove_waiver(*, waiver_id: int, by: User, at: datetime) -> None:
    """Require the kind again. That it was waived stays in the history.

    Raises ValidationError (`closed`, `removed`).
    """
    rows = Waiver.objects.filter(pk=waiver_id)
    keys = rows.values_list("answer__assessment", "answer").first()
    if keys is None:
        raise _removed()
    assessment_id, answer_id = keys
    assessment = hold_for(assessment_id, StageAction.REVIEW, at=at, answer_id=answer_id)
    waiver = rows.select_related("answer", "kind").first()
    if waiver is None:
        raise _removed()
    waiver.delete()
    record(
        TrailEvent.WAIVER_REMOVED,
        assessment=assessment,
        answer=waiver.answer,
        by=by,
        at=at,
        detail=waiver.kind.name,
    )


def _removed() -> ValidationError:
    return ValidationError(_("Pengecualian ini sudah dicabut."), code="removed")
