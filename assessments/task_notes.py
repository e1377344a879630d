"""What packages above tell an OPD on the page of its tasks; the settings name them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from cities.models import Membership


@dataclass(frozen=True, slots=True)
class TaskNote:
    """A sentence that leads on."""

    sentence: str
    url: str


def task_notes(member: Membership) -> list[TaskNote]:
    """What each function of `KLA_TASK_NOTES` has to say, without the silent."""
    found = [import_string(path)(member) for path in settings.KLA_TASK_NOTES]
    return [note for note in found if note is not None]
