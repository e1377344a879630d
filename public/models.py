"""What a city has released, and what the public wrote to it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from cities.models import City, Membership
from public.choices import MessageState
from public.sections import Section
from territories.models import Unit

MOST_SIGNS = 500  # of a message


class ReleaseQuerySet(models.QuerySet["Release"]):
    def standing(self) -> Self:
        """Those that the public reads."""
        return self.filter(withdrawn_at=None)


class Release(models.Model):
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
            models.CheckConstraint(
                name="public_release_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.get_section_display()}"

    def get_absolute_url(self) -> str:
        return reverse("public:city_page", args=[self.assessment.city.slug, self.assessment.year])


class PublicMessageQuerySet(models.QuerySet["PublicMessage"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(city=member.city_id)


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
