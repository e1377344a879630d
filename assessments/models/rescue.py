"""A rescue window: 48 hours in which chosen questions can be worked on in field verification."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.answer import Answer
from assessments.models.assessment import Assessment

USUAL_LENGTH = timedelta(hours=48)  # the 2 x 24 hours that follow the hybrid verification


class RescueWindowQuerySet(models.QuerySet["RescueWindow"]):
    def open_at(self, moment: datetime) -> Self:
        """Windows that let their questions be worked on at that moment, its last one included."""
        return self.filter(cancelled_at=None, opens_at__lte=moment, closes_at__gte=moment)


class RescueWindow(models.Model):
    """Some hours in which chosen questions may be worked on although the year is locked.

    It counts only while the year is in field verification, from `opens_at` to `closes_at`,
    both included. What came in until then can be decided on until the year leaves the stage,
    at `stage_left_at`.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="rescue_windows", verbose_name=_("penilaian")
    )
    answers = models.ManyToManyField(
        Answer, related_name="rescue_windows", verbose_name=_("pertanyaan")
    )
    opens_at = models.DateTimeField(_("dibuka pada"))
    closes_at = models.DateTimeField(_("berakhir pada"))
    note = models.TextField(_("yang diminta"), blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever opened a lock stays named
        related_name="+",
        verbose_name=_("oleh"),
    )
    cancelled_at = models.DateTimeField(_("dibatalkan pada"), null=True, blank=True)

    stage_left_at = models.DateTimeField(_("tahapnya ditinggalkan pada"), null=True, blank=True)

    objects = RescueWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("masa melengkapi dokumen")
        verbose_name_plural = _("masa melengkapi dokumen")
        ordering = ["-opens_at", "-pk"]
        indexes = [models.Index(fields=["assessment", "closes_at"], name="assessments_rescue_open")]
        constraints = [
            models.CheckConstraint(
                name="assessments_rescue_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Masa melengkapi dokumen harus berakhir setelah dibuka."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.opens_at:%Y-%m-%d %H:%M} – {self.closes_at:%Y-%m-%d %H:%M}"

    def is_open_at(self, moment: datetime) -> bool:
        return self.cancelled_at is None and self.opens_at <= moment <= self.closes_at
