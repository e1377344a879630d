"""What a city has released, and what the public wrote to it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.choices import QUARANTINED
from assessments.filetypes.kinds import EXTENSIONS
from assessments.models import Assessment, SupportingDocument
from assessments.packaging.names import safe_part
from cities.models import City, Membership, User
from cities.roles import Permission
from clusters.spec import MAX_CODE
from public.choices import MessageState
from public.sections import Section
from territories.models import Unit

MOST_SIGNS = 500  # of a message
MOST_TITLE = 150  # characters of what a released document is called


class Given(models.Model):
    """What somebody let out, and perhaps took back. Only taking back is written on it afterwards."""

    at = models.DateTimeField(_("dirilis pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever released it stays named
        related_name="+",
        verbose_name=_("dirilis oleh"),
    )
    withdrawn_at = models.DateTimeField(_("ditarik pada"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditarik oleh"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="public_%(class)s_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def withdraw(self, *, by: User, at: datetime) -> None:
        self.withdrawn_at, self.withdrawn_by = at, by
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])


class ReleaseQuerySet(models.QuerySet["Release"]):
    def standing(self) -> Self:
        """Those that the public reads."""
        return self.filter(withdrawn_at=None)


class Release(Given):
    """A part of a city's public page of one year: a copy that nothing changes afterwards.

    `content` is all that the public reads, `checksum` the SHA-256 of its canonical JSON. Only
    withdrawing is written on it; releasing again makes another row.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="releases", verbose_name=_("penilaian")
    )
    section = models.CharField(_("bagian"), max_length=20, choices=Section.choices)
    content = models.JSONField(_("isi"))
    checksum = models.CharField(_("SHA-256"), max_length=64)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("rilis")
        verbose_name_plural = _("rilis")
        ordering = ["assessment", "section", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "section"],
                condition=Q(withdrawn_at=None),
                name="public_release_one_stands",
                violation_error_message=_("Bagian itu sudah dirilis."),
            ),
            models.CheckConstraint(
                name="public_release_known_section", condition=Q(section__in=Section.values)
            ),
            *Given.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.get_section_display()}"

    def get_absolute_url(self) -> str:
        return reverse("public:city_page", args=[self.assessment.city.slug, self.assessment.year])


class ReleasedDocumentQuerySet(models.QuerySet["ReleasedDocument"]):
    def standing(self) -> Self:
        """Those that were released and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def readable(self) -> Self:
        """Those that the public reads: beside a part of the year, and harmless as far as is known.

        What became sensitive, or what the virus scanner refuses meanwhile, is read by nobody.
        """
        parts = Release.objects.standing().filter(assessment=OuterRef("assessment"))
        sound = self.standing().filter(Exists(parts), document__sensitivity="")
        return sound.exclude(document__file="").exclude(document__scan_state__in=QUARANTINED)


class ReleasedDocument(Given):
    """A document of a submitted year that everybody may fetch, under a title of its own.

    Its file is the document's own, which nothing changes; the facts beside it are copied.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="released_documents", verbose_name=_("penilaian")
    )
    document = models.ForeignKey(
        SupportingDocument, models.PROTECT, related_name="+", verbose_name=_("dokumen")
    )
    title = models.CharField(_("judul"), max_length=MOST_TITLE)
    code = models.CharField(_("kode pertanyaan"), max_length=MAX_CODE)
    question = models.TextField(_("pertanyaan"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("ukuran"))  # bytes
    media_type = models.CharField(_("jenis berkas"), max_length=100)

    objects = ReleasedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dokumen yang dirilis")
        verbose_name_plural = _("dokumen yang dirilis")
        ordering = ["assessment", "code", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "document"],
                condition=Q(withdrawn_at=None),
                name="public_releaseddocument_one_stands",
                violation_error_message=_("Dokumen itu sudah dirilis."),
            ),
            *Given.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> str:
        """What sort of file it is, in a word."""
        return EXTENSIONS.get(self.media_type, "").upper()

    @property
    def file_name(self) -> str:
        """From the title; the name that the file came with may hold a person's."""
        return f"{safe_part(self.title)}.{EXTENSIONS[self.media_type]}"


class PublicMessageQuerySet(models.QuerySet["PublicMessage"]):
    def visible_to(self, member: Membership) -> Self:
        """All of the city for whoever reads them first, to others what those have passed on.

        A message may hold personal things, or be meant to hurt.
        """
        found = self.filter(city=member.city_id)
        if member.may(Permission.READ_PUBLIC_MESSAGES):
            return found
        if member.may(Permission.READ_PASSED_MESSAGES):
            return found.filter(state=MessageState.PASSED_ON)
        return found.none()


class PublicMessage(models.Model):
    """What somebody says is missing where they live. Of the sender nothing is kept, not even the hour."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="public_messages", verbose_name=_("kabupaten/kota")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kelurahan atau desa"),
    )
    text = models.TextField(_("pesan"), max_length=MOST_SIGNS)
    on = models.DateField(_("tanggal"))
    state = models.CharField(
        _("keadaan"), max_length=10, choices=MessageState.choices, default=MessageState.NEW
    )
    settled_at = models.DateTimeField(_("ditandai pada"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditandai oleh"),
    )

    objects = PublicMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan warga")
        verbose_name_plural = _("pesan warga")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["city", "state"], name="public_message_by_state")]
        constraints = [
            models.CheckConstraint(
                name="public_message_known_state", condition=Q(state__in=MessageState.values)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
