"""No number of a person is written down about facilities, on no page and from no sheet."""

from datetime import date

import pytest

from facilities.services.facilities import (
    CredentialFacts,
    FacilityFacts,
    change_facility,
    record_credential,
    record_facility,
)
from facilities.services.findings import FindingFacts, close_finding, record_finding
from facilities.services.photos import add_photo
from facilities.services.routes import add_stop
from facilities.services.visits import Findings, record_visit
from tests.assessments.situations import NOW, checked, refused, secretary_of
from tests.facilities.test_pages import picture
from tests.factories.facilities import FacilityFactory, FindingFactory, RouteFactory

NIK = "3275 0141-0711.0002"
TODAY = date(2026, 3, 2)


@pytest.fixture
def by(year):
    return secretary_of(year)


@pytest.fixture
def place(city):
    RouteFactory(city=city)
    return FindingFactory(facility=FacilityFactory(city=city, office=True)).facility


def photo():
    return checked(picture(90).read(), "foto.jpg", "image/jpeg")


DEEDS = {
    "sentence": lambda place, deed: record_finding(
        facility_id=place.pk, facts=FindingFacts(f"Anak {NIK}"), file=photo(), **deed
    ),
    "spot": lambda place, deed: record_finding(
        facility_id=place.pk, facts=FindingFacts("Rusak", spot=NIK), file=None, **deed
    ),
    "done": lambda place, deed: close_finding(
        finding_id=place.findings.get().pk, done=f"Untuk {NIK}", **deed
    ),
    "visit": lambda place, deed: record_visit(
        facility_id=place.pk,
        checklist="permenkes-15-2013",
        on=TODAY,
        found=Findings(answers={}),
        note=NIK,
        **deed,
    ),
    "caption": lambda place, deed: add_photo(
        facility_id=place.pk, file=photo(), caption=f"Anak {NIK}", **deed
    ),
    "name": lambda place, deed: record_facility(
        city=place.city, facts=FacilityFacts("rbra", "", f"Taman {NIK}"), **deed
    ),
    "contact": lambda place, deed: change_facility(
        facility_id=place.pk,
        facts=FacilityFacts(place.type, place.kind, "Baru", contact=NIK),
        **deed,
    ),
    "issuer": lambda place, deed: record_credential(
        facility_id=place.pk,
        facts=CredentialFacts(scheme="sk", number="1", issued_on=TODAY, issuer=NIK),
        **deed,
    ),
    "receiver": lambda place, deed: add_stop(
        route_id=place.city.verification_routes.get().pk,
        facility=place,
        unit=None,
        receiver=NIK,
        **deed,
    ),
}


@pytest.mark.parametrize("what", DEEDS)
def test_what_looks_like_a_nik_is_refused_and_nothing_is_kept(place, by, what):
    with refused("nik"):
        DEEDS[what](place, {"by": by, "at": NOW})


@pytest.mark.parametrize("number", ["08123456789012", "275014107110002", "400.2/17/2024"])
def test_numbers_of_offices_and_papers_are_no_nik(place, by, number):
    change_facility(
        facility_id=place.pk,
        facts=FacilityFacts(place.type, place.kind, "Kantor", contact=number),
        by=by,
        at=NOW,
    )

    place.refresh_from_db()
    assert place.contact == number
