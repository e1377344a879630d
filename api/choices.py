"""What a token may do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Never more than the role of whoever it belongs to; the role is asked each time."""

    READ = "read", _("Membaca saja")
    WRITE = "write", _("Membaca dan menulis")


class WebhookEvent(models.TextChoices):
    """What another system can be told of; the value is the `type` of what it is sent."""

    DOCUMENT_RETURNED = "document.returned", _("Dokumen dikembalikan")
    DOCUMENT_ACCEPTED = "document.accepted", _("Dokumen diterima")
    YEAR_SUBMITTED = "year.submitted", _("Penilaian diajukan")
    DEADLINE_NEAR = "deadline.near", _("Tenggat mendekat")
    OFFICIAL_ENTERED = "official.entered", _("Nilai resmi dicatat")
