"""Actions of a plan, what each is to reach and may cost in a year, and which points it should bring."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actionplan.choices import Direction, FundSource, Reach
from actionplan.funds import funds_fault, spell_funds
from actionplan.models.plan import ActionPlan, year_field
from assessments.models import Assessment
from cities.models import Membership, Opd
from cities.roles import Role
from clusters.models import Indicator, Question
from workbooks.money import MOST

WHOLE = 100


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the city; for staff of an OPD those that it leads or supports."""
        own = self.filter(plan__city=member.city_id)
        if member.role == Role.OPD:
            mine = Q(lead=member.opd_id) | Q(pk__in=Action.supporting_ids(member.opd_id or 0))
            return own.filter(mine)
        return own

    def in_order(self) -> Self:
        return self.order_by("number", "pk")


class Action(models.Model):
    """One action. Its number is its name within the plan, on pages and in sheets."""

    plan = models.ForeignKey(
        ActionPlan, models.CASCADE, related_name="actions", verbose_name=_("RAD")
    )
    number = models.PositiveIntegerField(_("nomor"), validators=[MinValueValidator(1)])
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indikator KLA")
    )
    problem = models.TextField(_("masalah"), max_length=1000, blank=True)
    name = models.TextField(_("aksi"), max_length=1000)
    reach = models.CharField(
        _("sasaran"), max_length=20, choices=Reach.choices, default=Reach.DIRECT
    )
    code = models.CharField(_("kode program/kegiatan/sub-kegiatan"), max_length=30, blank=True)
    measure = models.CharField(_("indikator kinerja"), max_length=300, blank=True)
    unit = models.CharField(_("satuan"), max_length=60, blank=True)
    direction = models.CharField(
        _("arah"), max_length=10, choices=Direction.choices, default=Direction.UP
    )
    baseline = models.DecimalField(
        _("keadaan awal"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    place = models.CharField(_("lokasi"), max_length=300, blank=True)
    lead = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_actions",
        verbose_name=_("OPD penanggung jawab"),
    )
    supporting = models.ManyToManyField(
        Opd, related_name="supported_actions", blank=True, verbose_name=_("OPD pendukung")
    )
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("aksi RAD")
        verbose_name_plural = _("aksi RAD")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="actionplan_action_one_per_number",
                violation_error_message=_("Nomor aksi itu sudah dipakai dalam RAD ini."),
            ),
            models.CheckConstraint(
                name="actionplan_action_known_words",
                condition=Q(reach__in=Reach.values) & Q(direction__in=Direction.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        place = [self.plan.city.slug, self.plan_id, self.number]
        return reverse("actionplan:action_detail", args=place)

    @staticmethod
    def supporting_ids(opd_id: int) -> models.QuerySet[Action, int]:
        """Of the actions that the OPD supports; a subquery, so that no row comes twice."""
        return Action.objects.filter(supporting=opd_id).values_list("pk", flat=True)

    def is_below(self, target: Decimal) -> bool:
        """Whether a target is worse than where the action began."""
        if self.baseline is None:
            return False
        if self.direction == Direction.DOWN:
            return target > self.baseline
        return target < self.baseline


class ActionYear(models.Model):
    """What an action is to reach in a year, its ceiling in whole rupiah, and where that comes from.

    `child_share` is the percentage of the ceiling that serves children, with its reason.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="years", verbose_name=_("aksi RAD")
    )
    year = year_field(_("tahun"))
    target = models.DecimalField(
        _("target"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    ceiling = models.BigIntegerField(
        _("pagu"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST)],
    )
    source = models.CharField(
        _("sumber dana"), max_length=20, choices=FundSource.choices, blank=True
    )
    # By source, in whole rupiah: together the ceiling. Empty where one source pays all of it.
    funds = models.JSONField(_("rincian sumber dana"), default=dict, blank=True)
    child_share = models.DecimalField(
        _("bagian untuk anak (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(WHOLE))],
    )
    child_reason = models.CharField(_("alasan bagian untuk anak"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("tahun aksi")
        verbose_name_plural = _("tahun aksi")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "year"], name="actionplan_one_row_a_year"),
            models.CheckConstraint(
                name="actionplan_ceiling_in_range",
                condition=Q(ceiling=None) | Q(ceiling__gte=0, ceiling__lte=MOST),
                violation_error_message=_("Pagu adalah rupiah penuh, 0 sampai seribu triliun."),
            ),
            models.CheckConstraint(
                name="actionplan_share_with_reason",
                condition=Q(child_share=None)
                | (Q(child_share__gte=0, child_share__lte=WHOLE) & ~Q(child_reason="")),
                violation_error_message=_("Tuliskan alasan bagian anggaran untuk anak."),
            ),
            models.CheckConstraint(
                name="actionplan_known_source", condition=Q(source__in=["", *FundSource.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.year}"

    def clean(self) -> None:
        if fault := funds_fault(self.funds, self.ceiling):
            raise ValidationError(fault, code="funds")

    @property
    def sources(self) -> dict[str, int]:
        """Rupiah by source; under "" what nobody named a source of."""
        return self.funds or ({self.source: self.ceiling} if self.ceiling else {})

    @property
    def funds_told(self) -> str:
        return spell_funds(self.funds)

    @property
    def for_children(self) -> int | None:
        """The rupiah of the ceiling that serve children, rounded down; None where nobody said."""
        if self.ceiling is None or self.child_share is None:
            return None
        return int(self.ceiling * self.child_share // WHOLE)


class ActionQuestion(models.Model):
    """A question that an action is about, and from which points to which it should bring it.

    `planned_in` is the year whose points were the start; without it the action names the question
    and promises nothing.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="questions", verbose_name=_("aksi RAD")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", verbose_name=_("pertanyaan")
    )
    planned_in = models.ForeignKey(
        Assessment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("direncanakan pada"),
    )
    start = models.DecimalField(_("nilai semula"), max_digits=7, decimal_places=3, default=0)
    goal = models.DecimalField(_("nilai yang dituju"), max_digits=7, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("pertanyaan aksi")
        verbose_name_plural = _("pertanyaan aksi")
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "question"], name="actionplan_question_once"),
            models.CheckConstraint(
                name="actionplan_question_gains", condition=Q(start__gte=0, goal__gte=F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.question_id}"

    @property
    def gain(self) -> Decimal:
        return self.goal - self.start
