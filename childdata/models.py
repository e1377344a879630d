"""What was counted of a city's children: one table a variable, year and place. Never a name."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from childdata.catalogue import Variable, catalogue
from childdata.choices import Sex
from childdata.tables import Cell
from cities.models import City, Opd
from territories.models import Unit

FIRST_YEAR, LAST_YEAR = 2000, 2100


class ObservationQuerySet(models.QuerySet["Observation"]):
    def of_place(self, city: City, unit: Unit | None) -> Self:
        """Of one unit; without a unit what the city says of itself."""
        return self.filter(city=city, unit=unit)


class Observation(models.Model):
    """The counts of a variable for one year and place, from one producer.

    Without a unit they are the city's own. `version` grows with each writing. An explanation of the
    difference to the sum of the units below holds while the difference is `explained`.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="observations", verbose_name=_("kabupaten/kota")
    )
    variable = models.CharField(_("variabel"), max_length=50)
    year = models.PositiveSmallIntegerField(_("tahun data"))
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("wilayah"),
    )
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("produsen data"),
    )
    source = models.CharField(_("sumber"), max_length=200, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    explanation = models.CharField(_("penjelasan selisih"), max_length=500, blank=True)
    explained = models.IntegerField(_("selisih yang dijelaskan"), null=True, blank=True)
    version = models.PositiveIntegerField(_("versi"), default=1)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("data anak")
        verbose_name_plural = _("data anak")
        ordering = ["variable", "year", "unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "variable", "year", "unit"],
                condition=Q(unit__isnull=False),
                name="childdata_observation_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["city", "variable", "year"],
                condition=Q(unit=None),
                name="childdata_observation_once_per_city",
            ),
            models.CheckConstraint(
                name="childdata_observation_plausible_year",
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variable} {self.year}"

    @property
    def sort(self) -> Variable | None:
        """The variable; None of one that the catalogue no longer has."""
        return catalogue().variables.get(self.variable)

    @property
    def counts(self) -> dict[Cell, int]:
        """Its table; no query where the cells were prefetched."""
        return {one.cell: one.count for one in self.cells.all()}


class ObservedCount(models.Model):
    """One cell of a table; `sex` and `age` are empty where it is not divided by them."""

    observation = models.ForeignKey(
        Observation, models.CASCADE, related_name="cells", verbose_name=_("data anak")
    )
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex.choices, blank=True)
    age = models.CharField(_("kelompok umur"), max_length=30, blank=True)
    disability = models.BooleanField(_("penyandang disabilitas"), default=False)
    count = models.PositiveIntegerField(_("jumlah"))

    class Meta:
        verbose_name = _("jumlah anak")
        verbose_name_plural = _("jumlah anak")
        ordering = ["disability", "age", "sex", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "sex", "age", "disability"],
                name="childdata_count_once_per_cell",
            ),
            models.CheckConstraint(
                name="childdata_count_known_sex", condition=Q(sex__in=["", *Sex.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observation_id}: {self.count}"

    @property
    def cell(self) -> Cell:
        return Cell(self.sex, self.age, self.disability)
