"""Trails, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence

from api.answers.trail import CityTrailEntry, TrailChange, YearTrailEntry
from assessments.choices import TrailEvent
from assessments.models import Activity
from cities.models import CityActivity, CityTrailEvent
from trail.models import TrailEntry


def year_trail_entries(entries: Sequence[Activity]) -> list[YearTrailEntry]:
    """Of entries with their person and question; without a query."""
    return [
        YearTrailEntry(
            position=one.position,
            deed=TrailEvent(one.deed),
            deed_name=one.get_deed_display(),
            question=one.answer.question.code if one.answer else None,
            detail=one.detail,
            changes=_changes(one),
            by=one.by.name,
            at=one.at,
            address=one.address,
            hash=one.hash,
        )
        for one in entries
    ]


def city_trail_entries(entries: Sequence[CityActivity]) -> list[CityTrailEntry]:
    """Of entries with their person; without a query."""
    return [
        CityTrailEntry(
            position=one.position,
            deed=CityTrailEvent(one.deed),
            deed_name=one.get_deed_display(),
            target=one.target,
            changes=_changes(one),
            by=one.by.name,
            at=one.at,
            address=one.address,
            hash=one.hash,
        )
        for one in entries
    ]


def _changes(entry: TrailEntry) -> list[TrailChange]:
    return [TrailChange(one.label, one.before, one.after) for one in entry.changes]
