"""Recording facilities, their papers and users: who may, what is refused, what the trail tells."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cities.models import CityTrailEvent
from facilities.models import Credential, Facility
from facilities.services.facilities import (
    CredentialFacts,
    FacilityFacts,
    change_credential,
    change_facility,
    proposed_end,
    record_credential,
    record_facility,
    record_use,
    remove_credential,
)
from facilities.types import catalogue
from tests.assessments.situations import NOW, refused, secretary_of, staff_of
from tests.factories.cities import OpdFactory
from tests.factories.facilities import CredentialFactory, FacilityFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory

FACTS = FacilityFacts(type="prap", kind="", name="Puskesmas  Yosomulyo")
PAPER = CredentialFacts("prap", " B-7/2024 ", date(2024, 3, 1))


def deeds_of(city):
    return list(city.activities.order_by("position").values_list("deed", "target"))


def test_a_recorded_facility_is_there_and_in_the_trail(year, city):
    by = secretary_of(year)

    facility = record_facility(city=city, facts=FACTS, by=by, at=NOW)

    assert Facility.objects.get() == facility
    assert (facility.name, facility.by, facility.at) == ("Puskesmas Yosomulyo", by, NOW)
    assert deeds_of(city) == [(CityTrailEvent.FACILITY_RECORDED, "Puskesmas Yosomulyo")]


@pytest.mark.parametrize(
    ("sort", "kind"), [("taman", ""), ("sra", ""), ("sra", "kampus"), ("prap", "sd-mi")]
)
def test_a_type_that_nobody_knows_is_refused(year, city, sort, kind):
    by = secretary_of(year)

    with refused("unknown_type"):
        record_facility(city=city, facts=replace(FACTS, type=sort, kind=kind), by=by, at=NOW)


def test_the_unit_and_the_opd_are_of_the_same_city(year, city):
    by = secretary_of(year)

    for foreign in ({"unit": UnitFactory()}, {"opd": OpdFactory()}):
        with refused("foreign"):
            record_facility(city=city, facts=replace(FACTS, **foreign), by=by, at=NOW)


def test_an_opd_records_and_changes_its_own_and_no_other(year, city):
    staff = staff_of(year, "DINKES")
    others = FacilityFactory(city=city, opd=city.opds.get(code="DISDIK"))

    own = record_facility(city=city, facts=replace(FACTS, opd=staff.opd), by=staff.user, at=NOW)

    assert list(Facility.objects.visible_to(staff)) == [own]
    with pytest.raises(PermissionDenied):
        record_facility(city=city, facts=FACTS, by=staff.user, at=NOW)
    facts = replace(FACTS, opd=others.opd)
    with pytest.raises(PermissionDenied):  # nor does it give one away
        change_facility(facility_id=own.pk, facts=facts, by=staff.user, at=NOW)
    with pytest.raises(PermissionDenied):
        change_facility(facility_id=others.pk, facts=FACTS, by=staff.user, at=NOW)


def test_the_people_of_a_unit_record_what_lies_in_it_or_below(city):
    district = UnitFactory(kecamatan=True, city=city)
    village, elsewhere = UnitFactory(city=city, parent=district), UnitFactory(city=city)
    camat = UnitSeatFactory(unit=district).membership
    foreign = FacilityFactory(city=city, unit=elsewhere)

    facts = replace(FACTS, unit=village)
    own = record_facility(city=city, facts=facts, by=camat.user, at=NOW)

    assert list(Facility.objects.visible_to(camat)) == [own]
    facts = replace(FACTS, unit=elsewhere)
    with pytest.raises(PermissionDenied):
        record_facility(city=city, facts=facts, by=camat.user, at=NOW)
    with pytest.raises(PermissionDenied):
        record_credential(facility_id=foreign.pk, facts=PAPER, by=camat.user, at=NOW)


def test_the_same_code_of_one_type_is_recorded_once(year, city):
    by = secretary_of(year)
    record_facility(city=city, facts=replace(FACTS, code="P-1"), by=by, at=NOW)

    with pytest.raises(ValidationError, match="sudah tercatat"):
        record_facility(city=city, facts=replace(FACTS, code="P-1", name="B"), by=by, at=NOW)

    record_facility(city=city, facts=replace(FACTS, code="P-2"), by=by, at=NOW)
    assert Facility.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"active_from": date(2024, 1, 2), "active_to": date(2024, 1, 1)}, "sebelum awalnya"),
        ({"staff": 3, "trained": 4}, "lebih banyak daripada petugas"),
    ],
)
def test_what_cannot_be_is_refused_by_the_row(year, city, fields, sentence):
    by = secretary_of(year)

    with pytest.raises(ValidationError, match=sentence):
        record_facility(city=city, facts=replace(FACTS, **fields), by=by, at=NOW)

    assert Facility.objects.count() == 0


def test_only_types_that_ask_for_a_thing_keep_whether_it_is_there(year, city):
    by = secretary_of(year)
    puskesmas = record_facility(city=city, facts=replace(FACTS, provides=True), by=by, at=NOW)
    facts = replace(FACTS, type="ruang-asi", kind="kantor", provides=False)

    office = record_facility(city=city, facts=facts, by=by, at=NOW)

    assert (puskesmas.provides, office.provides) == (None, False)


def test_a_change_tells_only_what_differs_and_the_same_again_tells_nothing(year, city):
    facility = FacilityFactory(city=city, name="Puskesmas A")
    by = secretary_of(year)
    facts = replace(FACTS, name="Puskesmas A", address="Jl. Mawar")

    for _again in range(2):
        change_facility(facility_id=facility.pk, facts=facts, by=by, at=NOW)

    [told] = city.activities.all()
    assert (told.before, told.after) == ({"address": None}, {"address": "Jl. Mawar"})


def test_a_certificate_holds_as_many_years_as_its_scheme_says(year, city):
    facility = FacilityFactory(city=city)

    paper = record_credential(facility_id=facility.pk, facts=PAPER, by=secretary_of(year), at=NOW)

    assert (paper.number, paper.kind, paper.expires_on) == (
        "B-7/2024",
        "standard",
        date(2027, 3, 1),
    )


def test_what_no_source_limits_has_no_end_and_what_somebody_enters_counts(year, city):
    facility, by = FacilityFactory(city=city, school=True), secretary_of(year)
    end = date(2025, 1, 1)

    facts = CredentialFacts("sra", "1", date(2024, 3, 1))
    open_end = record_credential(facility_id=facility.pk, facts=facts, by=by, at=NOW)
    facts = replace(facts, number="2", expires_on=end)
    entered = record_credential(facility_id=facility.pk, facts=facts, by=by, at=NOW)

    assert (open_end.expires_on, entered.expires_on) == (None, end)


def test_a_leap_day_ends_on_the_day_before(year):
    assert proposed_end(catalogue().schemes["prap"], date(2024, 2, 29)) == date(2027, 2, 28)


def test_the_same_paper_again_is_the_one_that_is_there(year, city):
    facility, by = FacilityFactory(city=city), secretary_of(year)

    first, second = (
        record_credential(facility_id=facility.pk, facts=PAPER, by=by, at=NOW) for _ in range(2)
    )

    assert first == second
    assert len(deeds_of(city)) == Credential.objects.count() == 1


def test_a_paper_of_another_type_is_refused(year, city):
    facility = FacilityFactory(city=city)

    with refused("unknown_scheme"):
        record_credential(
            facility_id=facility.pk,
            facts=replace(PAPER, scheme="rbra"),
            by=secretary_of(year),
            at=NOW,
        )


def test_only_a_certificate_of_training_counts_people(year, city):
    facility, by = FacilityFactory(city=city), secretary_of(year)

    standard = record_credential(
        facility_id=facility.pk, facts=replace(PAPER, people=4), by=by, at=NOW
    )
    training = record_credential(
        facility_id=facility.pk, facts=replace(PAPER, scheme="kha", people=4), by=by, at=NOW
    )

    assert (standard.people, training.people) == (None, 4)


def test_another_end_lets_people_be_told_again(year, city):
    paper = CredentialFactory(facility__city=city, told=30)
    by = secretary_of(year)
    same = CredentialFacts("prap", paper.number, paper.issued_on, expires_on=paper.expires_on)

    change_credential(credential_id=paper.pk, facts=same, by=by, at=NOW)
    kept = Credential.objects.get().told
    later = replace(same, expires_on=date(2028, 1, 1))
    change_credential(credential_id=paper.pk, facts=later, by=by, at=NOW)

    assert (kept, Credential.objects.get().told) == (30, None)
    assert deeds_of(city) == [(CityTrailEvent.CREDENTIAL_CHANGED, paper.facility.name)]


def test_a_paper_that_ends_before_its_issue_is_refused(year, city):
    paper = CredentialFactory(facility__city=city)
    facts = CredentialFacts("prap", "9", date(2024, 3, 1), expires_on=date(2024, 2, 1))

    with pytest.raises(ValidationError, match="sebelum terbit"):
        change_credential(credential_id=paper.pk, facts=facts, by=secretary_of(year), at=NOW)


def test_a_paper_recorded_by_mistake_goes_and_the_trail_keeps_it(year, city):
    paper = CredentialFactory(facility__city=city)

    remove_credential(credential_id=paper.pk, by=secretary_of(year), at=NOW)

    assert Credential.objects.count() == 0
    [told] = city.activities.all()
    assert (told.before["number"], told.after) == (paper.number, {})


def test_the_users_of_a_year_are_one_row_that_is_written_over(year, city):
    facility, by = FacilityFactory(city=city), secretary_of(year)
    numbers = {"boys": 3, "girls": 4, "special": 1}

    for more in (0, 0, 1):
        count = numbers | {"boys": 3 + more}
        record_use(facility_id=facility.pk, year=2025, **count, by=by, at=NOW)

    [use] = facility.uses.all()
    assert (use.year, use.boys, use.girls, use.special) == (2025, 4, 4, 1)
    assert len(deeds_of(city)) == 2
    with pytest.raises(ValidationError, match="AMPK"):
        record_use(facility_id=facility.pk, year=2025, boys=1, girls=1, special=3, by=by, at=NOW)
