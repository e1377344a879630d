"""What packages above tell on the page of a unit or a facility; the settings name them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from assessments.task_notes import TaskNote
from cities.models import Membership

PlaceSource = Callable[[Model, Membership], list[TaskNote]]


def place_notes(place: Model, member: Membership) -> list[TaskNote]:
    """What each function of `KLA_PLACE_NOTES` has to say of it, in one query each."""
    sources: list[PlaceSource] = [import_string(path) for path in settings.KLA_PLACE_NOTES]
    return [note for source in sources for note in source(place, member)]
