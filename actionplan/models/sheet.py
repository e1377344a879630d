"""A table as it was read, for its person to look at before anything is taken over."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actionplan.choices import SheetKind
from actionplan.models.plan import ActionPlan
from cities.models import City


class KeptSheet(models.Model):
    """`rows` are those of `sheets.py` as JSON, `faults` sentences that name the cell.

    `about` is what the person said of a nomenclature: its decree, and since when it holds.
    """

    city = models.ForeignKey(
        City, models.CASCADE, related_name="+", verbose_name=_("kabupaten/kota")
    )
    plan = models.ForeignKey(
        ActionPlan, models.CASCADE, null=True, related_name="+", verbose_name=_("RAD")
    )
    kind = models.CharField(_("isi"), max_length=15, choices=SheetKind.choices)
    name = models.CharField(_("berkas"), max_length=150)
    about = models.JSONField(_("keterangan"), default=dict)
    rows = models.JSONField(_("baris"))
    faults = models.JSONField(_("kesalahan"))
    at = models.DateTimeField(_("diunggah pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("diunggah oleh")
    )

    class Meta:
        verbose_name = _("lembar RAD")
        verbose_name_plural = _("lembar RAD")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="actionplan_known_sheet", condition=Q(kind__in=SheetKind.values)
            )
        ]

    def __str__(self) -> str:
        return self.name
