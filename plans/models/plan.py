"""A saved way to a total: its questions with their points and effort."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment
from cities.models import Membership
from plans.choices import Basis


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, member: Membership) -> Self:
        """The plans of the member's city."""
        return self.filter(assessment__city=member.city_id)


class Plan(models.Model):
    """Questions that a city means to finish, in order to reach a total.

    The points are those of the day on which it was saved; what has come of it since is read
    from the answers.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="plans", verbose_name=_("penilaian")
    )
    name = models.CharField(_("nama"), max_length=100)
    basis = models.CharField(_("dasar"), max_length=10, choices=Basis.choices)
    start = models.DecimalField(_("total semula"), max_digits=7, decimal_places=3)
    goal = models.DecimalField(_("total yang dituju"), max_digits=7, decimal_places=3)
    predikat = models.CharField(_("predikat yang dituju"), max_length=300, blank=True)
    at = models.DateTimeField(_("dibuat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a plan keeps its author
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("rencana")
        verbose_name_plural = _("rencana")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "name"],
                name="plans_plan_one_per_name",
                violation_error_message=_("Sudah ada rencana dengan nama itu. Pilih nama lain."),
            ),
            models.CheckConstraint(
                name="plans_plan_known_basis", condition=Q(basis__in=Basis.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        place = [self.assessment.city.slug, self.assessment.year, self.pk]
        return reverse("plans:plan_detail", args=place)


class PlanStep(models.Model):
    """One question of a plan: from which points to which, and for what effort."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps", verbose_name=_("rencana"))
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="+", verbose_name=_("jawaban"))
    start = models.DecimalField(_("nilai semula"), max_digits=7, decimal_places=3)
    goal = models.DecimalField(_("nilai yang dituju"), max_digits=7, decimal_places=3)
    effort = models.PositiveSmallIntegerField(_("upaya"))

    class Meta:
        verbose_name = _("langkah rencana")
        verbose_name_plural = _("langkah rencana")
        ordering = ["answer__question__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "answer"], name="plans_planstep_once"),
            models.CheckConstraint(
                name="plans_planstep_gains", condition=Q(start__gte=0, goal__gt=F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.answer_id}"

    @property
    def gain(self) -> Decimal:
        return self.goal - self.start
