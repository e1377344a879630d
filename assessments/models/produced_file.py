"""A file that took too long to wait for: made outside of the request, kept for a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.choices import FileKind
from assessments.models.assessment import Assessment
from cities.models import Membership
from cities.roles import Permission

KEPT = timedelta(days=1)
FOLDER = "produced"

# What one must be allowed to have a file of each kind, when it is asked for, made and fetched.
PERMISSION_FOR = {
    FileKind.PACKAGE: Permission.VIEW_QUESTION,
    FileKind.REPORT_PDF: Permission.VIEW_ASSESSMENT,
    FileKind.REPORT_XLSX: Permission.VIEW_ASSESSMENT,
}


def stored_name(produced: ProducedFile, filename: str) -> str:
    return f"{FOLDER}/{produced.pk.hex}"


class ProducedFileQuerySet(models.QuerySet["ProducedFile"]):
    def visible_to(self, member: Membership, *, at: datetime) -> Self:
        """Their own, of a kind that their role may still have; nobody else ever sees one."""
        kinds = [kind for kind, permission in PERMISSION_FOR.items() if member.may(permission)]
        own = self.filter(user=member.user, assessment__city=member.city, kind__in=kinds)
        return own.filter(expires_at__gt=at)

    def expired(self, at: datetime) -> Self:
        return self.filter(expires_at__lte=at)


class ProducedFile(models.Model):
    """Asked for by one person; what they ask for twice is one file, until they throw it away.

    Without the row nobody wants the file any more: whoever makes it stops. `done` of `total`
    documents are in it so far; `total` is 0 where nothing is counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("peminta")
    )
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="+", verbose_name=_("penilaian")
    )
    kind = models.CharField(_("jenis berkas"), max_length=20, choices=FileKind.choices)
    # To what a package is narrowed, as the address says it.
    scope = models.CharField(_("cakupan"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("diminta pada"))
    expires_at = models.DateTimeField(_("dihapus pada"), db_index=True)
    done = models.PositiveIntegerField(_("dokumen selesai"), default=0)
    total = models.PositiveIntegerField(_("dokumen seluruhnya"), default=0)
    ready_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    file = models.FileField(_("berkas"), upload_to=stored_name, max_length=100, blank=True)
    name = models.CharField(_("nama berkas"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("ukuran"), default=0)
    # The keys of the documents in it: who may not open one of them any more does not get it.
    documents = models.JSONField(_("dokumen di dalamnya"), default=list, blank=True)

    objects = ProducedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("berkas yang dibuat di latar")
        verbose_name_plural = _("berkas yang dibuat di latar")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assessment", "kind", "scope"],
                name="assessments_producedfile_once",
                violation_error_message=_("Berkas ini sudah diminta."),
            ),
            models.CheckConstraint(
                name="assessments_producedfile_known_kind",
                condition=Q(kind__in=FileKind.values),
            ),
            models.CheckConstraint(
                name="assessments_producedfile_ready_has_file",
                condition=Q(ready_at=None, file="") | Q(ready_at__isnull=False) & ~Q(file=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.assessment}"

    def get_absolute_url(self) -> str:
        place = [self.assessment.city.slug, self.assessment.year, self.pk]
        return reverse("assessments:file_detail", args=place)

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
