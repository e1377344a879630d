"""The trail of a year: who did what to which question, each entry hashed with the one before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from trail.models import TrailEntry


class Activity(TrailEntry):
    """An entry of the trail of a year; written by `services.activity.record`, the year locked."""

    HASHED = ("assessment", "answer", "detail")
    SUBJECT_COLUMNS = (_("Pertanyaan"), _("Rincian"))
    LABELS = {
        "points": _("Nilai"),
        "value": _("Angka jawaban"),
        "choice": _("Pilihan jawaban"),
        "note": _("Catatan"),
        "text": _("Pesan"),
        "verdict": _("Keputusan"),
        "reason": _("Alasan"),
        "lead": _("Penanggung jawab"),
        "contributors": _("Pendukung"),
        "due_on": _("Tenggat"),
        "target": _("Target"),
        "deadline": _("Tenggat"),
        "stage": _("Tahap"),
        "band_table": _("Tabel predikat"),
        "effort": _("Upaya"),
        "sensitivity": _("Sensitif karena"),
        "document": _("Nomor dokumen di situs"),
        "way": _("Cara"),
        "sha256": _("SHA-256"),
        "finding": _("Temuan pemindai"),
    }

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="activities", verbose_name=_("penilaian")
    )
    answer = models.ForeignKey(
        Answer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("jawaban"),
    )
    deed = models.CharField(_("aktivitas"), max_length=30, choices=TrailEvent.choices)
    detail = models.TextField(_("rincian"), blank=True)

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["answer", "-at"], name="assessments_activity_answer"),
            models.Index(fields=["assessment", "-at"], name="assessments_activity_year"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "position"], name="assessments_activity_one_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.text}"

    @property
    def text(self) -> str:
        """What was done with its detail, to be read after the person's name."""
        deed = self.get_deed_display()
        return f"{deed}: {self.detail}" if self.detail else deed

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.answer.question.code if self.answer else "", self.detail)
