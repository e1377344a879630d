"""Supposed outcomes of a review, saved under a name."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment
from cities.models import Membership
from plans.choices import Outcome


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, member: Membership) -> Self:
        """The scenarios of the member's city."""
        return self.filter(assessment__city=member.city_id)


class Scenario(models.Model):
    """Supposed outcomes of a review, and the proven total to which they would lead."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="scenarios", verbose_name=_("penilaian")
    )
    name = models.CharField(_("nama"), max_length=100)
    total = models.DecimalField(_("total saat disimpan"), max_digits=7, decimal_places=3)
    at = models.DateTimeField(_("dibuat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a supposition keeps its author
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("skenario")
        verbose_name_plural = _("skenario")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "name"],
                name="plans_scenario_one_per_name",
                violation_error_message=_("Sudah ada skenario dengan nama itu. Pilih nama lain."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioOutcome(models.Model):
    """What a scenario supposes of one question; `points` are those that would then count."""

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="outcomes", verbose_name=_("skenario")
    )
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="+", verbose_name=_("jawaban"))
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome.choices)
    points = models.DecimalField(_("nilai"), max_digits=7, decimal_places=3)

    class Meta:
        verbose_name = _("hasil dalam skenario")
        verbose_name_plural = _("hasil dalam skenario")
        ordering = ["answer__question__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "answer"], name="plans_scenariooutcome_once"
            ),
            models.CheckConstraint(
                name="plans_scenariooutcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="plans_scenariooutcome_not_negative", condition=Q(points__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.answer_id} {self.outcome}"
