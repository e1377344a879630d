"""Routes of a verification."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models import City
from facilities.models.facilities import Facility, signature
from territories.models import Unit


class Route(models.Model):
    """The way of a hybrid verification on a day, stop by stop."""

    city = models.ForeignKey(
        City, models.CASCADE, related_name="verification_routes", verbose_name=_("kabupaten/kota")
    )
    name = models.CharField(_("nama"), max_length=100)
    on = models.DateField(_("tanggal"))
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    class Meta:
        verbose_name = _("rute verifikasi")
        verbose_name_plural = _("rute verifikasi")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("facilities:route_detail", args=[self.city.slug, self.pk])


class RouteStop(models.Model):
    """A facility or a unit on a route; `receiver` is a post, not a person's name."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="stops", verbose_name=_("rute"))
    position = models.PositiveSmallIntegerField(_("urutan"))
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fasilitas"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    receiver = models.CharField(_("yang menerima"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("perhentian rute")
        verbose_name_plural = _("perhentian rute")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="facilities_stop_is_a_facility_or_a_unit",
                condition=Q(facility=None, unit__isnull=False)
                | Q(facility__isnull=False, unit=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.facility or self.unit)
