"""The years that the documents of an evaluation have to cover."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Assessment
from assessments.services.activity import record
from assessments.services.years import held_for
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from texts.languages import deed


@deed
def change_evidence_window(
    *, assessment_id: int, evidence_from: date, evidence_to: date, by: User, at: datetime
) -> Assessment:
    """Set the first and the last day that documents are looked at for.

    Raises ValidationError (`closed`, `order`). Verdicts stay as they are.
    """
    assessment = held_for(
        assessment_id,
        StageAction.CHANGE_YEAR,
        by=by,
        permission=Permission.MANAGE_ASSESSMENT,
        at=at,
    )
    if evidence_to < evidence_from:
        raise ValidationError(_("Akhir masa dokumen tidak boleh sebelum awalnya."), code="order")
    before = _shown(assessment)
    assessment.evidence_from, assessment.evidence_to = evidence_from, evidence_to
    if _shown(assessment) == before:
        return assessment
    assessment.save(update_fields=["evidence_from", "evidence_to"])
    detail = f"{before} → {_shown(assessment)}"
    record(TrailEvent.WINDOW_CHANGED, assessment=assessment, by=by, at=at, detail=detail)
    return assessment


def _shown(assessment: Assessment) -> str:
    return f"{assessment.evidence_from}–{assessment.evidence_to}"
