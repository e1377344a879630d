"""What was taken from a register, frozen with its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, SupportingDocument
from registers.contract import AnswerKind
from registers.wording import told

SHARE = AnswerKind.SHARE.value
KINDS = [(SHARE, _("persen")), (AnswerKind.COUNT.value, _("jumlah"))]


class TakenValue(models.Model):
    """A value of a register that became the figure of an answer.

    Never changed: when the register moves on, another one is taken. `rows` are the rows behind it
    as they were (`contract.stored_row`), `years` the counts by sex and year (`stored_years`), null
    for a share of units; `denominator` is null where a number stands alone. `document` is the
    filled matrix, where the question asks for a paper that a matrix can be.
    """

    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="taken_values", verbose_name=_("jawaban")
    )
    register = models.CharField(_("register"), max_length=50)
    key = models.CharField(_("kunci"), max_length=300)
    as_of = models.DateField(_("tanggal acuan"))
    value = models.DecimalField(_("nilai"), max_digits=14, decimal_places=3)
    numerator = models.PositiveIntegerField(_("pembilang"))
    denominator = models.PositiveIntegerField(_("penyebut"), null=True, blank=True)
    # What the release before writes, which knows of shares alone, is a share.
    kind = models.CharField(
        _("jenis nilai"), max_length=10, choices=KINDS, default=SHARE, db_default=SHARE
    )
    years = models.JSONField(_("jumlah per tahun"), null=True, blank=True)
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
        return f"{self.answer_id}: {self.told}"

    @property
    def told(self) -> str:
        """What was taken, as people read it: 38 dari 40 (95%), or 12."""
        return told(self.value, self.kind, self.numerator, self.denominator)
