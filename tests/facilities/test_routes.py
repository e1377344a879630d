"""Routes of a verification: order, readiness told by the places' own data, and who plans."""

from datetime import date

import pytest
from django.urls import reverse

from facilities.models import Route, RouteStop
from facilities.queries.boards import route_stops
from facilities.services.routes import (
    MOST_STOPS,
    add_stop,
    create_route,
    move_stop,
    remove_route,
    remove_stop,
)
from tests.assessments.situations import NOW, refused, secretary_of
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    RouteFactory,
    VisitFactory,
)
from tests.factories.territories import ReportFactory, UnitFactory

TODAY = date(2026, 3, 2)


@pytest.fixture
def by(year):
    return secretary_of(year)


@pytest.fixture
def route(city):
    return RouteFactory(city=city)


def add(route, by, *, facility=None, unit=None, receiver=""):
    return add_stop(
        route_id=route.pk, facility=facility, unit=unit, receiver=receiver, by=by, at=NOW
    )


def order(route):
    return [(stop.position, str(stop)) for stop in route.stops.all()]


def three(route, by):
    return [add(route, by, facility=FacilityFactory(city=route.city, name=name)) for name in "ABC"]


def test_a_route_begins_empty_with_a_name_and_a_day(city, by):
    route = create_route(city=city, name=" Hybrid ", on=date(2026, 5, 1), by=by, at=NOW)

    assert (route.name, route.on, order(route)) == ("Hybrid", date(2026, 5, 1), [])
    with refused("name"):
        create_route(city=city, name="  ", on=date(2026, 5, 1), by=by, at=NOW)


def test_stops_stand_in_the_order_in_which_they_were_added(route, by):
    three(route, by)
    add(route, by, unit=UnitFactory(city=route.city, name="Yosodadi"), receiver=" Lurah ")

    assert order(route) == [(1, "A"), (2, "B"), (3, "C"), (4, "Yosodadi")]
    assert route.stops.last().receiver == "Lurah"


def test_moving_up_changes_places_with_the_one_before_and_the_first_stays(route, by):
    first, _second, third = three(route, by)

    move_stop(stop_id=third.pk, by=by, at=NOW)
    moved = order(route)
    move_stop(stop_id=first.pk, by=by, at=NOW)

    assert moved == order(route) == [(1, "A"), (2, "C"), (3, "B")]


def test_what_goes_leaves_no_gap(route, by):
    first, *_others = three(route, by)

    remove_stop(stop_id=first.pk, by=by, at=NOW)

    assert order(route) == [(1, "B"), (2, "C")]


def test_the_trail_tells_the_stops_before_and_after(route, by, city):
    _first, second, _third = three(route, by)
    remove_stop(stop_id=second.pk, by=by, at=NOW)
    remove_route(route_id=route.pk, by=by, at=NOW)

    told = [(one.before, one.after) for one in city.activities.order_by("position")]
    assert told[-2:] == [
        ({"stops": "A, B, C"}, {"stops": "A, C"}),
        ({"name": route.name, "stops": "A, C"}, {}),
    ]
    assert (Route.objects.count(), RouteStop.objects.count()) == (0, 0)


def test_a_stop_is_one_place_of_the_city_and_stands_there_once(route, by, city):
    facility, unit = FacilityFactory(city=city), UnitFactory(city=city)
    add(route, by, facility=facility)

    for code, place in {
        "one_place": {},
        "foreign": {"facility": FacilityFactory()},
        "twice": {"facility": facility},
    }.items():
        with refused(code):
            add(route, by, **place)
    another = FacilityFactory(city=city)
    with refused("one_place"):
        add(route, by, facility=another, unit=unit)


def test_a_route_has_so_many_stops_and_no_more(route, by, city):
    for number in range(MOST_STOPS):
        RouteStop.objects.create(
            route=route, position=number + 1, facility=FacilityFactory(city=city)
        )

    another = FacilityFactory(city=city)

    with refused("too_many"):
        add(route, by, facility=another)


def test_a_facility_is_ready_when_papers_photos_and_checklist_are(route, by, city, year):
    good, bare = FacilityFactory(city=city), FacilityFactory(city=city)
    CredentialFactory(facility=good, number="B-1")
    CredentialFactory(facility=good, decree=True, number="440/1", expires_on=None)
    CredentialFactory(facility=bare, number="B-2", expires_on=date(2026, 3, 1))
    FacilityPhotoFactory(facility=good)
    VisitFactory(facility=good)
    VisitFactory(facility=bare, missing=2)
    for facility in (good, bare):
        add(route, by, facility=facility)

    ready, unready = route_stops(route, year, TODAY)

    assert (ready.is_ready, unready.is_ready) == (True, False)
    assert [(one.is_good, one.words) for one in unready.ready] == [
        (False, "Keputusan: belum ada"),
        (False, "Sertifikat standar: B-2 berakhir 1 Maret 2026, tidak terhitung"),
        (False, "0 foto"),
        (False, "diperiksa 1 Juni 2025: nilai 12, 2 butir wajib belum terpenuhi"),
    ]


def test_a_facility_that_was_never_looked_at_says_so(route, by, city, year):
    add(route, by, facility=FacilityFactory(city=city, office=True, provides=True))

    [stop] = route_stops(route, year, TODAY)

    assert [one.words for one in stop.ready] == [
        "Ada ruang ASI: ada",
        "0 foto",
        "belum diperiksa dengan daftar periksa",
    ]


def test_a_unit_is_ready_when_reports_of_it_were_accepted(route, by, city, year):
    reported, silent = UnitFactory(city=city), UnitFactory(city=city)
    ReportFactory(unit=reported, year=2025)
    ReportFactory(unit=reported, year=2024, criterion="26.5")  # not of the last evaluated year
    ReportFactory(unit=silent, year=2025, sent=True)
    for unit in (reported, silent):
        add(route, by, unit=unit)

    stops = route_stops(route, year, TODAY)

    assert [(one.is_ready, one.ready[0].words) for one in stops] == [
        (True, "1 kriteria sudah diterima"),
        (False, "0 kriteria sudah diterima"),
    ]


def test_at_a_unit_something_is_found_at_the_places_that_lie_in_it(client, route, by, city):
    district = UnitFactory(kecamatan=True, city=city)
    unit = UnitFactory(city=city, parent=district)
    other = UnitFactory(city=city, parent=district)
    playground = FacilityFactory(city=city, unit=unit, name="Taman")
    office = FacilityFactory(city=city, unit=district, name="Kantor camat")
    FacilityFactory(city=city, unit=unit, name="Tutup", active_to=date(2020, 1, 1))
    elsewhere = FacilityFactory(city=city, unit=other, name="Lain")
    for stop in (unit, district, UnitFactory(city=city)):
        add(route, by, unit=stop)
    client.force_login(by)

    pages = [client.get(f"{route.get_absolute_url()}{number}/") for number in (1, 2, 3)]

    assert [page.context["places"] for page in pages] == [
        [playground],
        [office, elsewhere, playground],
        [],
    ]
    link = reverse("facilities:finding_create", args=[city.slug, playground.pk])
    assert f'data-field-page href="{link}"' in pages[0].text
    assert "Belum ada fasilitas yang tercatat di wilayah ini." in pages[2].text
