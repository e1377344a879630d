"""Checklists filled on a visit: points, required items, and what is refused."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.models import Visit
from facilities.queries.boards import facility_page, missing_items
from facilities.services.visits import Findings, Position, record_visit, result_of
from facilities.types import catalogue
from tests.assessments.situations import NOW, refused, secretary_of, staff_of
from tests.factories.facilities import FacilityFactory, FindingFactory, VisitFactory

TODAY = date(2026, 3, 2)
ROOM = catalogue().types["ruang-asi"].checklists[0]
SRA = catalogue().types["sra"].checklist("sra-paud-dasar")


def all_said(word, **others):
    return {item.code: word for item in ROOM.items} | others


@pytest.mark.parametrize(
    ("answers", "score", "maximum", "missing"),
    [
        (all_said("ya"), 7, 7, 0),
        (all_said("tidak"), 0, 7, 7),
        (all_said("ya", pintu="tidak"), 6, 7, 1),
        (all_said("ya", pintu="tb"), 6, 6, 0),  # what does not apply is not asked
        (all_said("tb"), 0, 0, 0),
    ],
)
def test_each_item_that_is_met_counts_one_and_a_required_one_that_is_not_is_missing(
    answers, score, maximum, missing
):
    found = result_of(ROOM, Findings(answers))

    assert (found.score, found.maximum, found.missing) == (score, maximum, missing)


@pytest.mark.parametrize("word", ["", "mungkin", None])
def test_an_item_without_an_answer_is_named(word):
    with pytest.raises(ValidationError) as caught:
        result_of(ROOM, Findings(all_said("ya", wastafel=word)))

    assert caught.value.code == "incomplete"
    assert caught.value.messages == ["1 butir belum diisi, mulai dari “Wastafel”."]


@pytest.mark.parametrize(("score", "missing"), [(305, 0), (0, 134), ("210.5", 1)])
def test_the_official_result_is_kept_as_it_is(score, missing):
    found = result_of(SRA, Findings({}, Decimal(score), missing))

    assert (found.score, found.maximum, found.missing) == (Decimal(score), Decimal(305), missing)


@pytest.mark.parametrize(
    ("score", "missing", "code"),
    [
        (None, 0, "incomplete"),
        (Decimal(200), None, "incomplete"),
        (Decimal("305.01"), 0, "impossible"),
        (Decimal(200), 135, "impossible"),
    ],
)
def test_a_result_that_the_official_paper_cannot_have_is_refused(score, missing, code):
    with pytest.raises(ValidationError) as caught:
        result_of(SRA, Findings({}, score, missing))

    assert caught.value.code == code


def visit(facility, by, **fields):
    told = {
        "checklist": ROOM.code,
        "on": TODAY,
        "found": Findings(all_said("ya")),
        "note": " Baik ",
    }
    return record_visit(facility_id=facility.pk, **told | fields, by=by, at=NOW)


def test_a_visit_is_kept_with_its_score_and_told_in_the_trail(year, city):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)

    kept = visit(facility, by, found=Findings(all_said("ya", pintu="tidak", lain="ya")))

    assert (kept.score, kept.maximum, kept.missing, kept.note) == (6, 7, 1, "Baik")
    assert kept.version == "2013"
    assert kept.answers == all_said("ya", pintu="tidak")  # an item that is not asked is not kept
    [told] = city.activities.all()
    assert told.after == {
        "checklist": "Syarat ruang ASI, Permenkes 15/2013",
        "issued_on": "2 Maret 2026",
        "result": "nilai 6, 1 butir wajib belum terpenuhi",
    }


def test_a_later_visit_leaves_the_earlier_one_as_it_was(year, city):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)
    first = visit(facility, by, on=date(2026, 1, 1), found=Findings(all_said("tidak")))

    second = visit(facility, by)

    assert list(facility.visits.all()) == [second, first]
    assert Visit.objects.get(pk=first.pk).missing == 7


def test_the_page_names_what_the_last_visit_found_missing(year, city):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)
    visit(facility, by, found=Findings(all_said("ya", pintu="tidak", wastafel="tb")))

    page = facility_page(facility, TODAY)

    assert page.missing == ["Pintu dapat dikunci"]
    assert missing_items(facility, None) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"checklist": "prap-data"}, "unknown"),
        ({"checklist": "karangan"}, "unknown"),
        ({"on": date(2026, 3, 3)}, "in_future"),
        ({"found": Findings({})}, "incomplete"),
    ],
)
def test_what_cannot_be_a_visit_is_refused(year, city, fields, code):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)

    with refused(code):
        visit(facility, by, **fields)


def test_a_school_takes_only_the_checklist_of_its_level(year, city):
    facility, by = FacilityFactory(city=city, school=True), secretary_of(year)
    found = Findings({}, Decimal(200), 0)

    with refused("unknown"):
        visit(facility, by, checklist="sra-menengah", found=found)

    assert visit(facility, by, checklist="sra-paud-dasar", found=found).maximum == 305


def test_an_opd_visits_its_own(year, city):
    staff = staff_of(year, "DINKES")
    own = FacilityFactory(city=city, office=True, opd=staff.opd)

    assert visit(own, staff.user).by == staff.user


def test_a_list_that_somebody_else_filled_meanwhile_is_refused_and_told(year, city):
    facility = FacilityFactory(city=city, office=True)
    other, by = secretary_of(year, name="Wayan Sudarma"), secretary_of(year)
    first = visit(facility, other, seen=0)

    with pytest.raises(ValidationError) as caught:
        visit(facility, by, seen=0)

    assert (caught.value.code, list(facility.visits.all())) == ("conflict", [first])
    [told] = caught.value.messages
    assert told == (
        "Wayan Sudarma sudah mencatat daftar ini untuk 2 Maret 2026: nilai 7, 0 butir wajib belum"
        " terpenuhi. Bandingkan, lalu simpan lagi bila hasil Anda perlu dicatat di sampingnya."
    )

    second = visit(facility, by, seen=first.pk)
    assert list(facility.visits.all()) == [second, first]


def test_ones_own_earlier_visit_and_another_list_are_no_conflict(year, city):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)
    VisitFactory(facility=facility, checklist="lain")
    visit(facility, by, seen=0)

    assert visit(facility, by, seen=0).by == by


def test_what_a_phone_sends_again_is_the_visit_of_then(year, city):
    facility, by, key = FacilityFactory(city=city, office=True), secretary_of(year), uuid4()
    first = visit(facility, by, key=key, seen=0)
    visit(facility, secretary_of(year))  # somebody else's, in between

    again = visit(facility, by, key=key, seen=0, note="Lain")
    elsewhere = visit(FacilityFactory(city=city, office=True), by, key=key)

    assert (again, again.note) == (first, "Baik")
    assert Visit.objects.filter(key=key).count() == 2  # a key counts within its facility
    assert elsewhere.key == key


def test_the_position_is_kept_to_some_ten_metres(year, city):
    facility, by = FacilityFactory(city=city, office=True), secretary_of(year)
    place = Position(Decimal("-6.91474400"), Decimal("107.60981149"))

    kept = Visit.objects.get(pk=visit(facility, by, position=place).pk)

    assert (kept.latitude, kept.longitude) == (Decimal("-6.9147"), Decimal("107.6098"))
    assert Visit.objects.get(pk=visit(facility, by).pk).latitude is None


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("90.0001", "0"), ("0", "-180.0001"), ("1", None)]
)
def test_a_position_that_is_none_is_not_stored(city, latitude, longitude):
    facility = FacilityFactory(city=city)

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitFactory(facility=facility, latitude=latitude, longitude=longitude)


def test_the_form_takes_a_position_only_whole_and_on_earth(client, year, city):
    facility = FacilityFactory(city=city, office=True)
    client.force_login(secretary_of(year))
    page = reverse("facilities:visit_create", args=[city.slug, facility.pk, ROOM.code])
    said = {f"butir-{code}": word for code, word in all_said("ya").items()} | {"on": "2-3-2026"}

    beyond = client.post(page, said | {"latitude": "91", "longitude": "1"})
    client.post(page, said | {"latitude": "-6.9147", "kunci": str(uuid4())})
    client.post(
        page, said | {"latitude": "-6.91474", "longitude": "107.6098", "kunci": str(uuid4())}
    )

    assert beyond.status_code == 200
    places = [(str(one.latitude), str(one.longitude)) for one in Visit.objects.order_by("pk")]
    assert places == [("None", "None"), ("-6.9147", "107.6098")]
    assert "geo:-6.9147,107.6098" in client.get(facility.get_absolute_url()).text


def test_a_visit_says_how_many_findings_it_had(year, city):
    facility, key = FacilityFactory(city=city), uuid4()
    VisitFactory(facility=facility, on=date(2025, 1, 1))
    VisitFactory(facility=facility, on=date(2025, 2, 1), key=key)
    FindingFactory.create_batch(2, facility=facility, visit_key=key)
    FindingFactory(visit_key=key)  # elsewhere
    FindingFactory(facility=facility)

    page = facility_page(facility, TODAY)

    assert [visit.found for visit in page.visits] == [2, None]
