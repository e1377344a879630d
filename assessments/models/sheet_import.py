"""An uploaded sheet between its preview and its confirmation."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.choices import IMPORTED_KINDS
from assessments.models.assessment import Assessment
from cities.models import User

KEPT = timedelta(days=1)  # how long a preview waits to be confirmed


class SheetImportQuerySet(models.QuerySet["SheetImport"]):
    def of(self, user: User, assessment: Assessment, *, at: datetime) -> Self:
        """What this person may still confirm in that year; nobody else ever sees it."""
        return self.filter(user=user, assessment=assessment, created_at__gt=at - KEPT)

    def expired(self, at: datetime) -> Self:
        return self.filter(created_at__lte=at - KEPT)


class SheetImport(models.Model):
    """A sheet that was read and waits, unapplied, for its person to confirm it.

    `rows` are those of the file, as `worksheets.rows.FileRow` writes them; how they stand to
    the site is worked out anew each time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="sheet_imports", verbose_name=_("penilaian")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("pengimpor")
    )
    kind = models.CharField(
        _("isi lembar"), max_length=10, choices=[(kind, kind.label) for kind in IMPORTED_KINDS]
    )
    name = models.CharField(_("nama berkas"), max_length=150)
    source = models.TextField(_("sumber"), blank=True)
    rows = models.JSONField(_("baris"), default=list)
    created_at = models.DateTimeField(_("dibaca pada"), db_index=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor lembar")
        verbose_name_plural = _("impor lembar")
        constraints = [
            models.CheckConstraint(
                name="assessments_sheetimport_known_kind", condition=Q(kind__in=IMPORTED_KINDS)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        place = [self.assessment.city.slug, self.assessment.year, self.pk]
        return reverse("assessments:sheet_preview", args=place)
