"""Which kinds of documents a city treats as sensitive."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import Sensitivity
from cities.models import City
from clusters.spec import MAX_CODE


class SensitiveKind(models.Model):
    """A kind of document, by its code in whatever instrument, that a city treats as sensitive.

    It stands beside the instrument, for a published one is never changed.
    """

    city = models.ForeignKey(
        City, models.CASCADE, related_name="sensitive_kinds", verbose_name=_("kabupaten/kota")
    )
    code = models.CharField(_("kode jenis dokumen"), max_length=MAX_CODE)
    sensitivity = models.CharField(_("sensitif karena"), max_length=10, choices=Sensitivity.choices)
    at = models.DateTimeField(_("ditetapkan pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a rule keeps its author
        related_name="+",
        verbose_name=_("ditetapkan oleh"),
    )

    class Meta:
        verbose_name = _("jenis dokumen sensitif")
        verbose_name_plural = _("jenis dokumen sensitif")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "code"],
                name="assessments_sensitivekind_once",
                violation_error_message=_("Jenis dokumen ini sudah ditandai."),
            ),
            models.CheckConstraint(
                name="assessments_sensitivekind_known",
                condition=Q(sensitivity__in=Sensitivity.values),
                violation_error_message=_("Pilih mengapa jenis dokumen ini sensitif."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id}: {self.code}"
