"""Whether the trails of years and cities still are what was written. Reads only."""

from __future__ import annotations

from assessments.models import Assessment
from cities.models import City
from trail.verifying import Verified, verify

OF_THE_CITY = "kota"  # names the trail of a city's members and OPDs, where a year names its own


def verify_year(assessment: Assessment) -> Verified:
    """Recompute the chain of a year; opening it is its first entry, so there is always one."""
    entries = assessment.activities.order_by("position", "pk")
    return verify(
        entries.iterator(),
        count=entries.count(),
        owner=assessment.city.slug,
        trail=str(assessment.year),
        may_be_empty=False,
    )


def verify_city(city: City) -> Verified:
    """Recompute the chain of a city's members and OPDs; most cities have no entry yet."""
    entries = city.activities.order_by("position", "pk")
    return verify(entries.iterator(), count=entries.count(), owner=city.slug, trail=OF_THE_CITY)
