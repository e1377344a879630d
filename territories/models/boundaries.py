"""Where the units of a city lie."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from territories.boundaries import Polygons, polygons_of
from territories.models.units import Unit


class UnitBoundary(models.Model):
    """The boundary of a unit as the city gave it last, simplified; `stored` as in `boundaries.py`."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="boundary", verbose_name=_("wilayah pelapor")
    )
    stored = models.JSONField(_("batas"))
    source = models.CharField(_("berkas"), max_length=150)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("batas wilayah")
        verbose_name_plural = _("batas wilayah")
        ordering = ["unit"]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.source}"

    @property
    def polygons(self) -> Polygons:
        return polygons_of(self.stored)
