"""The 2 x 24 hours after the hybrid verification."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Answer, RescueWindow
from assessments.services.activity import record
from assessments.services.years import held
from assessments.stages import RESCUE_STAGE
from cities.models import User
from cities.roles import Permission
from texts.languages import deed


@deed
def open_rescue_window(
    *,
    assessment_id: int,
    answer_ids: Collection[int],
    closes_at: datetime,
    note: str,
    by: User,
    at: datetime,
) -> RescueWindow:
    """Let chosen questions of a locked year be worked on from now until `closes_at`, included.

    Raises ValidationError (`not_in_field`, `in_past`, `no_question`, `foreign_answer`).
    """
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_RESCUE)
    if assessment.stage != RESCUE_STAGE:
        raise ValidationError(
            _(
                "Masa melengkapi dokumen hanya dapat dibuka selama verifikasi lapangan; penilaian ini dalam "
                "tahap %(stage)s."
            ),
            code="not_in_field",
            params={"stage": assessment.get_stage_display().lower()},
        )
    closes_at = closes_at.replace(microsecond=0)  # a lock that holds to the second
    if closes_at <= at:
        raise ValidationError(
            _("Waktu berakhir sudah lewat. Pilih waktu yang akan datang."), code="in_past"
        )
    wanted = set(answer_ids)
    if not wanted:
        raise ValidationError(_("Pilih sedikitnya satu pertanyaan."), code="no_question")
    answers = list(Answer.objects.filter(assessment=assessment, pk__in=wanted))
    if len(answers) != len(wanted):
        raise ValidationError(
            _("Ada pertanyaan yang bukan milik penilaian ini. Pilih dari daftar."),
            code="foreign_answer",
        )
    window = RescueWindow.objects.create(
        assessment=assessment, opens_at=at, closes_at=closes_at, note=note.strip(), at=at, by=by
    )
    window.answers.set(answers)
    detail = _("%(count)d pertanyaan") % {"count": len(answers)}
    record(TrailEvent.RESCUE_OPENED, assessment=assessment, by=by, at=at, detail=detail)
    return window


@deed
def cancel_rescue_window(*, window_id: int, by: User, at: datetime) -> RescueWindow:
    """End a window before its time. What was handed in until then stays.

    Raises ValidationError (`over`).
    """
    assessment_id = RescueWindow.objects.values_list("assessment", flat=True).get(pk=window_id)
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_RESCUE)
    window = RescueWindow.objects.get(pk=window_id)
    if not window.is_open_at(at):
        raise ValidationError(
            _("Masa melengkapi dokumen ini sudah berakhir, jadi tidak ada yang dibatalkan."),
            code="over",
        )
    window.cancelled_at = at
    window.save(update_fields=["cancelled_at"])
    detail = _("%(count)d pertanyaan") % {"count": window.answers.count()}
    record(TrailEvent.RESCUE_CANCELLED, assessment=assessment, by=by, at=at, detail=detail)
    return window
