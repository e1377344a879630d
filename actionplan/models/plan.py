"""A regional action plan over years, and what it is tied to."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actionplan.choices import LinkKind
from assessments.models import SupportingDocument
from cities.models import City, Membership
from clusters.models import Instrument
from regulations.models import Regulation

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 2006, 2100, 10
MOST_CHILDREN = 10_000_000


def year_field(label: object) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    return models.PositiveSmallIntegerField(label, validators=bounds)  # type: ignore[arg-type]


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, member: Membership) -> Self:
        """The plans of the member's city; of what is in them, an OPD sees its own actions."""
        return self.filter(city=member.city_id)

    def covering(self, year: int) -> Self:
        """Those of which the year is one, the newest first."""
        return self.filter(first_year__lte=year, last_year__gte=year).order_by("-first_year", "-pk")


class ActionPlan(models.Model):
    """A RAD of a city. Indicators and questions of its actions are those of `instrument`."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="action_plans", verbose_name=_("kabupaten/kota")
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=_("instrumen")
    )
    title = models.CharField(_("judul"), max_length=200)
    first_year = year_field(_("tahun pertama"))
    last_year = year_field(_("tahun terakhir"))
    legal_basis = models.ForeignKey(
        Regulation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dasar hukum"),
    )
    # Days after a quarter until an OPD must have reported it.
    grace_days = models.PositiveSmallIntegerField(
        _("hari untuk melapor"), default=14, validators=[MaxValueValidator(90)]
    )
    # How many children the city has, for the budget per child, and who says so.
    children = models.PositiveIntegerField(
        _("jumlah anak"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_CHILDREN)],
    )
    children_source = models.CharField(_("sumber jumlah anak"), max_length=300, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("RAD")
        verbose_name_plural = _("RAD")
        ordering = ["-first_year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "title"],
                name="actionplan_one_per_title",
                violation_error_message=_("RAD dengan judul itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="actionplan_years_in_order",
                condition=Q(last_year__gte=F("first_year"))
                & Q(last_year__lt=F("first_year") + MOST_YEARS),
                violation_error_message=_(
                    "Tahun terakhir tidak boleh sebelum tahun pertama, dan RAD paling lama 10 tahun."
                ),
            ),
            models.CheckConstraint(
                name="actionplan_children_with_source",
                condition=Q(children=None) | ~Q(children_source=""),
                violation_error_message=_("Tuliskan sumber jumlah anak."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actionplan:plan_detail", args=[self.city.slug, self.pk])

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    def year_near(self, year: int) -> int:
        """The year itself, or the nearest of the plan."""
        return min(max(year, self.first_year), self.last_year)


class PlanLink(models.Model):
    """A planning or budget document that the plan is tied to; a stored one, or where it stands."""

    plan = models.ForeignKey(
        ActionPlan, models.CASCADE, related_name="links", verbose_name=_("RAD")
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=LinkKind.choices)
    title = models.CharField(_("dokumen dan bagiannya"), max_length=300)
    address = models.URLField(_("alamat"), max_length=2000, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )

    class Meta:
        verbose_name = _("kaitan RAD")
        verbose_name_plural = _("kaitan RAD")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "title"],
                name="actionplan_link_once",
                violation_error_message=_("Kaitan itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="actionplan_known_link", condition=Q(kind__in=LinkKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"
