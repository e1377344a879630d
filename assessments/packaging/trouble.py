"""Why a file in a package is missing or other than it was uploaded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    """Why a stored file is not in a package as it was uploaded."""

    MISSING = "missing", _("berkas tidak ada di penyimpanan")
    UNREADABLE = "unreadable", _("berkas tidak dapat dibaca")
    LOCKED = "locked", _("berkas asli terkunci dan pratinjaunya belum ada")
    WITHHELD = "withheld", _("dokumen sensitif, tidak ikut dalam paket ini; tanyakan Gugus Tugas")
    QUARANTINED = "quarantined", _("berkas belum dipindai, atau ditolak pemindai virus")
    CUT_SHORT = "cut_short", _("berkas terputus saat dibaca, isinya di paket ini tidak lengkap")
    CHANGED = "changed", _("isi berkas tidak sama dengan saat diunggah")

    DAMAGED = "damaged", _("berkas rusak di penyimpanan, jadi tidak disertakan")

    @property
    def is_packed(self) -> bool:
        """Whether a file stands in the package nevertheless."""
        return self in (Trouble.CUT_SHORT, Trouble.CHANGED)
