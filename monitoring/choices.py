"""The fixed vocabularies of following a plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Light(models.TextChoices):
    """How an action stands at the end of a quarter; what each means is in rules.yaml."""

    GREEN = "green", _("Sesuai rencana")
    YELLOW = "yellow", _("Perlu perhatian")
    RED = "red", _("Tertinggal")
    MISSING = "missing", _("Belum dilaporkan")
    AWAITED = "awaited", _("Menunggu")
