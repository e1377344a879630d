"""Facilities of a city, their papers, photos and users."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City, Membership, Opd
from cities.roles import Permission
from facilities.choices import CredentialKind
from facilities.types import FacilityType, Scheme, catalogue
from territories.models import Unit

FIRST_YEAR, LAST_YEAR = 2000, 2100


def signature() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever recorded it stays named
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )


class FacilityQuerySet(models.QuerySet["Facility"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the city; for an OPD its own, for the people of a unit what lies in it."""
        of_city = self.filter(city=member.city_id)
        if member.may(Permission.VIEW_ASSESSMENT):
            return of_city
        if member.opd_id is not None:
            return of_city.filter(opd=member.opd_id)
        return of_city.filter(unit__in=Unit.objects.visible_to(member))

    def active_on(self, day: date) -> Self:
        """Those that were there on that day; the first and the last day count."""
        begun = Q(active_from=None) | Q(active_from__lte=day)
        return self.filter(begun, Q(active_to=None) | Q(active_to__gte=day))

    def with_paper(self, kind: CredentialKind, day: date) -> Self:
        """Those with a paper of that kind in force on the day; the twin of `queries.standing`."""
        papers = Credential.objects.filter(facility=OuterRef("pk"), kind=kind)
        return self.filter(Exists(papers.in_force_on(day)))

    def with_lapsed_paper(self, day: date) -> Self:
        """Those of which a paper has ended before the day, without another in its place."""
        papers = Credential.objects.filter(facility=OuterRef("pk"))
        return self.filter(Exists(papers.newest().filter(expires_on__lt=day)))


