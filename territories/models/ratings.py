"""By which rules a city rates its units, and which of them it visits."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models import City
from territories.choices import RatingLevel
from territories.models.units import Unit
from territories.rating import WHOLE, LevelRule, RatingRules, packaged_rules


def _at_least(level: RatingLevel) -> models.PositiveSmallIntegerField[int, int]:
    bounds = [MinValueValidator(1), MaxValueValidator(WHOLE)]
    return models.PositiveSmallIntegerField(level.label, validators=bounds)


class CityRatingRulesQuerySet(models.QuerySet["CityRatingRules"]):
    def in_force(self, city_id: int, year: int) -> RatingRules:
        """Those of the newest year until this one, else the packaged ones; one query."""
        own = self.filter(city=city_id, year__lte=year).order_by("-year").first()
        return own.as_rules() if own else packaged_rules()


class CityRatingRules(models.Model):
    """A city's own rules, from this year of data on until it makes others.

    The bounds are per cent of the criteria asked; `required` are codes of criteria by RatingLevel.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="+", verbose_name=_("kabupaten/kota")
    )
    year = models.PositiveSmallIntegerField(_("tahun data"))
    pratama = _at_least(RatingLevel.PRATAMA)
    madya = _at_least(RatingLevel.MADYA)
    nindya = _at_least(RatingLevel.NINDYA)
    required = models.JSONField(_("kriteria wajib"), default=dict, blank=True)
    source = models.CharField(_("sumber"), max_length=300)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = CityRatingRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan peringkat wilayah")
        verbose_name_plural = _("aturan peringkat wilayah")
        ordering = ["city", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "year"], name="territories_ratingrules_once_a_year"
            ),
            models.CheckConstraint(
                name="territories_ratingrules_in_order",
                condition=Q(
                    pratama__gte=1,
                    madya__gt=F("pratama"),
                    nindya__gt=F("madya"),
                    nindya__lte=WHOLE,
                ),
                violation_error_message=_(
                    "Batas Nindya harus di atas Madya, dan Madya di atas Pratama."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.year}: {self.source}"

    def as_rules(self) -> RatingRules:
        return RatingRules(
            levels=tuple(
                LevelRule(level, getattr(self, level), frozenset(self.required.get(level, ())))
                for level in RatingLevel
            ),
            source=self.source,
        )


class VisitSampleQuerySet(models.QuerySet["VisitSample"]):
    def of_year(self, city_id: int, year: int) -> Self:
        """The one in force first, then those that it took the place of."""
        return self.filter(city=city_id, year=year).order_by("-number")


class VisitSample(models.Model):
    """Which kelurahan and desa the city visits for a year of data. Never changed; a later one follows.

    By lot (`territories.sampling`) from `pool`, pairs of codes of kecamatan and unit, with the key
    `seed`; or chosen by hand, without both and with a reason. One that follows another has a reason.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="visit_samples", verbose_name=_("kabupaten/kota")
    )
    year = models.PositiveSmallIntegerField(_("tahun data"))
    number = models.PositiveSmallIntegerField(_("urutan"))
    seed = models.CharField(_("kunci undian"), max_length=32, blank=True)
    per_district = models.PositiveSmallIntegerField(
        _("jumlah setiap kecamatan"), null=True, blank=True
    )
    pool = models.JSONField(_("yang diundi"), default=list, blank=True)
    units = models.ManyToManyField(Unit, related_name="visit_samples", verbose_name=_("wilayah"))
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = VisitSampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sampel kunjungan")
        verbose_name_plural = _("sampel kunjungan")
        ordering = ["city", "year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "year", "number"], name="territories_sample_one_per_number"
            ),
            models.CheckConstraint(
                name="territories_sample_drawn_or_chosen",
                condition=(~Q(seed="") & Q(per_district__gte=1)) | Q(seed="", per_district=None),
            ),
            models.CheckConstraint(
                name="territories_sample_says_why",
                condition=Q(number=1) & ~Q(seed="") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.year}/{self.number}"

    @property
    def is_drawn(self) -> bool:
        return self.seed != ""
