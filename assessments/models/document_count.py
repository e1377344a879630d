"""Kept counts of documents. `assessments.services.document_counts` is their only writer."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import DocumentState
from cities.models import Opd
from clusters.models import EvidenceKind


class DocumentCountQuerySet(models.QuerySet["DocumentCount"]):
    def waiting(self) -> Self:
        """What somebody has to decide on; the twin of `EvidenceQuerySet.waiting`."""
        return self.filter(state=DocumentState.WAITING)

    def not_refused(self) -> Self:
        """The twin of `EvidenceQuerySet.not_refused`."""
        return self.exclude(state=DocumentState.REFUSED)

    def total(self) -> int:
        found: int | None = self.aggregate(total=models.Sum("number"))["total"]
        return found or 0


class DocumentCount(models.Model):
    """How many documents in force of one question are alike: of a kind, an OPD and a state.

    Pages read these few rows instead of the documents of a year, of which there may be thousands.
    """

    answer = models.ForeignKey(
        "assessments.Answer",
        models.CASCADE,
        related_name="document_counts",
        verbose_name=_("jawaban"),
    )
    kind = models.ForeignKey(
        EvidenceKind, models.PROTECT, related_name="+", verbose_name=_("jenis dokumen")
    )
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("OPD"),
    )
    state = models.CharField(_("keadaan"), max_length=10, choices=DocumentState.choices)
    # The start of the hour of the offer, of what waits for a decision alone. Time zones of
    # Indonesia are whole hours apart, so that a day of any city is made of such hours.
    waiting_since = models.DateTimeField(_("menunggu sejak"), null=True, blank=True)
    number = models.PositiveIntegerField(_("jumlah"))

    objects = DocumentCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("jumlah dokumen")
        verbose_name_plural = _("jumlah dokumen")
        constraints = [
            models.CheckConstraint(
                name="assessments_documentcount_age_of_what_waits",
                condition=Q(state=DocumentState.WAITING, waiting_since__isnull=False)
                | ~Q(state=DocumentState.WAITING) & Q(waiting_since=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.state}: {self.number}"
