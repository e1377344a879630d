"""What becomes of a message of the public."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    NEW = "baru", _("Baru")
    READ = "dibaca", _("Dibaca")
    PASSED_ON = "diteruskan", _("Diteruskan")
    REJECTED = "ditolak", _("Ditolak")
