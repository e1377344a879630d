"""Where the city wants to be in a year."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from actionplan.models.plan import year_field
from cities.models import City
from clusters.spec import MAX_NAME


class YearGoal(models.Model):
    """The predikat that a city wants to reach in a year, and where that stands written."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="year_goals", verbose_name=_("kabupaten/kota")
    )
    year = year_field(_("tahun"))
    predikat = models.CharField(_("predikat yang dituju"), max_length=MAX_NAME)
    source = models.CharField(_("sumber"), max_length=300, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    class Meta:
        verbose_name = _("target tahun")
        verbose_name_plural = _("target tahun")
        ordering = ["year"]
        db_table = "actionplan_yeargoal"  # older than this package
        constraints = [
            models.UniqueConstraint(fields=["city", "year"], name="actionplan_one_goal_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.predikat}"
