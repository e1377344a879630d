"""What papers of a facility are, what a facility can be counted for, and how near an end is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

THRESHOLDS = (30, 90, 180)  # days before an end at which people are told, the nearest first
LAPSED = 0  # the threshold of what has ended


class CredentialKind(models.TextChoices):
    """What a paper says of a facility; each kind is counted by itself (15.3, 19.3)."""

    DECREE = "decree", pgettext_lazy("produk hukum", "keputusan")
    STANDARD = "standard", _("sertifikat standar")
    TRAINING = "training", _("sertifikat pelatihan")


class Measure(models.TextChoices):
    """For what a facility is counted: it has the thing, a paper in force, or assessed itself.

    The last three are numbers alone: of the facilities, of trained people, of children.
    """

    PROVIDED = "provided", _("tersedia")
    DECREE = "decree", _("memiliki keputusan yang berlaku")
    STANDARD = "standard", _("bersertifikat standar yang berlaku")
    ASSESSED = "assessed", _("sudah diperiksa dengan daftar periksa")
    RECORDED = "recorded", _("yang ada")
    TRAINED = "trained", _("petugas bersertifikat pelatihan yang berlaku")
    USERS = "users", _("anak yang memakai")


# Only ever a number: there is no whole that they could be a share of.
NUMBERS = (Measure.RECORDED, Measure.TRAINED, Measure.USERS)


class Said(models.TextChoices):
    """What somebody found at one item of a checklist."""

    YES = "ya", _("Ya")
    NO = "tidak", _("Tidak")
    NOT_APPLICABLE = "tb", _("Tidak berlaku")


def threshold_of(days: int) -> int | None:
    """The nearest threshold that an end so many days away has reached; None while it is far."""
    if days < 0:
        return LAPSED
    return next((one for one in THRESHOLDS if days <= one), None)
