"""The fixed vocabulary of meetings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    COORDINATION = "coordination", _("Rapat koordinasi")
    CLUSTER = "cluster", _("Rapat klaster")
    EVALUATION = "evaluation", _("Rapat evaluasi")
    OTHER = "other", _("Rapat lain")
