"""Routes of a field verification, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.answers.facilities import ReadyEntry, RouteDetail, RouteEntry, StopEntry
from assessments.models import Assessment
from facilities.models import Route
from facilities.queries.boards import Stop, route_stops


def route_entries(routes: Sequence[Route]) -> list[RouteEntry]:
    """Without a query."""
    return [RouteEntry(one.pk, one.name, one.on) for one in routes]


def route_detail(route: Route, assessment: Assessment | None, day: date) -> RouteDetail:
    """As its page shows it on that day; five queries."""
    [entry] = route_entries([route])
    stops = route_stops(route, assessment, day)
    return RouteDetail(entry, [_stop(number, one) for number, one in enumerate(stops, 1)])


def _stop(number: int, one: Stop) -> StopEntry:
    facility, unit = one.stop.facility, one.stop.unit
    place = facility or unit
    return StopEntry(
        position=number,
        facility=facility.pk if facility else None,
        unit=unit.code if unit else None,
        name=str(one.stop),
        address=facility.address if facility else "",
        contact=place.contact if place else "",
        receiver=one.stop.receiver,
        is_ready=one.is_ready,
        ready=[ReadyEntry(ready.words, ready.is_good) for ready in one.ready],
    )
