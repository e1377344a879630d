"""Taking hold of a year before changing it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, TotalScore


def hold(assessment_id: int) -> Assessment:
    """Lock the year's totals, then read the year.

    Every change of points, verdicts or stage of a year passes through here first, so two
    of them never interleave. Must be called inside a transaction.
    """
    totals = TotalScore.objects.select_for_update().filter(assessment=assessment_id)
    list(totals.order_by("pk"))
    return Assessment.objects.select_related("city", "instrument", "target").get(pk=assessment_id)


def hold_open(assessment_id: int) -> Assessment:
    """Like `hold`, but only while the year may be worked on.

    Raises ValidationError (`closed`).
    """
    assessment = hold(assessment_id)
    if not assessment.is_open:
        raise ValidationError(
            _(
                "Penilaian tahun %(year)d sudah ditutup, jadi isinya tidak dapat diubah. "
                "Hubungi admin kota bila masih ada yang perlu diperbaiki."
            ),
            code="closed",
            params={"year": assessment.year},
        )
    return assessment
