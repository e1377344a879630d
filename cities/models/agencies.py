"""Under which of a city's OPDs the agencies go that an instrument names."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models.people import City, Opd


class AgencyAliasQuerySet(models.QuerySet["AgencyAlias"]):
    def merged(self) -> Self:
        """Codes for which another OPD of the city answers."""
        return self.exclude(opd=None)


class AgencyAlias(models.Model):
    """An instrument's agency code for which an OPD of another code answers in this city.

    In many cities DP3A and the family-planning agency are one dinas. Without an OPD the city
    has said that it has no such agency, and is not asked again.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="agency_aliases", verbose_name=_("kabupaten/kota")
    )
    code = models.CharField(_("kode pada instrumen"), max_length=30)
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agency_aliases",
        verbose_name=_("OPD"),
    )

    objects = AgencyAliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("padanan OPD")
        verbose_name_plural = _("padanan OPD")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "code"],
                name="cities_agencyalias_once_per_code",
                violation_error_message=_("Kode ini sudah dipadankan dengan sebuah OPD."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.opd or '–'}"
