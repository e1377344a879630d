"""Routes of a field verification."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.facilities import RouteDetail, RouteEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.routes import route_detail, route_entries
from assessments.models import Assessment
from cities.roles import Permission
from facilities.models import Route


def _routes(call: Call) -> Page[RouteEntry]:
    rows = Route.objects.filter(city=call.member.city)
    return page_of(call.request, rows, key="pk", shown=route_entries)


def _route(call: Call, route: int) -> RouteDetail:
    found = get_object_or_404(Route, city=call.member.city, pk=route)
    current = Assessment.objects.current(call.member.city)
    return route_detail(found, current, timezone.localdate())


routes = resource(
    get=Endpoint(
        _routes,
        _("Rute verifikasi lapangan"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=RouteEntry,
        is_page=True,
    )
)
route = resource(
    get=Endpoint(
        _route,
        _("Satu rute verifikasi dengan kesiapan setiap perhentiannya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=RouteDetail,
    )
)
