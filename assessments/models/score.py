"""Stored totals. `assessments.services.scores` is their only writer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.choices import ScoreKind
from assessments.models.assessment import Assessment
from clusters.models import Cluster, Indicator
from clusters.spec import MAX_NAME


class TotalScore(models.Model):
    """The total of one kind for a year and the predikat it reaches.

    These rows are also the lock: whoever changes points of a year holds them first.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="totals")
    kind = models.CharField(_("jenis"), max_length=10, choices=ScoreKind.choices)
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3, default=0)
    predikat = models.CharField(_("predikat"), max_length=MAX_NAME, blank=True)
    in_gap = models.BooleanField(_("di antara dua predikat"), default=False)
    answered = models.PositiveIntegerField(_("pertanyaan bernilai"), default=0)

    class Meta:
        verbose_name = _("nilai total")
        verbose_name_plural = _("nilai total")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind"], name="assessments_totalscore_one_per_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.kind}: {self.points}"

    @property
    def is_entered(self) -> bool:
        """Whether anything lies behind it: points of questions, or totals of whole indicators."""
        return bool(self.answered or self.points)


class ClusterScore(models.Model):
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="cluster_scores")
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+")
    kind = models.CharField(_("jenis"), max_length=10, choices=ScoreKind.choices)
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3)

    class Meta:
        verbose_name = _("nilai klaster")
        verbose_name_plural = _("nilai klaster")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "cluster"],
                name="assessments_clusterscore_one_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.kind}: {self.points}"


class IndicatorScore(models.Model):
    """`answered` counts the questions that carry points of this kind."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="indicator_scores")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    kind = models.CharField(_("jenis"), max_length=10, choices=ScoreKind.choices)
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3)
    answered = models.PositiveIntegerField(_("pertanyaan bernilai"))

    class Meta:
        verbose_name = _("nilai indikator")
        verbose_name_plural = _("nilai indikator")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "indicator"],
                name="assessments_indicatorscore_one_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.kind}: {self.points}"
