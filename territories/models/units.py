"""Units of a city, who speaks for them, what became of them, and what they report."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City, Membership
from cities.roles import Permission
from territories.choices import (
    ChangeKind,
    CriterionLevel,
    DeclarationKind,
    ReportState,
    UnitLevel,
)
from territories.criteria import Said

FIGURES = ("yes", "part", "whole", "count", "boys", "girls", "nil")


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, member: Membership) -> Self:
        """Every unit of the city; for the people of a unit, that unit and those below it."""
        of_city = self.filter(city=member.city_id)
        if member.may(Permission.VIEW_ASSESSMENT):
            return of_city
        seats = UnitSeat.objects.filter(membership=member.pk or 0).values("unit")
        return of_city.filter(Q(pk__in=seats) | Q(parent__in=seats))

    def active_on(self, day: date) -> Self:
        """Those that existed on that day; its first and its last day count."""
        begun = Q(active_from=None) | Q(active_from__lte=day)
        return self.filter(begun, Q(active_to=None) | Q(active_to__gte=day))

    def of_level(self, level: CriterionLevel) -> Self:
        return self.filter(level__in=level.unit_levels)


class Unit(models.Model):
    """A kecamatan, kelurahan or desa that reports. `active_to` is the last day of its existence.

    The code is the official one (18.72.01, 18.72.01.1001). A unit that ends is kept, with its
    reports; one that follows it is another row.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="units", verbose_name=_("kabupaten/kota")
    )
    code = models.CharField(_("kode wilayah"), max_length=13)
    name = models.CharField(_("nama"), max_length=100)
    level = models.CharField(_("tingkat"), max_length=20, choices=UnitLevel.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="below",
        verbose_name=_("kecamatan"),
    )
    head = models.CharField(_("camat, lurah, atau kepala desa"), max_length=150, blank=True)
    contact = models.CharField(_("kontak kantor"), max_length=100, blank=True)
    active_from = models.DateField(_("ada sejak"), null=True, blank=True)
    active_to = models.DateField(_("ada sampai"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah pelapor")
        verbose_name_plural = _("wilayah pelapor")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "code"],
                name="territories_unit_code_once_per_city",
                violation_error_message=_("Kota ini sudah memiliki wilayah dengan kode tersebut."),
            ),
            models.CheckConstraint(
                name="territories_unit_known_level", condition=Q(level__in=UnitLevel.values)
            ),
            models.CheckConstraint(
                name="territories_unit_kecamatan_has_no_parent",
                condition=Q(level=UnitLevel.KECAMATAN, parent=None)
                | (~Q(level=UnitLevel.KECAMATAN) & Q(parent__isnull=False)),
                violation_error_message=_("Kelurahan dan desa berada di bawah sebuah kecamatan."),
            ),
            models.CheckConstraint(
                name="territories_unit_ends_after_it_began",
                condition=Q(active_from=None)
                | Q(active_to=None)
                | Q(active_to__gte=F("active_from")),
                violation_error_message=_("Wilayah berakhir sesudah dimulai."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def criterion_level(self) -> CriterionLevel:
        return CriterionLevel.of(self.level)

    @property
    def full_name(self) -> str:
        """With its level: Kelurahan Mulyojati."""
        level = str(UnitLevel(self.level).label).capitalize()
        return f"{level} {self.name}" if self.pk else self.name

    def is_active_on(self, day: date) -> bool:
        """The twin of `UnitQuerySet.active_on`."""
        begun = self.active_from is None or self.active_from <= day
        return begun and (self.active_to is None or self.active_to >= day)

    def url_in(self, year: int) -> str:
        """Its page in the year of an assessment."""
        return reverse("territories:unit_detail", args=[self.city.slug, year, self.code])


class UnitSeat(models.Model):
    """For which unit somebody of the role Wilayah speaks. Without a seat they see nothing."""

    membership = models.OneToOneField(
        Membership, models.CASCADE, related_name="unit_seat", verbose_name=_("keanggotaan")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="seats", verbose_name=_("wilayah pelapor")
    )

    class Meta:
        verbose_name = _("petugas wilayah")
        verbose_name_plural = _("petugas wilayah")

    def __str__(self) -> str:
        return f"{self.membership} – {self.unit}"


class UnitChange(models.Model):
    """A split, a merger, a new name or a desa that became a kelurahan: which became which.

    A new name keeps the unit and notes the old one; the other kinds end units and begin new ones
    on the day `on`. Of what came to its end there is nothing after.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="unit_changes", verbose_name=_("kabupaten/kota")
    )
    kind = models.CharField(_("perubahan"), max_length=20, choices=ChangeKind.choices)
    on = models.DateField(_("berlaku pada"))
    basis = models.CharField(_("dasar hukum"), max_length=200)
    before = models.ManyToManyField(Unit, related_name="changes_after", verbose_name=_("sebelum"))
    after = models.ManyToManyField(Unit, related_name="changes_before", verbose_name=_("sesudah"))
    former_name = models.CharField(_("nama lama"), max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("perubahan wilayah")
        verbose_name_plural = _("perubahan wilayah")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="territories_unitchange_known_kind", condition=Q(kind__in=ChangeKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Declaration(models.Model):
    """That a unit was declared child-friendly: the ceremony, or the decree on paper.

    `signatories` are officials, one a line; a child is never named.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="declarations", verbose_name=_("wilayah pelapor")
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=DeclarationKind.choices)
    on = models.DateField(_("tanggal"))
    number = models.CharField(_("nomor keputusan"), max_length=100, blank=True)
    place = models.CharField(_("tempat"), max_length=150, blank=True)
    signatories = models.TextField(_("penanda tangan"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("pencanangan wilayah")
        verbose_name_plural = _("pencanangan wilayah")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="territories_declaration_known_kind",
                condition=Q(kind__in=DeclarationKind.values),
            ),
            models.CheckConstraint(
                name="territories_declaration_decree_has_number",
                condition=~Q(kind=DeclarationKind.DECREED) | ~Q(number=""),
                violation_error_message=_("Keputusan penetapan memiliki nomor."),
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "on", "number"],
                name="territories_declaration_once",
                violation_error_message=_("Pencanangan atau keputusan itu sudah tercatat."),
            ),
        ]

    def __str__(self) -> str:
        kind = DeclarationKind(self.kind).label.capitalize()
        return f"{kind} {self.number}" if self.number else kind


