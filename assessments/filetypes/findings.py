"""What was found inside a file that is taken all the same, in words for people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileFinding(models.TextChoices):
    """One kind of thing found in a file. Stored per document as {finding: how many}."""

    REPAIRED = "repaired", _("struktur diperbaiki")
    TRUNCATED = "truncated", _("bagian akhir berkas hilang")
    RENAMED = "renamed", _("akhiran nama tidak sesuai isi")
    SIGNED = "signed", _("bertanda tangan elektronik")
    ATTACHMENT = "attachment", _("lampiran")
    NUMBER_SCRIPT = "number_script", _("skrip format angka pada formulir")
    SCRIPT = "script", _("skrip")
    ACTION = "action", _("perintah yang berjalan sendiri")
    EMBEDDED_PROGRAM = "embedded_program", _("program yang disisipkan")


# The original of such a file could act on the machine of whoever opens it: it stays locked
# until an administrator of the city has looked at it. What pages show was made without it.
LOCKING = frozenset({FileFinding.SCRIPT, FileFinding.ACTION, FileFinding.EMBEDDED_PROGRAM})
