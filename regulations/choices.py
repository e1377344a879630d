"""The fixed vocabularies of the legal register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegulationKind(models.TextChoices):
    """Kinds of regulations of a city, the strongest first, in the order in which question 1.1 of the
    instrument of 2023 ranks them; what it does not name stands beside what it resembles."""

    PERDA = "perda", _("Peraturan daerah")
    PERKADA = "perkada", _("Peraturan kepala daerah")
    KEPUTUSAN = "keputusan", _("Keputusan kepala daerah")
    INSTRUKSI = "instruksi", _("Instruksi kepala daerah")
    SURAT_EDARAN = "surat_edaran", _("Surat edaran")
    MOU = "mou", _("Nota kesepahaman/perjanjian kerja sama")
    LAINNYA = "lainnya", _("Produk hukum lain")

    @property
    def rank(self) -> int:
        """0 is the strongest."""
        return list(RegulationKind).index(self)


class RelationKind(models.TextChoices):
    """What one regulation does to another. Amending is not revoking."""

    REVOKES = "revokes", _("mencabut")
    AMENDS = "amends", _("mengubah")
    BASED_ON = "based_on", _("didasarkan pada")
    CARRIES_OUT = "carries_out", _("melaksanakan")

    @property
    def passive(self) -> str:
        """The same, told from the other side."""
        return str(_PASSIVE[self])


_PASSIVE = {
    RelationKind.REVOKES: _("dicabut oleh"),
    RelationKind.AMENDS: _("diubah oleh"),
    RelationKind.BASED_ON: _("menjadi dasar"),
    RelationKind.CARRIES_OUT: _("dilaksanakan oleh"),
}


class Force(models.TextChoices):
    """Whether a regulation holds for the years that are evaluated."""

    IN_FORCE = "in_force", _("Berlaku")
    NOT_YET = "not_yet", _("Belum berlaku")
    UNDATED = "undated", _("Tanggal belum diisi")
    DRAFT = "draft", _("Rancangan")
    ENDED = "ended", _("Masa berlaku habis")
    REVOKED = "revoked", _("Dicabut")
