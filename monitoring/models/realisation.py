"""What came of an action until the end of a quarter, as its OPD reported it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actionplan.models.action import WHOLE, ActionYear
from assessments.models import SupportingDocument
from monitoring.quarters import QUARTERS
from workbooks.money import MOST


class Realisation(models.Model):
    """One report of a quarter; never written again. A correction is another row, `revision` + 1.

    What was reported keeps its action: neither can be taken out any more.

    Both figures count from the beginning of the year: physical in percent of the year's target,
    money in whole rupiah.
    """

    action_year = models.ForeignKey(
        ActionYear, models.PROTECT, related_name="realisations", verbose_name=_("tahun aksi")
    )
    quarter = models.PositiveSmallIntegerField(
        _("triwulan"), choices=[(quarter, str(quarter)) for quarter in QUARTERS]
    )
    revision = models.PositiveSmallIntegerField(_("perbaikan ke"), default=1)
    physical = models.DecimalField(
        _("fisik sampai triwulan ini (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(WHOLE))],
    )
    money = models.BigIntegerField(
        _("uang sampai triwulan ini"), validators=[MinValueValidator(0), MaxValueValidator(MOST)]
    )
    obstacle = models.TextField(_("hambatan"), max_length=1000, blank=True)
    follow_up = models.TextField(_("tindak lanjut"), max_length=1000, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bukti"),
    )
    at = models.DateTimeField(_("dilaporkan pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        related_name="+",
        verbose_name=_("dilaporkan oleh"),
    )

    class Meta:
        verbose_name = _("realisasi")
        verbose_name_plural = _("realisasi")
        ordering = ["action_year", "quarter", "revision"]
        db_table = "actionplan_realisation"  # older than this package
        constraints = [
            models.UniqueConstraint(
                fields=["action_year", "quarter", "revision"], name="actionplan_revision_once"
            ),
            models.CheckConstraint(
                name="actionplan_realisation_in_range",
                condition=Q(
                    quarter__in=QUARTERS,
                    physical__gte=0,
                    physical__lte=WHOLE,
                    money__gte=0,
                    money__lte=MOST,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_year_id} TW {self.quarter}, {self.revision}"