class DeclarationFile(models.Model):
    """The paper of a declaration or a photo of it; pages show the rendition, without its place."""

    declaration = models.ForeignKey(
        Declaration, models.CASCADE, related_name="files", verbose_name=_("pencanangan")
    )
    document = models.OneToOneField(
        SupportingDocument, models.PROTECT, related_name="+", verbose_name=_("berkas")
    )

    class Meta:
        verbose_name = _("berkas pencanangan wilayah")
        verbose_name_plural = _("berkas pencanangan wilayah")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.declaration_id}: {self.document_id}"


class Report(models.Model):
    """What a unit says to one criterion of a set for one year of data.

    Once sent it never changes again but for its verdict; a correction is another report. Of each
    unit, year and criterion there is at most one draft, one that waits and one that counts.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reports", verbose_name=_("wilayah pelapor")
    )
    year = models.PositiveSmallIntegerField(_("tahun data"))
    criteria = models.CharField(_("set kriteria"), max_length=50)
    criterion = models.CharField(_("kriteria"), max_length=50)
    state = models.CharField(
        _("keadaan"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    yes = models.BooleanField(_("ya"), null=True, blank=True)
    part = models.PositiveIntegerField(_("yang memenuhi"), null=True, blank=True)
    whole = models.PositiveIntegerField(_("seluruhnya"), null=True, blank=True)
    count = models.PositiveIntegerField(_("jumlah"), null=True, blank=True)
    boys = models.PositiveIntegerField(_("laki-laki"), null=True, blank=True)
    girls = models.PositiveIntegerField(_("perempuan"), null=True, blank=True)
    nil = models.BooleanField(_("nihil"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)
    written_at = models.DateTimeField(_("ditulis pada"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ditulis oleh")
    )
    sent_at = models.DateTimeField(_("dikirim pada"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dikirim oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan pada"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    reason = models.TextField(_("alasan"), blank=True)

    class Meta:
        verbose_name = _("laporan wilayah")
        verbose_name_plural = _("laporan wilayah")
        ordering = ["unit", "year", "criteria", "criterion", "pk"]
        constraints = [
            models.CheckConstraint(
                name="territories_report_known_state", condition=Q(state__in=ReportState.values)
            ),
            models.CheckConstraint(
                name="territories_report_sent_by_somebody",
                condition=Q(state=ReportState.DRAFT, sent_at=None)
                | (~Q(state=ReportState.DRAFT) & Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="territories_report_returned_with_reason",
                condition=~Q(state=ReportState.RETURNED) | ~Q(reason=""),
            ),
            *(
                models.UniqueConstraint(
                    fields=["unit", "year", "criteria", "criterion"],
                    condition=Q(state=state),
                    name=f"territories_report_one_{state.value}",
                )
                for state in (ReportState.DRAFT, ReportState.SENT, ReportState.ACCEPTED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.criterion} {self.year}"

    @property
    def said(self) -> Said:
        return Said(**{name: getattr(self, name) for name in FIGURES})
