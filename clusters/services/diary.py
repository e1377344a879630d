"""Logs who did what with an instrument, in Django's log of the administration."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def note(
    subject: Model, sentence: str, *, by: AbstractBaseUser, at: datetime, flag: int = CHANGE
) -> None:
    """Add a line, in the transaction of the deed itself; it outlives what it tells of."""
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=str(subject.pk),
        object_repr=str(subject)[:200],
        action_flag=flag,
        change_message=sentence,
        action_time=at,
    )
