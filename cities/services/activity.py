"""What goes into the trail of a city's people and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cities.models import City, CityActivity, CityTrailEvent, User
from cities.permissions import lock_city
from trail.changes import differing
from trail.writing import append


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What was done to whom, under the keys of `CityActivity.LABELS`; values are text or None.

    Only what differs is kept.
    """

    deed: CityTrailEvent
    target: str
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


def record(*new: NewEntry, city: City, by: User, at: datetime) -> None:
    """Add entries to the trail of a city, in the transaction of what they tell of."""
    entries = []
    for one in new:
        before, after = differing(one.before, one.after)
        entries.append(
            CityActivity(
                city=city,
                deed=one.deed,
                target=one.target,
                before=before,
                after=after,
                by=by,
                at=at,
            )
        )
    append(entries, to=city.activities.all(), lock=lambda: lock_city(city.pk))