class Facility(models.Model):
    """One school, puskesmas, playground or office, also one that still lacks what is asked for.

    `type` and `kind` are codes of the catalogue. `provides` says whether the thing that the type
    asks for is there (a nursing room); None where nobody has looked, or the type asks for nothing.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="facilities", verbose_name=_("kabupaten/kota")
    )
    type = models.CharField(_("jenis"), max_length=30)
    kind = models.CharField(_("rincian jenis"), max_length=30, blank=True)
    name = models.CharField(_("nama"), max_length=150)
    code = models.CharField(_("kode resmi"), max_length=30, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("kecamatan atau kelurahan"),
    )
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("OPD penanggung jawab"),
    )
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    contact = models.CharField(_("kontak kantor"), max_length=100, blank=True)
    provides = models.BooleanField(_("tersedia"), null=True, blank=True)
    staff = models.PositiveIntegerField(_("jumlah petugas"), null=True, blank=True)
    trained = models.PositiveIntegerField(_("petugas terlatih"), null=True, blank=True)
    active_from = models.DateField(_("ada sejak"), null=True, blank=True)
    active_to = models.DateField(_("ada sampai"), null=True, blank=True)
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("fasilitas")
        verbose_name_plural = _("fasilitas")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["city", "type", "kind"], name="facilities_by_type")]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "type", "code"],
                condition=~Q(code=""),
                name="facilities_code_once_per_type",
                violation_error_message=_("Fasilitas dengan jenis dan kode itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="facilities_ends_after_it_began",
                condition=Q(active_from=None)
                | Q(active_to=None)
                | Q(active_to__gte=F("active_from")),
                violation_error_message=_("Akhirnya tidak boleh sebelum awalnya."),
            ),
            models.CheckConstraint(
                name="facilities_no_more_trained_than_staff",
                condition=Q(staff=None) | Q(trained=None) | Q(trained__lte=F("staff")),
                violation_error_message=_(
                    "Petugas terlatih tidak boleh lebih banyak daripada petugas."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("facilities:facility_detail", args=[self.city.slug, self.pk])

    def is_active_on(self, day: date) -> bool:
        """The twin of `FacilityQuerySet.active_on`."""
        begun = self.active_from is None or self.active_from <= day
        return begun and (self.active_to is None or self.active_to >= day)

    @property
    def sort(self) -> FacilityType:
        return catalogue().types[self.type]

    @property
    def sort_title(self) -> str:
        kind = self.sort.kind_title(self.kind)
        return f"{self.sort.title}, {kind}" if kind else self.sort.title


class CredentialQuerySet(models.QuerySet["Credential"]):
    def in_force_on(self, day: date) -> Self:
        """Issued by that day and not ended before it."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), issued_on__lte=day)

    def newest(self) -> Self:
        """Without those in whose place another of the same scheme holds longer."""
        others = Credential.objects.filter(facility=OuterRef("facility"), scheme=OuterRef("scheme"))
        longer = others.filter(Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")))
        return self.filter(~Exists(longer.exclude(pk=OuterRef("pk"))))


class Credential(models.Model):
    """A decree, a certificate of standard or of training. `expires_on` is its last day.

    `told` is the threshold in days at which people were last told of its end.
    """

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="credentials", verbose_name=_("fasilitas")
    )
    scheme = models.CharField(_("skema"), max_length=30)
    kind = models.CharField(_("jenis"), max_length=10, choices=CredentialKind.choices)
    level = models.CharField(_("tingkat"), max_length=50, blank=True)
    number = models.CharField(_("nomor"), max_length=100)
    issuer = models.CharField(_("penerbit"), max_length=150, blank=True)
    issued_on = models.DateField(_("terbit"))
    expires_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    monitoring_on = models.DateField(_("pemantauan berikutnya"), null=True, blank=True)
    people = models.PositiveIntegerField(_("jumlah orang"), null=True, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )
    told = models.PositiveSmallIntegerField(_("sudah diberi tahu"), null=True, editable=False)
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("surat fasilitas")
        verbose_name_plural = _("surat fasilitas")
        ordering = ["-issued_on", "-pk"]
        indexes = [models.Index(fields=["expires_on"], name="facilities_credential_ends")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "scheme", "number", "issued_on"],
                name="facilities_credential_once",
                violation_error_message=_("Surat dengan nomor dan tanggal itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="facilities_credential_known_kind", condition=Q(kind__in=CredentialKind.values)
            ),
            models.CheckConstraint(
                name="facilities_credential_ends_after_issue",
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                violation_error_message=_("Masa berlaku tidak boleh berakhir sebelum terbit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_title} {self.number}"

    @property
    def known_scheme(self) -> Scheme | None:
        return catalogue().schemes.get(self.scheme)

    @property
    def scheme_title(self) -> str:
        return self.known_scheme.title if self.known_scheme else self.scheme

    def holds_on(self, day: date) -> bool:
        """The twin of `in_force_on`."""
        return self.issued_on <= day and (self.expires_on is None or self.expires_on >= day)


class FacilityPhoto(models.Model):
    """A photo as a stored document: pages show its rendition, without the place it was taken."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="photos", verbose_name=_("fasilitas")
    )
    document = models.OneToOneField(
        SupportingDocument, models.PROTECT, related_name="+", verbose_name=_("berkas")
    )
    # Made by a phone that sends again when it got no answer; it stands once.
    key = models.UUIDField(_("kunci kiriman"), null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("foto fasilitas")
        verbose_name_plural = _("foto fasilitas")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.facility_id}: {self.document_id}"


class FacilityUse(models.Model):
    """How many children used a facility in a year; of them those in need of special protection."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="uses", verbose_name=_("fasilitas")
    )
    year = models.PositiveSmallIntegerField(_("tahun"))
    boys = models.PositiveIntegerField(_("laki-laki"))
    girls = models.PositiveIntegerField(_("perempuan"))
    special = models.PositiveIntegerField(_("di antaranya AMPK"), default=0)

    class Meta:
        verbose_name = _("pengguna fasilitas")
        verbose_name_plural = _("pengguna fasilitas")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "year"], name="facilities_use_once_a_year"),
            models.CheckConstraint(
                name="facilities_use_special_are_among_all",
                condition=Q(special__lte=F("boys") + F("girls")),
                violation_error_message=_("AMPK tidak boleh lebih banyak daripada seluruh anak."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.year}"
