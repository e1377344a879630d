"""What was taken from a register, frozen with its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, SupportingDocument


class TakenValue(models.Model):
    """A value of a register that became the figure of an answer.

    Never changed: when the register moves on, another one is taken. `rows` are the rows behind it
    as they were ({code, name, group, says, counts}); `document` is the filled matrix, where the
    question asks for a paper that a matrix can be.
    """

    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="taken_values", verbose_name=_("jawaban")
    )
    register = models.CharField(_("register"), max_length=50)
    key = models.CharField(_("kunci"), max_length=300)
    as_of = models.DateField(_("tanggal acuan"))
    value = models.DecimalField(_("nilai"), max_digits=14, decimal_places=3)
    numerator = models.PositiveIntegerField(_("pembilang"))
    denominator = models.PositiveIntegerField(_("penyebut"))
    missing = models.PositiveIntegerField(_("belum diketahui"))
    rows = models.JSONField(_("baris"))
    fingerprint = models.CharField(_("kode keaslian"), max_length=64)
    document = models.ForeignKey(
        SupportingDocument,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dokumen"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("nilai dari register")
        verbose_name_plural = _("nilai dari register")
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.numerator}/{self.denominator}"
