"""What lies below a city: kecamatan, and their kelurahan and desa."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models.people import City


class District(models.Model):
    """A kecamatan with its official Kemendagri code, for example 18.72.01."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="districts", verbose_name=_("kabupaten/kota")
    )
    code = models.CharField(_("kode wilayah"), max_length=8, unique=True)
    name = models.CharField(_("nama"), max_length=100)
    # No longer in the official list; kept, for work may rest on it.
    is_listed = models.BooleanField(_("tercantum"), default=True)

    class Meta:
        verbose_name = _("kecamatan")
        verbose_name_plural = _("kecamatan")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class VillageKind(models.TextChoices):
    KELURAHAN = "kelurahan", _("kelurahan")
    DESA = "desa", _("desa")
    DESA_ADAT = "desa_adat", _("desa adat")


class Village(models.Model):
    """A kelurahan or desa with its official Kemendagri code, for example 18.72.01.1001."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="villages", verbose_name=_("kecamatan")
    )
    code = models.CharField(_("kode wilayah"), max_length=13, unique=True)
    name = models.CharField(_("nama"), max_length=100)
    kind = models.CharField(_("jenis"), max_length=20, choices=VillageKind.choices)
    is_listed = models.BooleanField(_("tercantum"), default=True)

    class Meta:
        verbose_name = _("kelurahan/desa")
        verbose_name_plural = _("kelurahan/desa")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="cities_village_known_kind",
                condition=Q(kind__in=VillageKind.values),
                violation_error_message=_("Jenis harus kelurahan, desa, atau desa adat."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
