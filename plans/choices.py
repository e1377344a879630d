"""The fixed vocabularies of what a city plans."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """From which points a way to a total sets out."""

    PROVEN = "terbukti", _("Nilai terbukti")
    CLAIMED = "klaim", _("Klaim, seandainya semua diterima")


class Outcome(models.TextChoices):
    """What a review may make of a question, as one supposes."""

    ACCEPTED = "accepted", _("Diterima")
    HALF = "half", _("Diterima separuh")
    RETURNED = "returned", _("Dikembalikan")
