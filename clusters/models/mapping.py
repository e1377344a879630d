"""Which question of one instrument became which of another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.choices import MatchKind
from clusters.models.instrument import Instrument, Question


class Mapping(models.Model):
    """From an earlier instrument to a later one; every question of both sides is in it."""

    before = models.ForeignKey(
        Instrument, models.PROTECT, related_name="mappings_to", verbose_name=_("dari instrumen")
    )
    after = models.ForeignKey(
        Instrument, models.PROTECT, related_name="mappings_from", verbose_name=_("ke instrumen")
    )
    created_at = models.DateTimeField(_("dibuat pada"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,  # made by a command
        blank=True,
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )

    class Meta:
        verbose_name = _("pemetaan instrumen")
        verbose_name_plural = _("pemetaan instrumen")
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after"],
                name="clusters_mapping_once",
                violation_error_message=_("Pemetaan antara kedua instrumen ini sudah ada."),
            ),
            models.CheckConstraint(
                name="clusters_mapping_two_instruments",
                condition=~Q(before=F("after")),
                violation_error_message=_("Instrumen tidak dipetakan ke dirinya sendiri."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"


class QuestionMatch(models.Model):
    """One line of a mapping: an earlier question, a later one, and how they relate.

    `gone` has no later question, `new` no earlier one. A split question stands in several
    lines of kind `split`, one for each of its parts; a merged one in several of kind `merged`.
    A line is a suggestion until somebody confirmed it.
    """

    mapping = models.ForeignKey(Mapping, models.CASCADE, related_name="matches")
    kind = models.CharField(_("hubungan"), max_length=20, choices=MatchKind)
    before = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pertanyaan lama"),
    )
    after = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pertanyaan baru"),
    )
    # 0 to 1; how alike code and text were when the line was suggested
    likeness = models.DecimalField(
        _("kemiripan"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("dipastikan pada"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dipastikan oleh"),
    )

    class Meta:
        verbose_name = _("pasangan pertanyaan")
        verbose_name_plural = _("pasangan pertanyaan")
        constraints = [
            models.UniqueConstraint(
                fields=["mapping", "before", "after"], name="clusters_questionmatch_once"
            ),
            models.CheckConstraint(
                name="clusters_questionmatch_sides_fit_kind",
                condition=Q(kind=MatchKind.NEW, before=None, after__isnull=False)
                | Q(kind=MatchKind.GONE, before__isnull=False, after=None)
                | Q(
                    kind__in=[
                        MatchKind.SAME,
                        MatchKind.REWORDED,
                        MatchKind.SPLIT,
                        MatchKind.MERGED,
                    ],
                    before__isnull=False,
                    after__isnull=False,
                ),
                violation_error_message=_("Hubungan ini tidak cocok dengan pertanyaannya."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}: {self.kind}"
