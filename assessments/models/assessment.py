"""A year of a city: instrument, target, stage and deadline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage
from assessments.scoring import PublishedBand
from assessments.stages import STAGE_ACTIONS, STAGE_SENTENCES, StageAction
from cities.models import City
from clusters.models import Band, BandTable, Instrument
from clusters.spec import MAX_NAME


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def current(self, city: City, *, before: str = "") -> Assessment | None:
        """The year a city works on: the newest under way, else in preparation, else closed.

        The newest in the stage `before` comes before all of them.
        """
        rank = models.Case(
            models.When(stage=before, then=-1),
            models.When(stage=Stage.PREPARATION, then=1),
            models.When(stage=Stage.CLOSED, then=2),
            default=0,
        )
        return (
            self.filter(city=city)
            .select_related("instrument", "city", "target", "band_table")
            .order_by(rank, "-year")
            .first()
        )


class Assessment(models.Model):
    """One city's evaluation in one year under one version of the instrument."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="assessments", verbose_name=_("kabupaten/kota")
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=_("instrumen")
    )
    year = models.PositiveSmallIntegerField(
        _("tahun"), validators=[MinValueValidator(2006), MaxValueValidator(2100)]
    )
    stage = models.CharField(
        _("tahap"), max_length=20, choices=Stage.choices, default=Stage.SELF_ASSESSMENT
    )
    target = models.ForeignKey(
        Band,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("predikat yang dituju"),
    )
    # Bands of another source than the instrument's own; empty where those of the instrument count.
    band_table = models.ForeignKey(
        BandTable,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tabel predikat"),
    )
    deadline = models.DateField(_("tenggat"), null=True, blank=True)
    evidence_from = models.DateField(_("awal masa dokumen"))
    evidence_to = models.DateField(_("akhir masa dokumen"))
    opened_at = models.DateTimeField(_("dibuka pada"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever opened a year stays named in it
        related_name="+",
        verbose_name=_("dibuka oleh"),
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penilaian")
        verbose_name_plural = _("penilaian")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "year"],
                name="assessments_assessment_one_per_year",
                violation_error_message=_("Kota ini sudah memiliki penilaian untuk tahun itu."),
            ),
            models.CheckConstraint(
                name="assessments_assessment_evidence_window_in_order",
                condition=Q(evidence_to__gte=models.F("evidence_from")),
                violation_error_message=_("Akhir masa dokumen tidak boleh sebelum awalnya."),
            ),
            models.CheckConstraint(
                name="assessments_assessment_known_stage",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Tahap tidak dikenal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment_detail", args=[self.city.slug, self.year])

    @property
    def actions(self) -> frozenset[StageAction]:
        """What may be done in the stage where the year stands, by those with the right to it."""
        return STAGE_ACTIONS[Stage(self.stage)]

    @property
    def is_open(self) -> bool:
        """Whether claims and documents of any question may be changed in this stage."""
        return StageAction.CLAIM in self.actions

    @property
    def standing_sentence(self) -> str:
        """Where the year stands, what that means, and who can take it further or back."""
        return STAGE_SENTENCES[Stage(self.stage)] % {"year": self.year}

    def bands(self) -> Sequence[PublishedBand]:
        """The bands that count in this year, from the lowest: of its table or the instrument.

        A query for those of a table: while no year uses it, it may be edited and then chosen again.
        """
        table = self.band_table
        return self.instrument.band_specs() if table is None else list(table.bands.all())

    def goal(self, bands: Iterable[PublishedBand]) -> PublishedBand | None:
        """Of the bands that count in this year, the one that the city aims at."""
        if self.target is None:
            return None
        predikat = self.target.predikat
        return next((band for band in bands if band.predikat == predikat), None)

    def days_left(self, today: date) -> int | None:
        """Days until the deadline, negative once it has passed."""
        return None if self.deadline is None else (self.deadline - today).days


class Award(models.Model):
    """A predikat that was awarded to a city in a year, with the source that says so."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="awards", verbose_name=_("kabupaten/kota")
    )
    year = models.PositiveSmallIntegerField(_("tahun"))
    predikat = models.CharField(_("predikat"), max_length=MAX_NAME)
    points = models.DecimalField(
        _("nilai"),
        max_digits=7,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    source = models.CharField(_("sumber"), max_length=500)

    class Meta:
        verbose_name = _("penghargaan")
        verbose_name_plural = _("penghargaan")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "year"],
                name="assessments_award_one_per_year",
                violation_error_message=_("Penghargaan kota ini untuk tahun itu sudah tercatat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.year}: {self.predikat}"
