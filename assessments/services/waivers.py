"""Kinds of documents that a reviewer does not require."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Waiver
from assessments.services.activity import record
from assessments.services.documents import require_asked_kind
from assessments.services.overtaken import Overtaken, one_wins
from assessments.services.years import held_answer
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from clusters.models import EvidenceKind
from texts.languages import deed


@one_wins(TrailEvent.KIND_WAIVED)
def waive_kind(
    *, answer_id: int, kind: EvidenceKind, reason: str, by: User, at: datetime
) -> Waiver:
    """Do without a kind of document on one question, for a reason that everybody reads.

    Raises ValidationError (`closed`, `wrong_kind`, `reason`, `already_waived`).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.REVIEW, by=by, permission=Permission.REVIEW_EVIDENCE, at=at
    )
    require_asked_kind(answer, kind)
    if not reason.strip():
        raise ValidationError(
            _("Tuliskan alasan mengapa dokumen ini tidak diperlukan."), code="reason"
        )
    existing = Waiver.objects.filter(answer=answer, kind=kind).select_related("by").first()
    if existing is not None:
        raise Overtaken(
            _("%(kind)s sudah dikecualikan oleh %(name)s: %(reason)s"),
            code="already_waived",
            assessment=assessment,
            answer=answer,
            about=kind.name,
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


@deed
def remove_waiver(*, waiver_id: int, by: User, at: datetime) -> None:
    """Require the kind again. That it was waived stays in the history.

    Raises ValidationError (`closed`, `removed`).
    """
    rows = Waiver.objects.filter(pk=waiver_id)
    answer_id = rows.values_list("answer", flat=True).first()
    if answer_id is None:
        raise _removed()
    answer, assessment = held_answer(
        answer_id, StageAction.REVIEW, by=by, permission=Permission.REVIEW_EVIDENCE, at=at
    )
    waiver = rows.select_related("kind").first()
    if waiver is None:
        raise _removed()
    waiver.delete()
    record(
        TrailEvent.WAIVER_REMOVED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=waiver.kind.name,
    )


def _removed() -> ValidationError:
    return ValidationError(_("Pengecualian ini sudah dicabut."), code="removed")
