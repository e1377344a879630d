"""What a question was worth to whom, and when: rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from clusters.models import Indicator


class PointsRecord(models.Model):
    """Points that a question got: claimed, granted by our review, or given officially.

    A later row never takes the place of an earlier one; without points it says that the
    earlier ones were taken back. The database refuses to change or delete a row.
    """

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="points_records", verbose_name=_("jawaban")
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=ScoreKind.choices)
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3, null=True, blank=True)
    why = models.TextField(_("alasan atau sumber"), blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # history keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("catatan nilai")
        verbose_name_plural = _("catatan nilai")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="assessments_pointsrecord_not_negative",
                condition=Q(points=None) | Q(points__gte=0),
                violation_error_message=_("Nilai tidak boleh kurang dari nol."),
            ),
            models.CheckConstraint(
                name="assessments_pointsrecord_official_has_source",
                condition=~Q(kind__in=OFFICIAL_KINDS) | ~Q(why=""),
                violation_error_message=_("Tuliskan sumber nilai resmi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.kind}: {self.points}"


class OfficialIndicatorScore(models.Model):
    """The total of one indicator as an official stage gave it, where no more is known.

    Counts only while no question of the indicator has points of the same stage.
    """

    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        related_name="official_indicator_scores",
        verbose_name=_("penilaian"),
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indikator")
    )
    kind = models.CharField(
        _("tahap resmi"), max_length=10, choices=[(kind, kind.label) for kind in OFFICIAL_KINDS]
    )
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3)
    why = models.TextField(_("sumber"))
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # an official result keeps the name of who entered it
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )

    class Meta:
        verbose_name = _("nilai resmi indikator")
        verbose_name_plural = _("nilai resmi indikator")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "indicator", "kind"],
                name="assessments_officialindicatorscore_once_per_stage",
            ),
            models.CheckConstraint(
                name="assessments_officialindicatorscore_not_negative",
                condition=Q(points__gte=0),
                violation_error_message=_("Nilai tidak boleh kurang dari nol."),
            ),
            models.CheckConstraint(
                name="assessments_officialindicatorscore_official",
                condition=Q(kind__in=OFFICIAL_KINDS),
            ),
            models.CheckConstraint(
                name="assessments_officialindicatorscore_has_source",
                condition=~Q(why=""),
                violation_error_message=_("Tuliskan sumber nilai resmi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.indicator_id} {self.kind}: {self.points}"
