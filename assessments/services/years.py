"""Taking hold of a year before changing it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Evidence, TotalScore


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


def hold_evidence(evidence_id: int) -> tuple[Evidence, Assessment]:
    """Hold the open year of an offered document, then read what became of it meanwhile.

    Raises ValidationError (`closed`, `withdrawn`).
    """
    rows = Evidence.objects.filter(pk=evidence_id)
    assessment_id = rows.values_list("answer__assessment", flat=True).first()
    if assessment_id is None:
        raise _withdrawn()
    assessment = hold_open(assessment_id)
    evidence = rows.select_related("answer__question", "document", "decided_by").first()
    if evidence is None:
        raise _withdrawn()
    return evidence, assessment


def _withdrawn() -> ValidationError:
    return ValidationError(
        _("Dokumen ini sudah ditarik oleh pengunggahnya. Kembali ke daftar dokumen."),
        code="withdrawn",
    )
