"""What the parties of a city have promised, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City, Membership
from taskforce.choices import CommitmentState, Sector


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(city=member.city_id)


class Commitment(models.Model):
    """A promise of a party: what, signed by whom, until which day, and what came of it.

    `occasion` tells where it was given, a rakor for instance, in people's own words.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="commitments", verbose_name=_("kabupaten/kota")
    )
    sector = models.CharField(_("pihak"), max_length=20, choices=Sector.choices)
    party = models.CharField(_("lembaga"), max_length=150)
    signatory = models.CharField(_("penanda tangan"), max_length=150, blank=True)
    text = models.TextField(_("komitmen"), max_length=1_000)
    made_on = models.DateField(_("tanggal"))
    occasion = models.CharField(
        _("disampaikan pada"), max_length=300, blank=True, default="", db_default=""
    )
    due_on = models.DateField(_("sampai"), null=True, blank=True)
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=CommitmentState.choices,
        default=CommitmentState.RUNNING,
    )
    outcome = models.TextField(_("hasil"), max_length=2_000, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("naskah bertanda tangan"),
    )
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("komitmen")
        verbose_name_plural = _("komitmen")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="taskforce_commitment_known_sector", condition=Q(sector__in=Sector.values)
            ),
            models.CheckConstraint(
                name="taskforce_commitment_settled_with_outcome",
                condition=Q(state=CommitmentState.RUNNING)
                | (Q(state__in=CommitmentState.values) & ~Q(outcome="")),
                violation_error_message=_("Tuliskan hasilnya bila komitmen sudah selesai."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.text[:60]}"

    def is_late_on(self, today: date) -> bool:
        running = self.state == CommitmentState.RUNNING
        return running and self.due_on is not None and self.due_on < today
