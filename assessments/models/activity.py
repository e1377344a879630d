from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.choices import Deed
from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from cities.models import Opd


class Activity(models.Model):
    """Who did what, when. Rows are only ever added, in the transaction of the deed."""

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
    deed = models.CharField(_("perbuatan"), max_length=30, choices=Deed.choices)
    detail = models.TextField(_("rincian"), blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # history keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["answer", "-at"], name="assessments_activity_answer"),
            models.Index(fields=["assessment", "-at"], name="assessments_activity_year"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.text}"

    @property
    def text(self) -> str:
        """The deed with its detail, to be read after the person's name."""
        deed = self.get_deed_display()
        return f"{deed}: {self.detail}" if self.detail else deed


class Comment(models.Model):
    """A line of the conversation about one question."""

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="comments", verbose_name=_("jawaban")
    )
    text = models.TextField(_("pesan"), max_length=2000)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a conversation keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(models.Model):
    """An OPD that a comment calls upon, with its code as it was written there."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="mentions", verbose_name=_("komentar")
    )
    opd = models.ForeignKey(Opd, models.PROTECT, related_name="+", verbose_name=_("OPD"))
    code = models.CharField(_("kode"), max_length=30)

    class Meta:
        verbose_name = _("sebutan")
        verbose_name_plural = _("sebutan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "opd"],
                name="assessments_mention_once",
                violation_error_message=_("OPD ini sudah disebut dalam komentar tersebut."),
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.code}"
