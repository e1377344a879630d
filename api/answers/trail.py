"""The trails of a year and of a city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessments.choices import TrailEvent
from cities.models import CityTrailEvent


@dataclass(frozen=True, slots=True)
class TrailChange:
    """A field as people call it with its values before and after, as they read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class YearTrailEntry:
    """Something that was done in a year, and from which network address.

    `hash` covers the entry together with the hash of the entry before it, so that the newest one
    proves them all; `position` counts from 1.
    """

    position: int
    deed: TrailEvent
    deed_name: str
    question: str | None
    detail: str
    changes: list[TrailChange]
    by: str
    at: datetime
    address: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class CityTrailEntry:
    """The same of a city, its OPDs, its members and what it knows; `target` as it was called then."""

    position: int
    deed: CityTrailEvent
    deed_name: str
    target: str
    changes: list[TrailChange]
    by: str
    at: datetime
    address: str | None
    hash: str
