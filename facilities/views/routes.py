"""Routes of a verification: one printable page, and one stop a screen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.facilities import RouteForm
from facilities.forms.visits import FindingForm
from facilities.models import Facility, Route
from facilities.queries.boards import places_in, route_stops
from facilities.services.routes import (
    add_stop,
    create_route,
    move_stop,
    remove_route,
    remove_stop,
)
from facilities.views.facilities import page_context
from territories.models import Unit
from texts.searching import found

MOST_FOUND = 10
LONGEST_NUMBER = 18


def _route_or_404(member: Membership, pk: int) -> Route:
    return get_object_or_404(Route.objects.select_related("city"), city=member.city, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.VIEW_ASSESSMENT)
def route_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """Every route of the city; whoever plans begins a new one here."""
    may_plan = member.may(Permission.PLAN_ROUTES)
    form = RouteForm(request.POST or None) if may_plan else None
    if request.method == "POST" and form is not None and form.is_valid():
        route = create_route(
            city=member.city, **form.cleaned_data, by=member.user, at=timezone.now()
        )
        return redirect(route)
    context = page_context(member) | {
        "routes": Route.objects.filter(city=member.city).select_related("city")[:50],
        "form": form,
    }
    return render(request, "facilities/route_list.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def route_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """All stops in order, to be printed; words in the address look for a place to add."""
    route = _route_or_404(member, pk)
    context = page_context(member)
    words = request.GET.get("q", "").strip()[:100]
    may_plan = member.may(Permission.PLAN_ROUTES)
    context |= {
        "route": route,
        "stops": route_stops(route, context["assessment"], timezone.localdate()),
        "may_plan": may_plan,
        "words": words,
        "places": _places(member, words) if words and may_plan else [],
    }
    return render(request, "facilities/route_detail.html", context)


def _places(member: Membership, words: str) -> list[tuple[str, str]]:
    """What the words find: a value for the form and what people read; two queries."""
    facilities = Facility.objects.visible_to(member).active_on(timezone.localdate())
    units = Unit.objects.visible_to(member).filter(active_to=None)
    return [
        *(
            (f"f{one.pk}", f"{one.name} – {one.sort.title}")
            for one in facilities.filter(found(words, "name", "code"))[:MOST_FOUND]
        ),
        *(
            (f"u{one.pk}", f"{one.name} – {one.get_level_display()}")
            for one in units.filter(found(words, "name", "code"))[:MOST_FOUND]
        ),
    ]


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def stop_detail(request: HttpRequest, member: Membership, pk: int, position: int) -> HttpResponse:
    """One stop a screen, for whoever walks the route with a phone."""
    route = _route_or_404(member, pk)
    context = page_context(member)
    stops = route_stops(route, context["assessment"], timezone.localdate())
    if not 1 <= position <= len(stops):
        raise Http404
    stop = stops[position - 1].stop
    facility = stop.facility
    context |= {
        "route": route,
        "checklists": facility.sort.checklists_of(facility.kind) if facility else [],
        "finding_form": FindingForm(facility=facility, member=member) if facility else None,
        "places": places_in(stop.unit, timezone.localdate()) if stop.unit else [],
        "one": stops[position - 1],
        "position": position,
        "count": len(stops),
        "before": position - 1 if position > 1 else None,
        "after": position + 1 if position < len(stops) else None,
    }
    return render(request, "facilities/stop_detail.html", context)


@require_POST
@city_view(Permission.PLAN_ROUTES)
def stop_add(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    route = _route_or_404(member, pk)
    place = request.POST.get("place", "")
    kind, number = place[:1], place[1:]
    key = int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else 0
    try:
        stop = add_stop(
            route_id=route.pk,
            facility=Facility.objects.filter(city=member.city, pk=key).first()
            if kind == "f"
            else None,
            unit=Unit.objects.filter(city=member.city, pk=key).first() if kind == "u" else None,
            receiver=request.POST.get("receiver", "")[:100],
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(stop)s ditambahkan ke rute.") % {"stop": stop})
    return redirect(route)


@require_POST
@city_view(Permission.PLAN_ROUTES)
def stop_move(request: HttpRequest, member: Membership, pk: int, stop_pk: int) -> HttpResponse:
    route = _route_or_404(member, pk)
    stop = get_object_or_404(route.stops, pk=stop_pk)
    move_stop(stop_id=stop.pk, by=member.user, at=timezone.now())
    return redirect(route)


@require_POST
@city_view(Permission.PLAN_ROUTES)
def stop_remove(request: HttpRequest, member: Membership, pk: int, stop_pk: int) -> HttpResponse:
    route = _route_or_404(member, pk)
    stop = get_object_or_404(route.stops, pk=stop_pk)
    remove_stop(stop_id=stop.pk, by=member.user, at=timezone.now())
    return redirect(route)


@require_POST
@city_view(Permission.PLAN_ROUTES)
def route_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    route = _route_or_404(member, pk)
    remove_route(route_id=route.pk, by=member.user, at=timezone.now())
    messages.success(request, _("Rute dihapus."))
    return redirect("facilities:route_list", member.city.slug)
