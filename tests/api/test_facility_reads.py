"""One facility by the interface: its visits, its users, its files, and what is to be mended there,
each as its pages show it to the same person."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from assessments.choices import ScanState, Sensitivity
from assessments.models import SupportingDocument
from facilities.queries.boards import route_stops
from tests.api.conftest import shown
from tests.factories.assessments import SupportingDocumentFactory
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FacilityUseFactory,
    FindingFactory,
    RouteFactory,
    RouteStopFactory,
    VisitFactory,
)

TODAY = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)


def facility_path(world, rest=""):
    return f"{world.city}facilities/{world.facility.pk}/{rest}"


def documents(world, who="pimpinan"):
    return world.ask(who, facility_path(world, "documents/")).json()


def content_path(world, document):
    return facility_path(world, f"documents/{document.pk}/content/")


def findings(world, who="pimpinan"):
    return world.ask(who, f"{world.city}findings/").json()["items"]


def marked(document, **facts):
    SupportingDocument.objects.filter(pk=document.pk).update(**facts)


# --- What was found there, and who used it ----------------------------------------------------


def test_a_facility_tells_what_was_found_there_and_how_many_children_used_it(world):
    visit = VisitFactory(
        facility=world.facility, score=Decimal("12.5"), missing=2, note="Tanpa pagar",
        latitude=Decimal("-7.8000"), longitude=Decimal("110.3601"), key=uuid4(),
    )  # fmt: skip
    FindingFactory.create_batch(2, facility=world.facility, visit_key=visit.key)
    before = VisitFactory(facility=world.facility, on=date(2024, 1, 2), maximum=None)
    FacilityUseFactory(facility=world.facility, year=2024)
    FacilityUseFactory(facility=world.facility, year=2025, boys=3, girls=4, special=2)
    other = FacilityFactory(city=world.assessment.city)
    VisitFactory(facility=other)
    FacilityUseFactory(facility=other)

    told = world.ask("pimpinan", facility_path(world)).json()

    [listed] = [
        one
        for one in world.ask("pimpinan", f"{world.city}facilities/").json()["items"]
        if one["id"] == world.facility.pk
    ]
    assert told == {
        "facility": listed,
        "missing": [],
        "visits": [
            {
                "id": visit.pk,
                "checklist": "prap-data",
                "on": "2025-06-01",
                "score": "12.5",
                "maximum": "15",
                "missing": 2,
                "note": "Tanpa pagar",
                "findings": 2,
                "latitude": "-7.8",
                "longitude": "110.3601",
                "by": visit.by.name,
            },
            {
                "id": before.pk,
                "checklist": "prap-data",
                "on": "2024-01-02",
                "score": "12",
                "maximum": None,
                "missing": 0,
                "note": "",
                "findings": 0,
                "latitude": None,
                "longitude": None,
                "by": before.by.name,
            },
        ],
        "uses": [
            {"year": 2025, "boys": 3, "girls": 4, "special": 2},
            {"year": 2024, "boys": 10, "girls": 12, "special": 1},
        ],
    }


def test_the_required_items_that_the_newest_visit_found_unmet_are_told(world):
    office = FacilityFactory(city=world.assessment.city, office=True)
    asked = "permenkes-15-2013"
    first, second = [one for one in office.sort.checklist(asked).items if one.required][:2]
    VisitFactory(facility=office, checklist=asked, answers={first.code: "tidak", second.code: "ya"})
    VisitFactory(
        facility=office, checklist=asked, on=date(2024, 1, 2), answers={second.code: "tidak"}
    )

    told = world.ask("pimpinan", f"{world.city}facilities/{office.pk}/").json()

    assert told["missing"] == [first.text]


# --- Files ------------------------------------------------------------------------------------


def test_files_are_told_with_the_paper_that_they_are_of_and_photos_with_their_title(world):
    city = world.assessment.city
    decree = CredentialFactory(
        facility=world.facility, decree=True, number="7", issued_on=date(2023, 1, 2),
        document=SupportingDocumentFactory(city=city),
    )  # fmt: skip
    CredentialFactory(facility=world.facility)  # without a file
    photo = FacilityPhotoFactory(facility=world.facility, document__title="Ruang bermain")
    FacilityPhotoFactory(facility__city=city)

    assert documents(world) == [
        {
            "id": str(world.paper.document_id),
            "certificate": world.paper.pk,
            "title": f"Standardisasi PRAP {world.paper.number}",
            "is_ready": True,
            "is_openable": True,
        },
        {
            "id": str(decree.document_id),
            "certificate": decree.pk,
            "title": "Keputusan (SK) penetapan 7",
            "is_ready": False,
            "is_openable": True,
        },
        {
            "id": str(photo.document_id),
            "certificate": None,
            "title": "Ruang bermain",
            "is_ready": False,
            "is_openable": True,
        },
    ]


def test_the_content_is_what_the_page_shows_and_never_the_original(world, client):
    document = world.paper.document
    client.force_login(world.people["pimpinan"])
    slug = world.assessment.city.slug
    page = client.get(f"/kota/{slug}/fasilitas/{world.facility.pk}/berkas/{document.pk}/")

    told = {
        who: world.ask(who, content_path(world, document)).getvalue()
        for who in ("pimpinan", "opd_own", "gugus_tugas", "wilayah")
    }

    assert set(told.values()) == {page.getvalue()} == {b"pratinjau"}
    with document.file.open() as original:
        assert original.read() != b"pratinjau"


def test_a_file_is_found_under_its_own_facility_alone_and_once_it_is_made(world):
    elsewhere = CredentialFactory(
        facility__city=world.assessment.city,
        document=shown(SupportingDocumentFactory(city=world.assessment.city)),
    )
    waiting = FacilityPhotoFactory(facility=world.facility)
    for document in (
        elsewhere.document,  # of another facility
        world.finding.document,  # of a finding, at an address of its own
        world.evidence.document,  # of a question
        waiting.document,  # nothing is made of it yet
    ):
        answer = world.ask("pimpinan", content_path(world, document))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "facts", [{"scan_state": ScanState.INFECTED}, {"sensitivity": Sensitivity.CHILD}]
)
def test_what_a_page_keeps_closed_is_closed_here_and_says_so(world, facts):
    marked(world.paper.document, **facts)

    [told] = documents(world)
    answer = world.ask("pimpinan", content_path(world, world.paper.document))

    assert (told["is_openable"], told["is_ready"]) == (False, True)
    assert (answer.status_code, answer.json()["code"]) == (403, "closed_document")


def test_whoever_reads_sensitive_documents_is_told_that_they_may(world):
    marked(world.paper.document, sensitivity=Sensitivity.CHILD)

    told = {who: documents(world, who)[0]["is_openable"] for who in ("gugus_tugas", "pendamping")}

    assert told == {"gugus_tugas": True, "pendamping": False}


# --- Routes -----------------------------------------------------------------------------------


def test_a_route_tells_its_stops_in_order_and_what_is_ready_there(world):
    unit = world.report.unit
    type(unit).objects.filter(pk=unit.pk).update(contact="Kantor 1")
    last = RouteStopFactory(
        route=world.route, position=3, facility=None, unit=unit, receiver="Sekretaris Lurah"
    )
    other = FacilityFactory(
        city=world.assessment.city, office=True, address="Jalan Mawar", contact="0274-2"
    )
    RouteStopFactory(route=world.route, position=2, facility=other)
    RouteFactory(city=world.people["stranger"].memberships.get().city)

    listed = world.ask("pimpinan", f"{world.city}routes/").json()["items"]
    told = world.ask("pimpinan", f"{world.city}routes/{world.route.pk}/").json()

    def line(place, position, **facts):
        return {
            "position": position, "facility": None, "unit": None, "name": place.name,
            "address": "", "contact": "", "receiver": "", "is_ready": False,
        } | facts  # fmt: skip

    ready = [stop.pop("ready") for stop in told["stops"]]
    assert listed == [{"id": world.route.pk, "name": world.route.name, "on": "2026-05-20"}]
    assert told == {
        "route": listed[0],
        "stops": [
            line(world.facility, 1, facility=world.facility.pk),
            line(other, 2, facility=other.pk, address="Jalan Mawar", contact="0274-2"),
            line(unit, 3, unit=unit.code, contact="Kantor 1", receiver=last.receiver),
        ],
    }
    stops = route_stops(world.route, world.assessment, TODAY.date())
    assert ready == [
        [{"says": one.words, "is_good": one.is_good} for one in stop.ready] for stop in stops
    ]
    assert ready[2] == [{"says": "0 kriteria sudah diterima", "is_good": False}]


# --- What is to be mended ---------------------------------------------------------------------


def test_a_finding_tells_what_and_where_until_when_by_whom_and_what_was_done(world):
    city, facility = world.assessment.city, world.facility
    visit = VisitFactory(facility=facility, key=uuid4())
    done = FindingFactory(
        facility=facility, closed=True, opd=city.opds.get(code="DINKES"), visit_key=visit.key
    )
    # The visit of another place under the same key, and one that has not arrived.
    astray = FindingFactory(facility=FacilityFactory(city=city), visit_key=visit.key)
    late = world.finding

    assert findings(world) == [
        {
            "id": late.pk,
            "facility": facility.pk,
            "facility_name": facility.name,
            "sentence": late.sentence,
            "spot": "Ruang ASI",
            "found_on": "2026-02-20",
            "found_by": late.by.name,
            "on_visit": False,
            "opd": None,
            "due_on": "2026-03-20",
            "is_late": True,
            "closed_at": None,
            "closed_by": None,
            "done": "",
            "photo_ready": True,
        },
        {
            "id": done.pk,
            "facility": facility.pk,
            "facility_name": facility.name,
            "sentence": done.sentence,
            "spot": "Ruang ASI",
            "found_on": "2026-02-20",
            "found_by": done.by.name,
            "on_visit": True,
            "opd": "DINKES",
            "due_on": "2026-03-20",
            "is_late": False,
            "closed_at": "2026-03-02T03:00:00Z",
            "closed_by": done.closed_by.name,
            "done": "Sudah diganti",
            "photo_ready": None,
        },
        {
            "id": astray.pk,
            "facility": astray.facility_id,
            "facility_name": astray.facility.name,
            "sentence": astray.sentence,
            "spot": "Ruang ASI",
            "found_on": "2026-02-20",
            "found_by": astray.by.name,
            "on_visit": False,
            "opd": None,
            "due_on": "2026-03-20",
            "is_late": True,
            "closed_at": None,
            "closed_by": None,
            "done": "",
            "photo_ready": None,
        },
    ]


def test_an_opd_reads_what_it_settles_and_what_is_at_its_facilities(world):
    city = world.assessment.city
    health = city.opds.get(code="DINKES")
    asked = FindingFactory(facility=world.facility, opd=health)
    theirs = FindingFactory(facility=FacilityFactory(city=city, opd=health))
    FindingFactory(facility__city=city, opd=city.opds.get(code="DP3A"))

    read = {
        who: [(one["id"], one["facility"]) for one in findings(world, who)]
        for who in ("opd_own", "opd_other", "wilayah")
    }

    own, place = world.finding.pk, world.facility.pk
    assert read == {
        "opd_own": [(own, place), (asked.pk, place)],
        # It settles the one without seeing the facility, and the page leads to no other.
        "opd_other": [(asked.pk, None), (theirs.pk, theirs.facility_id)],
        "wilayah": [(own, place), (asked.pk, place)],
    }


def test_the_photo_of_a_finding_is_what_its_page_shows(world):
    without = FindingFactory(facility=world.facility)
    path = f"{world.city}findings/{{}}/photo/"

    assert world.ask("opd_own", path.format(world.finding.pk)).getvalue() == b"pratinjau"
    assert world.ask("opd_own", path.format(without.pk)).status_code == 404
    assert world.ask("opd_other", path.format(world.finding.pk)).status_code == 404
    marked(world.finding.document, scan_state=ScanState.INFECTED)
    closed = world.ask("opd_own", path.format(world.finding.pk))
    assert (closed.status_code, closed.json()["code"]) == (403, "closed_document")
