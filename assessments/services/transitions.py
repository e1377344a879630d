"""Taking a year from one stage to another."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage, TrailEvent
from assessments.closing import keep_of_closed
from assessments.models import Assessment, Snapshot
from assessments.services.activity import record
from assessments.services.snapshots import freeze
from assessments.services.years import held, held_for
from assessments.stages import RESCUE_STAGE, StageAction, following, preceding
from cities.models import User
from cities.roles import Permission
from texts.languages import deed


@deed
def submit_assessment(*, assessment_id: int, by: User, at: datetime) -> Snapshot:
    """End the self-assessment: lock the answers and documents and freeze what they say.

    Raises ValidationError (`closed`, `moved`).
    """
    assessment = held_for(
        assessment_id, StageAction.ADVANCE, by=by, permission=Permission.SUBMIT_ASSESSMENT, at=at
    )
    _require_stage(assessment, Stage.SELF_ASSESSMENT)
    return _move(assessment, Stage.SUBMITTED, TrailEvent.ASSESSMENT_SUBMITTED, by=by, at=at)


@deed
def advance_stage(*, assessment_id: int, seen: Stage, by: User, at: datetime) -> Assessment:
    """Take a year one stage further.

    `seen` is the stage on the page where the button was pressed: a second click, or a
    colleague's, never skips a stage. Submitting is a deed of its own.
    Raises ValidationError (`closed`, `moved`, `not_submitted`).
    """
    assessment = held_for(
        assessment_id, StageAction.ADVANCE, by=by, permission=Permission.SUBMIT_ASSESSMENT, at=at
    )
    _require_stage(assessment, seen)
    stage = following(seen)
    if stage is None or seen == Stage.SELF_ASSESSMENT:
        raise ValidationError(
            _("Evaluasi mandiri berakhir dengan pengajuan. Buka halaman pengajuan."),
            code="not_submitted",
        )
    _move(assessment, stage, TrailEvent.STAGE_ADVANCED, by=by, at=at)
    return assessment


@deed
def reopen_stage(
    *, assessment_id: int, seen: Stage, stage: Stage, reason: str, by: User, at: datetime
) -> Assessment:
    """Take a year back to an earlier stage. What stood until then stays frozen.

    Raises ValidationError (`moved`, `not_earlier`, `reason`).
    """
    assessment = held(assessment_id, by=by, permission=Permission.REOPEN_ASSESSMENT)
    _require_stage(assessment, seen)
    if stage not in preceding(seen):
        raise ValidationError(
            _("Penilaian hanya dapat dibuka kembali ke tahap sebelumnya. Pilih tahap dari daftar."),
            code="not_earlier",
        )
    if not reason.strip():
        raise ValidationError(
            _("Tuliskan alasan membuka kembali; alasan ini tercatat dalam riwayat."),
            code="reason",
        )
    _move(assessment, stage, TrailEvent.STAGE_REOPENED, by=by, at=at, reason=reason.strip())
    return assessment


def _move(
    assessment: Assessment,
    stage: Stage,
    deed: TrailEvent,
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> Snapshot:
    """Change the stage and freeze the year as it was at that moment."""
    left = Stage(assessment.stage)
    assessment.stage = stage
    assessment.save(update_fields=["stage"])
    if left == RESCUE_STAGE:
        _end_windows(assessment, at)
    detail = f"{left.label} → {stage.label}"
    record(
        deed,
        assessment=assessment,
        by=by,
        at=at,
        detail=f"{detail}. {reason}" if reason else detail,
        before={"stage": left.label},
        after={"stage": stage.label},
    )
    if stage == Stage.CLOSED:
        keep_of_closed(assessment, by=by, at=at)
    return freeze(assessment, left=left, entered=stage, by=by, at=at)


def _end_windows(assessment: Assessment, at: datetime) -> None:
    """A window must not come back to life when the year is one day taken back to its stage."""
    windows = assessment.rescue_windows.filter(stage_left_at=None)
    windows.filter(cancelled_at=None, closes_at__gte=at).update(cancelled_at=at)
    windows.update(stage_left_at=at)


def _require_stage(assessment: Assessment, seen: Stage) -> None:
    if assessment.stage != seen:
        raise ValidationError(
            _(
                "Tahap penilaian sudah berubah menjadi %(stage)s sementara halaman ini terbuka. "
                "Periksa tahapnya, lalu ulangi bila masih perlu."
            ),
            code="moved",
            params={"stage": assessment.get_stage_display().lower()},
        )
