"""A table that was uploaded and waits, unapplied, for its person to confirm it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import City, User

KEPT = timedelta(days=1)  # how long a preview waits to be confirmed


class StagedImportQuerySet(models.QuerySet["StagedImport"]):
    def of(self, user: User, city: City, *, at: datetime) -> Self:
        """What this person may still confirm in that city; nobody else ever sees it."""
        return self.filter(by=user, city=city, at__gt=at - KEPT)

    def expired(self, at: datetime) -> Self:
        return self.filter(at__lte=at - KEPT)


class StagedImport(models.Model):
    """`kind` is the code of an `ImportKind`, which alone knows what `rows` and `about` hold.

    `rows` are the lines that could be read, `faults` a sentence for each that could not, `about` what
    the table belongs to. How a line stands to the site is worked out anew each time.
    """

    city = models.ForeignKey(
        City, models.CASCADE, related_name="+", verbose_name=_("kabupaten/kota")
    )
    kind = models.CharField(_("isi"), max_length=30)
    name = models.CharField(_("nama berkas"), max_length=150)
    about = models.JSONField(_("keterangan"), default=dict)
    rows = models.JSONField(_("baris"))
    faults = models.JSONField(_("kesalahan"))
    at = models.DateTimeField(_("diunggah pada"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("diunggah oleh")
    )

    objects = StagedImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor yang menunggu")
        verbose_name_plural = _("impor yang menunggu")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name
