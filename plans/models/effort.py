"""A city's own number for the effort of a question, in place of the estimate."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models import City
from clusters.models import Question
from plans.effort import LEAST, MOST


class Effort(models.Model):
    """What a city itself says a question takes, in place of the estimate; in every year."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="efforts", verbose_name=_("kabupaten/kota")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", verbose_name=_("pertanyaan")
    )
    value = models.PositiveSmallIntegerField(
        _("upaya"), validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)]
    )
    note = models.TextField(_("alasan"), blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever knew better stays named
        related_name="+",
        verbose_name=_("oleh"),
    )

    class Meta:
        verbose_name = _("upaya")
        verbose_name_plural = _("upaya")
        constraints = [
            models.UniqueConstraint(
                fields=["city", "question"], name="plans_effort_once_per_question"
            ),
            models.CheckConstraint(
                name="plans_effort_in_range",
                condition=Q(value__gte=LEAST, value__lte=MOST),
                violation_error_message=_("Upaya adalah angka 1 sampai 20."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.question_id}: {self.value}"
