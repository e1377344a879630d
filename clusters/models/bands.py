"""Tables of bands that were published elsewhere than in an instrument."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.models.instrument import points_field
from clusters.spec import MAX_CODE, MAX_NAME


class BandTable(models.Model):
    """Bands as one source prints them, for example a newspaper of 2022; with a version."""

    code = models.SlugField(_("kode"), max_length=MAX_CODE, unique=True)
    title = models.CharField(_("judul"), max_length=MAX_NAME)
    version = models.CharField(_("versi"), max_length=MAX_CODE)
    source = models.TextField(_("sumber"))
    created_at = models.DateTimeField(_("dicatat pada"))

    class Meta:
        verbose_name = _("tabel predikat")
        verbose_name_plural = _("tabel predikat")
        ordering = ["title", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "version"],
                name="clusters_bandtable_version_once",
                violation_error_message=_("Versi ini dari tabel tersebut sudah ada."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class TableBand(models.Model):
    """A predikat of such a table and the totals for which its source prints it."""

    table = models.ForeignKey(BandTable, models.CASCADE, related_name="bands")
    predikat = models.CharField(_("predikat"), max_length=MAX_NAME)
    minimum = points_field(_("batas bawah"))
    maximum = points_field(_("batas atas"))

    class Meta:
        verbose_name = _("rentang dalam tabel predikat")
        verbose_name_plural = _("rentang dalam tabel predikat")
        ordering = ["minimum"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "predikat"],
                name="clusters_tableband_one_per_predikat",
                violation_error_message=_("Predikat ini sudah ada di tabel tersebut."),
            ),
            models.CheckConstraint(
                name="clusters_tableband_minimum_below_maximum",
                condition=Q(minimum__gte=0, minimum__lt=F("maximum")),
                violation_error_message=_("Batas bawah predikat harus di bawah batas atasnya."),
            ),
        ]

    def __str__(self) -> str:
        return self.predikat
