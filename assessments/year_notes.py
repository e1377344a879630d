"""What packages above tell on the first page of a city's year; the settings name them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.models import Assessment
from cities.models import Membership


@dataclass(frozen=True, slots=True)
class YearNote:
    """Something open: how many, what, the facts, and the button that leads there."""

    count: int
    label: str
    fact: str
    url: str
    button: str


def year_notes(member: Membership, assessment: Assessment) -> list[YearNote]:
    """What each function of `KLA_YEAR_NOTES` has to say, without the silent."""
    found = [import_string(path)(member, assessment) for path in settings.KLA_YEAR_NOTES]
    return [note for note in found if note is not None]
