"""A kind of document that a reviewer does not require of a question."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.answer import Answer
from clusters.models import EvidenceKind


class Waiver(models.Model):
    """A kind of document that a reviewer does not require for one answer, and why.

    It completes the checklist and proves nothing: points still need an accepted document.
    """

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="waivers", verbose_name=_("jawaban")
    )
    kind = models.ForeignKey(
        EvidenceKind, models.PROTECT, related_name="waivers", verbose_name=_("jenis dokumen")
    )
    reason = models.TextField(_("alasan"), max_length=2000)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a waiver keeps its author
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("pengecualian dokumen")
        verbose_name_plural = _("pengecualian dokumen")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "kind"],
                name="assessments_waiver_once_per_kind",
                violation_error_message=_("Jenis dokumen ini sudah dikecualikan."),
            ),
            models.CheckConstraint(
                name="assessments_waiver_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Tuliskan alasan pengecualian."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.kind}"
