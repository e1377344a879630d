"""The legal register of a city: what was decreed, what became of it, which questions it answers."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City, Membership, Opd
from clusters.models import Question
from regulations.choices import Force, RegulationKind, RelationKind
from regulations.force import force_on, starts_on

FIRST_YEAR, LAST_YEAR = 1945, 2100


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def visible_to(self, member: Membership) -> Self:
        """A regulation is public: everybody of the city sees it, drafts included."""
        return self.filter(city=member.city_id)

    def drafted_by(self, member: Membership) -> Self:
        """Drafts of the member's OPD that nobody has given a number yet: it may change them."""
        return self.filter(
            is_draft=True, number="", city=member.city_id, initiator=member.opd_id or 0
        )

    def with_revocation(self) -> Self:
        """Each with `revoked_on`, as `revocation_of` says it."""
        return self.annotate(revoked_on=revocation_of("pk"))

    def with_revoking(self) -> Self:
        """Each `with_revocation`, and with `revoked_by`, the primary key of what revokes it then."""
        first = Subquery(_revocations("pk").values("source")[:1])
        return self.with_revocation().annotate(revoked_by=first)

    def in_order(self) -> Self:
        return self.order_by("-year", "kind", "number", "pk")


def revocation_of(regulation: str) -> Subquery:
    """The first day of the earliest rule that revokes the one that a field names, or None."""
    return Subquery(_revocations(regulation).values("since")[:1])


def _revocations(regulation: str) -> models.QuerySet[Any, Any]:
    """Of the one that a field names, the earliest first, `since` a day.

    A draft revokes nothing. The twin of `force.starts_on`.
    """
    return (
        Relation.objects.filter(
            target=OuterRef(regulation), kind=RelationKind.REVOKES, source__is_draft=False
        )
        .annotate(
            since=Coalesce("source__effective_on", "source__promulgated_on", "source__signed_on")
        )
        .filter(since__isnull=False)
        .order_by("since", "pk")
    )


class Regulation(models.Model):
    """One regulation of a city. Its number and year are as printed on it; a draft may have none yet."""

    revoked_on: date | None  # of `with_revocation`
    revoked_by: int | None  # of `with_revoking`

    city = models.ForeignKey(
        City, models.PROTECT, related_name="regulations", verbose_name=_("kabupaten/kota")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=RegulationKind.choices)
    number = models.CharField(_("nomor"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(
        _("tahun"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    title = models.TextField(_("tentang"), max_length=1000)
    is_draft = models.BooleanField(_("masih rancangan"), default=False)
    signed_on = models.DateField(_("ditetapkan"), null=True, blank=True)
    promulgated_on = models.DateField(_("diundangkan"), null=True, blank=True)
    effective_on = models.DateField(_("mulai berlaku"), null=True, blank=True)
    ends_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=150, blank=True)
    initiator = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pemrakarsa"),
    )
    address = models.URLField(_("alamat JDIH"), max_length=2000, blank=True)
    jdih_id = models.CharField(_("idData JDIH"), max_length=60, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever recorded it stays named
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )

    objects = RegulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("produk hukum")
        verbose_name_plural = _("produk hukum")
        ordering = ["-year", "kind", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "kind", "number", "year"],
                condition=~Q(number=""),
                name="regulations_one_per_number",
                violation_error_message=_(
                    "Produk hukum dengan jenis, nomor, dan tahun itu sudah tercatat."
                ),
            ),
            models.UniqueConstraint(
                fields=["city", "jdih_id"],
                condition=~Q(jdih_id=""),
                name="regulations_one_per_jdih_id",
            ),
            models.CheckConstraint(
                name="regulations_known_kind", condition=Q(kind__in=RegulationKind.values)
            ),
            models.CheckConstraint(
                name="regulations_numbered_unless_draft",
                condition=~Q(number="") | Q(is_draft=True),
                violation_error_message=_(
                    "Isi nomornya. Hanya rancangan yang boleh belum bernomor."
                ),
            ),
            models.CheckConstraint(
                name="regulations_ends_after_start",
                condition=Q(ends_on=None)
                | Q(effective_on=None)
                | Q(ends_on__gte=F("effective_on")),
                violation_error_message=_("Akhir masa berlaku tidak boleh sebelum mulai berlaku."),
            ),
        ]

    def __str__(self) -> str:
        if not self.number:
            facts = {"kind": self.get_kind_display().lower(), "year": self.year}
            return gettext("Rancangan %(kind)s %(year)d") % facts
        year = "" if str(self.year) in self.number else f" Tahun {self.year}"
        return f"{self.get_kind_display()} Nomor {self.number}{year}"

    def get_absolute_url(self) -> str:
        return reverse("regulations:regulation_detail", args=[self.city.slug, self.pk])

    @property
    def starts_on(self) -> date | None:
        return starts_on(self)

    def force_on(self, day: date) -> Force:
        """Whether it holds on that day; the row comes from `with_revocation`."""
        return force_on(self, day, revoked_on=self.revoked_on)


class Relation(models.Model):
    """What `source` does to `target`, both of one city."""

    source = models.ForeignKey(
        Regulation, models.CASCADE, related_name="relations", verbose_name=_("produk hukum")
    )
    target = models.ForeignKey(
        Regulation, models.CASCADE, related_name="relations_to_it", verbose_name=_("terhadap")
    )
    kind = models.CharField(_("hubungan"), max_length=12, choices=RelationKind.choices)

    class Meta:
        verbose_name = _("hubungan produk hukum")
        verbose_name_plural = _("hubungan produk hukum")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                name="regulations_relation_once",
                violation_error_message=_("Hubungan itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="regulations_relation_not_to_itself",
                condition=~Q(source=F("target")),
                violation_error_message=_(
                    "Produk hukum tidak dapat mengubah atau mencabut dirinya."
                ),
            ),
            models.CheckConstraint(
                name="regulations_known_relation", condition=Q(kind__in=RelationKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.get_kind_display()} {self.target_id}"


class Coverage(models.Model):
    """A question whose topic a regulation is about."""

    regulation = models.ForeignKey(
        Regulation, models.CASCADE, related_name="coverages", verbose_name=_("produk hukum")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="+", verbose_name=_("pertanyaan")
    )

    class Meta:
        verbose_name = _("topik produk hukum")
        verbose_name_plural = _("topik produk hukum")
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regulation", "question"], name="regulations_coverage_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.regulation_id}: {self.question_id}"
