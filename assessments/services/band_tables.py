"""By which bands a year's total is called."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Assessment
from assessments.services.activity import record
from assessments.services.creation import require_goal
from assessments.services.scores import refresh_scores
from assessments.services.years import held_for
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from clusters.models import BandTable
from texts.languages import deed


@deed
def choose_band_table(
    *, assessment_id: int, table: BandTable | None, by: User, at: datetime
) -> Assessment:
    """Let the bands of a table count in the year, or without one those of the instrument.

    The predikat of every total is found anew in the same transaction; points stay.
    Raises ValidationError (`closed`, `no_bands`, `no_target`).
    """
    assessment = held_for(
        assessment_id,
        StageAction.CHANGE_YEAR,
        by=by,
        permission=Permission.MANAGE_ASSESSMENT,
        at=at,
    )
    before = assessment.band_table
    if table == before:
        return assessment
    if table is not None:
        # Whoever changes a table looks whether a year uses it; neither may miss the other.
        table = BandTable.objects.select_for_update().get(pk=table.pk)
    assessment.band_table = table
    if table and not assessment.bands():
        raise ValidationError(
            _("Tabel ini belum berisi predikat. Lengkapi dahulu, atau pilih tabel lain."),
            code="no_bands",
        )
    require_goal(assessment)
    assessment.save(update_fields=["band_table"])
    refresh_scores(assessment)
    record(
        TrailEvent.BANDS_CHOSEN,
        assessment=assessment,
        by=by,
        at=at,
        detail=str(table or _("menurut instrumen")),
        before={"band_table": before},
        after={"band_table": table},
    )
    return assessment
