"""What a city changed of the rules by which its plans are followed."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actionplan.models.action import WHOLE
from cities.models import City
from monitoring.choices import Light
from monitoring.quarters import QUARTERS
from monitoring.rules import Rules, packaged_rules


def percent_field(label: object) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(1), MaxValueValidator(WHOLE)]
    return models.PositiveSmallIntegerField(label, validators=bounds)  # type: ignore[arg-type]


OF_CITY = "monitoring_rules"  # from the city, for whoever reads them in one query with another row


def rules_of(city: City) -> Rules:
    """Those of the city, else the packaged ones; a query unless the city came with `OF_CITY`."""
    own: CityRules | None = getattr(city, OF_CITY, None)
    return own.as_rules() if own else packaged_rules()


class CityRulesQuerySet(models.QuerySet["CityRules"]):
    def version(self, city_id: int) -> str:
        """What tells whether somebody changed them meanwhile; empty without rules of the city."""
        at = self.filter(city=city_id).values_list("at", flat=True).first()
        return at.isoformat() if at else ""


class CityRules(models.Model):
    """The city's own bounds in percent, and where they stand written. Without a row the file holds."""

    city = models.OneToOneField(
        City, models.PROTECT, related_name=OF_CITY, verbose_name=_("kabupaten/kota")
    )
    green = percent_field(Light.GREEN.label)
    yellow = percent_field(Light.YELLOW.label)
    first = percent_field(_("pekerjaan sampai triwulan 1"))
    second = percent_field(_("pekerjaan sampai triwulan 2"))
    third = percent_field(_("pekerjaan sampai triwulan 3"))
    child_share = models.DecimalField(
        _("bagian untuk anak (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(WHOLE))],
    )
    source = models.CharField(_("sumber"), max_length=300)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = CityRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan pemantauan")
        verbose_name_plural = _("aturan pemantauan")
        ordering = ["city"]
        constraints = [
            models.CheckConstraint(
                name="monitoring_lights_in_order",
                condition=Q(yellow__gte=1, green__gt=F("yellow"), green__lte=WHOLE),
                violation_error_message=_(
                    "Batas “Sesuai rencana” harus di atas “Perlu perhatian”."
                ),
            ),
            models.CheckConstraint(
                name="monitoring_quarters_in_order",
                condition=Q(
                    first__gte=1, second__gte=F("first"), third__gte=F("second"), third__lte=WHOLE
                ),
                violation_error_message=_(
                    "Pekerjaan dihitung sejak awal tahun, jadi tidak turun dari triwulan ke triwulan."
                ),
            ),
            models.CheckConstraint(
                name="monitoring_share_in_range",
                condition=Q(child_share=None) | Q(child_share__gte=0, child_share__lte=WHOLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id}: {self.source}"

    def as_rules(self) -> Rules:
        parts = (self.first, self.second, self.third, WHOLE)  # by the year's end, all of the work
        return Rules(
            source=self.source,
            expected=dict(zip(QUARTERS, map(Decimal, parts), strict=True)),
            lights=(
                (Light.GREEN, Decimal(self.green)),
                (Light.YELLOW, Decimal(self.yellow)),
                (Light.RED, Decimal(0)),
            ),
            child_share=self.child_share,
        )
