"""Taking hold of a year before changing it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Evidence, RescueWindow, TotalScore
from assessments.stages import AFTER_RESCUE_ACTIONS, RESCUE_ACTIONS, RESCUE_STAGE, StageAction


def lock(assessment_id: int) -> None:
    """Wait until nobody else changes the year. Must be called inside a transaction."""
    totals = TotalScore.objects.select_for_update().filter(assessment=assessment_id)
    list(totals.order_by("pk"))


def hold(assessment_id: int) -> Assessment:
    """Lock the year's totals, then read the year.

    Every change of points, verdicts or stage of a year passes through here first, so two
    of them never interleave. Must be called inside a transaction.
    """
    lock(assessment_id)
    rows = Assessment.objects.select_related("city", "instrument", "target", "band_table")
    return rows.get(pk=assessment_id)


def hold_for(
    assessment_id: int, action: StageAction, *, at: datetime, answer_id: int | None = None
) -> Assessment:
    """Like `hold`, but only while the year, or the question's rescue window, allows the action.

    `at` is the server's clock when the deed began; an upload's deed begins when its file
    has arrived whole. Raises ValidationError (`closed`).
    """
    assessment = hold(assessment_id)
    require_action(assessment, action, at=at, answer_id=answer_id)
    return assessment


def actions_now(
    assessment: Assessment, *, at: datetime, answer_id: int | None = None
) -> frozenset[StageAction]:
    """What may be done at that moment in the year, or with one question of it.

    What a rescue window let in can still be decided on after it has closed, until the year
    leaves the stage. Pages ask this to know which forms to show, deeds to know whether to go on.
    """
    if answer_id is None or assessment.stage != RESCUE_STAGE:
        return assessment.actions
    mine = RescueWindow.objects.filter(
        assessment=assessment, answers=answer_id, opens_at__lte=at, stage_left_at=None
    )
    is_open = {window.is_open_at(at) for window in mine}
    if True in is_open:
        return assessment.actions | RESCUE_ACTIONS
    return assessment.actions | AFTER_RESCUE_ACTIONS if is_open else assessment.actions


def require_action(
    assessment: Assessment, action: StageAction, *, at: datetime, answer_id: int | None = None
) -> None:
    """Refuse what the moment does not allow. Raises ValidationError (`closed`)."""
    if action in assessment.actions or action in actions_now(
        assessment, at=at, answer_id=answer_id
    ):
        return
    raise ValidationError(assessment.standing_sentence, code="closed")


def hold_evidence(
    evidence_id: int, action: StageAction, *, at: datetime
) -> tuple[Evidence, Assessment]:
    """Hold the year of an offered document, then read what became of it meanwhile.

    Raises ValidationError (`closed`, `withdrawn`).
    """
    rows = Evidence.objects.filter(pk=evidence_id)
    keys = rows.values_list("answer__assessment", "answer").first()
    if keys is None:
        raise _withdrawn()
    assessment_id, answer_id = keys
    assessment = hold_for(assessment_id, action, at=at, answer_id=answer_id)
    evidence = rows.select_related("answer__question", "document", "decided_by").first()
    if evidence is None:
        raise _withdrawn()
    return evidence, assessment


def _withdrawn() -> ValidationError:
    return ValidationError(
        _("Dokumen ini sudah ditarik oleh pengunggahnya. Kembali ke daftar dokumen."),
        code="withdrawn",
    )
