"""What goes into the trail of a city's people and places, and the lock in front of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cities.models import City, CityActivity, CityTrailEvent, User
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


def lock_city(city_id: int) -> City:
    """Let nobody else change the city, its OPDs or its members meanwhile.

    Every service of a city does this before it locks anything else, so that no two ever wait for
    each other. Must be called inside a transaction.
    """
    return City.objects.select_for_update(of=("self",), no_key=True).get(pk=city_id)


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
