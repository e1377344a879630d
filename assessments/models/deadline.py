"""The date by which the questions of one cluster are to be handed in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from clusters.models import Cluster


class ClusterDeadline(models.Model):
    """The date of one cluster in one year; a question's own assignment may set another."""

    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        related_name="cluster_deadlines",
        verbose_name=_("penilaian"),
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="+", verbose_name=_("klaster")
    )
    due_on = models.DateField(_("tenggat"))

    class Meta:
        verbose_name = _("tenggat klaster")
        verbose_name_plural = _("tenggat klaster")
        ordering = ["cluster__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "cluster"],
                name="assessments_clusterdeadline_once",
                violation_error_message=_("Klaster ini sudah memiliki tenggat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id}: {self.due_on}"
