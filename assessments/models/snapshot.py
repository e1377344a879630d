"""A year frozen when it left a stage, with the checksum of its content."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage
from assessments.models.assessment import Assessment


class Snapshot(models.Model):
    """A year as it was when it went from one stage to another. Only ever added.

    `content` is everything that counts, `checksum` the SHA-256 of its canonical JSON.
    The content also names the checksum before it, so a missing one shows.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="snapshots", verbose_name=_("penilaian")
    )
    number = models.PositiveIntegerField(_("nomor"))
    left = models.CharField(_("tahap sebelumnya"), max_length=20, choices=Stage.choices)
    stage = models.CharField(_("tahap yang dimasuki"), max_length=20, choices=Stage.choices)
    content = models.JSONField(_("isi"))
    checksum = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever signed a year stays named in it
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("rekaman")
        verbose_name_plural = _("rekaman")
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="assessments_snapshot_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse(
            "assessments:snapshot_detail",
            args=[self.assessment.city.slug, self.assessment.year, self.number],
        )
