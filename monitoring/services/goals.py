"""The targets of years."""

from __future__ import annotations

from datetime import datetime

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from monitoring.models import YearGoal
from texts.languages import deed


@deed
def set_year_goal(
    *, city: City, year: int, predikat: str, source: str, by: User, at: datetime
) -> YearGoal | None:
    """Say which predikat the city wants to reach in a year; an empty one takes the target away."""
    city = held_city(city, by=by, permission=Permission.MANAGE_ACTIONS)
    goal = YearGoal.objects.filter(city=city, year=year).first()
    before = {"predikat": goal.predikat, "source": goal.source or None} if goal else {}
    after: dict[str, object] = {}
    if not predikat:
        if goal is None:
            return None
        goal.delete()
        goal = None
    else:
        goal = goal or YearGoal(city=city, year=year)
        goal.predikat, goal.source, goal.at, goal.by = predikat, source.strip(), at, by
        goal.full_clean()
        goal.save()
        after = {"predikat": goal.predikat, "source": goal.source or None}
    if before != after:
        entry = NewEntry(CityTrailEvent.YEAR_GOAL_SET, str(year), before, after)
        record(entry, city=city, by=by, at=at)
    return goal
