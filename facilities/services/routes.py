"""Routes of a verification: their stops, in order."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from facilities.models import Facility, Route, RouteStop
from territories.models import Unit
from texts.identities import require_no_nik
from texts.languages import deed

MOST_STOPS = 30


@deed
def create_route(*, city: City, name: str, on: date, by: User, at: datetime) -> Route:
    """Begin a route. Raises PermissionDenied, ValidationError (`name`)."""
    city = held_city(city, by=by, permission=Permission.PLAN_ROUTES)
    if not name.strip():
        raise ValidationError(_("Beri nama rute ini."), code="name")
    route = Route.objects.create(city=city, name=name.strip(), on=on, at=at, by=by)
    _record(route, {}, {"name": route.name}, by=by, at=at)
    return route


@deed
def add_stop(
    *,
    route_id: int,
    facility: Facility | None,
    unit: Unit | None,
    receiver: str,
    by: User,
    at: datetime,
) -> RouteStop:
    """Add a stop at the end: a facility or a unit of the city, and which post receives.

    Raises PermissionDenied, ValidationError (`one_place`, `foreign`, `nik`, `twice`, `too_many`).
    """
    route = _held(route_id, by=by)
    place = facility or unit
    if place is None or (facility is not None and unit is not None):
        raise ValidationError(_("Pilih satu fasilitas atau satu wilayah."), code="one_place")
    if place.city_id != route.city_id:
        raise ValidationError(_("Pilih tempat di kota ini."), code="foreign")
    require_no_nik(receiver)
    before = _stops(route)
    if any(stop.facility == facility and stop.unit == unit for stop in before):
        raise ValidationError(
            _("%(place)s sudah ada di rute ini."), code="twice", params={"place": place}
        )
    if len(before) >= MOST_STOPS:
        raise ValidationError(
            _("Paling banyak %(most)d perhentian dalam satu rute."),
            code="too_many",
            params={"most": MOST_STOPS},
        )
    stop = RouteStop.objects.create(
        route=route,
        position=len(before) + 1,
        facility=facility,
        unit=unit,
        receiver=receiver.strip(),
    )
    _record(route, {"stops": _named(before)}, {"stops": _named(_stops(route))}, by=by, at=at)
    return stop


@deed
def move_stop(*, stop_id: int, by: User, at: datetime) -> None:
    """Let a stop and the one before it change places; the first stays. Raises PermissionDenied."""
    route = _held(RouteStop.objects.values_list("route", flat=True).get(pk=stop_id), by=by)
    before = _stops(route)
    index = next(number for number, stop in enumerate(before) if stop.pk == stop_id)
    if index == 0:
        return
    after = [*before]
    after[index - 1], after[index] = after[index], after[index - 1]
    _put_in_order(after)
    _record(route, {"stops": _named(before)}, {"stops": _named(after)}, by=by, at=at)


@deed
def remove_stop(*, stop_id: int, by: User, at: datetime) -> None:
    """Take a stop out. Raises PermissionDenied."""
    route = _held(RouteStop.objects.values_list("route", flat=True).get(pk=stop_id), by=by)
    before = _stops(route)
    after = [stop for stop in before if stop.pk != stop_id]
    RouteStop.objects.filter(pk=stop_id).delete()
    _put_in_order(after)
    _record(route, {"stops": _named(before)}, {"stops": _named(after)}, by=by, at=at)


@deed
def remove_route(*, route_id: int, by: User, at: datetime) -> None:
    """Take a whole route out. Raises PermissionDenied."""
    route = _held(route_id, by=by)
    _record(route, {"name": route.name, "stops": _named(_stops(route))}, {}, by=by, at=at)
    route.delete()


def _held(route_id: int, *, by: User) -> Route:
    city = City.objects.get(verification_routes=route_id)
    held_city(city, by=by, permission=Permission.PLAN_ROUTES)
    return Route.objects.select_related("city").get(pk=route_id)


def _stops(route: Route) -> list[RouteStop]:
    return list(route.stops.select_related("facility", "unit"))


def _put_in_order(stops: list[RouteStop]) -> None:
    for position, stop in enumerate(stops, 1):
        stop.position = position
    RouteStop.objects.bulk_update(stops, ["position"])


def _named(stops: list[RouteStop]) -> str | None:
    return ", ".join(str(stop) for stop in stops) or None


def _record(
    route: Route, before: dict[str, object], after: dict[str, object], *, by: User, at: datetime
) -> None:
    if before != after:
        entry = NewEntry(CityTrailEvent.ROUTE_CHANGED, route.name, before, after)
        record(entry, city=route.city, by=by, at=at)
