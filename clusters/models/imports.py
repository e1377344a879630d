"""Instruments that somebody uploaded and has not decided on yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.spec import MAX_CODE


class InstrumentImport(models.Model):
    """What a person was shown of a file; confirming applies this and nothing else."""

    code = models.SlugField(_("kode"), max_length=MAX_CODE)
    file_name = models.CharField(_("nama berkas"), max_length=255)
    # The instrument of the file as YAML: read and checked once, applied as it was shown.
    content = models.TextField(_("isi"))
    # The mark of the content from which the file was exported; empty if it does not tell
    exported = models.CharField(_("kode keaslian saat diekspor"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("diunggah pada"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("diunggah oleh"),
    )

    class Meta:
        verbose_name = _("impor instrumen")
        verbose_name_plural = _("impor instrumen")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.code}: {self.file_name}"
