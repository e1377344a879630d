"""What was found at facilities on visits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.facilities import Facility, signature


class Visit(models.Model):
    """What somebody found with a checklist on a day; never changed, a later visit follows it.

    `answers` maps the code of an item to a `choices.Said`; empty where only the official result
    was entered. `missing` counts the required items that are not met.
    """

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="visits", verbose_name=_("fasilitas")
    )
    checklist = models.CharField(_("daftar periksa"), max_length=50)
    version = models.CharField(_("versi"), max_length=50)
    on = models.DateField(_("tanggal"))
    answers = models.JSONField(_("jawaban"), default=dict, blank=True)
    score = models.DecimalField(_("nilai"), max_digits=7, decimal_places=2)
    maximum = models.DecimalField(
        _("nilai tertinggi"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    missing = models.PositiveSmallIntegerField(_("butir wajib belum terpenuhi"), default=0)
    note = models.TextField(_("catatan"), max_length=1000, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    class Meta:
        verbose_name = _("kunjungan fasilitas")
        verbose_name_plural = _("kunjungan fasilitas")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.on}"
