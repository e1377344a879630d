"""What is to be mended at facilities: recorded once, due on a day, planned, closed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import SupportingDocument
from facilities.models import Finding
from facilities.queries.findings import finding_rows, visit_of
from facilities.services.findings import (
    FindingFacts,
    close_finding,
    plan_finding,
    record_finding,
)
from tests.assessments.situations import NOW, checked, refused, secretary_of, staff_of, stored_files
from tests.facilities.test_pages import picture, url
from tests.factories.cities import OpdFactory
from tests.factories.facilities import FacilityFactory, FindingFactory, VisitFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory

TODAY = date(2026, 3, 2)  # of NOW in the city
DONE = "Kunci pintu sudah diganti."


@pytest.fixture
def facility(city):
    return FacilityFactory(city=city, office=True, opd=city.opds.get(code="DINKES"))


def found(facility, by, file=None, key=None, **facts):
    facts = FindingFacts(**{"sentence": " Pintu rusak ", **facts})
    return record_finding(facility_id=facility.pk, facts=facts, file=file, key=key, by=by, at=NOW)


def photo_file(shade=100):
    return checked(picture(shade).read(), "foto.jpg", "image/jpeg")


def test_a_sentence_suffices_and_the_rest_has_its_usual_value(year, facility):
    kept = found(facility, secretary_of(year))

    assert (kept.sentence, kept.spot, kept.document, kept.opd) == ("Pintu rusak", "", None, None)
    assert (kept.found_on, kept.due_on) == (TODAY, TODAY + timedelta(days=30))
    [told] = facility.city.activities.all()
    assert (told.deed, told.target) == ("finding_recorded", facility.name)
    assert told.after == {
        "finding": "Pintu rusak",
        "due_on": "1 April 2026",
        "owner": "Fasilitas sendiri",
    }


def test_photo_spot_day_and_opd_are_kept(year, facility):
    kept = found(
        facility,
        secretary_of(year),
        photo_file(),
        spot=" Ruang ASI ",
        opd=facility.opd,
        found_on=date(2026, 2, 27),
        due_on=date(2026, 3, 9),
    )

    assert (kept.spot, kept.opd, kept.due_on) == ("Ruang ASI", facility.opd, date(2026, 3, 9))
    assert (kept.document.title, kept.document.opd) == ("Pintu rusak", facility.opd)
    assert kept.settled_by == facility.opd.name


def test_what_a_phone_sends_again_is_the_finding_of_then(year, facility):
    by, key = secretary_of(year), uuid4()
    first = found(facility, by, photo_file(), key=key)

    again = found(facility, by, photo_file(), key=key, sentence="Lain")
    other = found(facility, by, key=uuid4())

    assert (again, again.sentence) == (first, "Pintu rusak")
    assert set(facility.findings.all()) == {first, other}
    assert SupportingDocument.objects.count() == 1


def test_one_photo_may_show_two_findings_and_is_stored_once(year, facility):
    by = secretary_of(year)
    first = found(facility, by, photo_file())

    second = found(facility, by, photo_file(), sentence="Lampu mati")

    assert second.document == first.document
    elsewhere = FacilityFactory(city=facility.city)
    with refused("already_stored"):
        found(elsewhere, by, photo_file())


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"sentence": "  "}, "empty"),
        ({"found_on": date(2026, 3, 3)}, "in_future"),
        ({"due_on": date(2026, 3, 1)}, "due_before"),
    ],
)
def test_what_cannot_be_a_finding_is_refused_and_leaves_no_file(year, facility, facts, code):
    with refused(code):
        found(facility, secretary_of(year), photo_file(), **facts)

    assert (Finding.objects.count(), stored_files()) == (0, [])


def test_a_file_that_is_no_photo_is_refused(year, facility):
    with refused("not_a_photo"):
        found(facility, secretary_of(year), checked())


def test_only_the_coordinator_hands_a_finding_to_any_opd(year, city, facility):
    dinkes, other = staff_of(year, "DINKES"), city.opds.get(code="DISDIK")

    with refused("foreign"):
        found(facility, dinkes.user, opd=other)

    assert found(facility, dinkes.user, opd=dinkes.opd).opd == dinkes.opd
    assert found(facility, secretary_of(year), opd=other).opd == other
    by, foreign = secretary_of(year), OpdFactory()
    with refused("foreign"):
        found(facility, by, opd=foreign)


def test_who_settles_it_sees_it_though_the_facility_is_of_another(year, city, facility):
    staff = staff_of(year, "DISDIK")
    theirs = FindingFactory(facility=facility, opd=staff.opd)
    FindingFactory(facility=facility)
    FindingFactory(facility__city=staff.city, opd=None)
    unit = UnitFactory(city=city)
    in_unit = FindingFactory(facility__city=city, facility__unit=unit)
    seat = UnitSeatFactory(unit=unit).membership

    assert list(Finding.objects.visible_to(staff)) == [theirs]
    assert list(Finding.objects.visible_to(seat)) == [in_unit]


def test_closing_says_what_was_done_and_by_whom(year, facility):
    staff = staff_of(year, "DINKES")
    finding = FindingFactory(facility=facility, opd=staff.opd)

    closed = close_finding(finding_id=finding.pk, done=f" {DONE} ", by=staff.user, at=NOW)

    assert (closed.done, closed.closed_at, closed.closed_by) == (DONE, NOW, staff.user)
    [told] = facility.city.activities.all()
    assert told.after == {"finding": finding.sentence, "done": DONE}


def test_a_closed_one_stays_as_it_is_and_says_who_was_first(year, facility):
    by = secretary_of(year, name="Wayan Sudarma")
    finding = FindingFactory(facility=facility)
    close_finding(finding_id=finding.pk, done=DONE, by=by, at=NOW)

    with pytest.raises(ValidationError) as caught:
        close_finding(finding_id=finding.pk, done="Lain", by=secretary_of(year), at=NOW)
    with refused("closed"):
        plan_finding(finding_id=finding.pk, due_on=TODAY, opd=None, by=by, at=NOW)

    assert caught.value.code == "closed"
    assert caught.value.messages == [
        f"Wayan Sudarma sudah menyelesaikan temuan ini pada 2 Maret 2026: {DONE}"
    ]
    assert Finding.objects.get().done == DONE


def test_closing_without_a_word_is_refused(year, facility):
    finding = FindingFactory(facility=facility)

    with refused("empty"):
        close_finding(finding_id=finding.pk, done=" ", by=secretary_of(year), at=NOW)


def test_the_coordinator_gives_it_another_day_and_opd(year, city, facility):
    finding, opd = FindingFactory(facility=facility), city.opds.get(code="DISDIK")
    by = secretary_of(year)
    day = date(2026, 5, 1)

    for _ in range(2):
        plan_finding(finding_id=finding.pk, due_on=day, opd=opd, by=by, at=NOW)

    finding.refresh_from_db()
    assert (finding.due_on, finding.opd) == (day, opd)
    [told] = city.activities.all()  # the second time nothing differed
    assert (told.before["due_on"], told.after["owner"]) == ("20 Maret 2026", opd.name)


def test_an_opd_does_not_move_its_own_last_day(year, facility):
    staff = staff_of(year, "DINKES")
    finding = FindingFactory(facility=facility, opd=staff.opd)

    with pytest.raises(PermissionDenied):
        plan_finding(
            finding_id=finding.pk, due_on=date(2027, 1, 1), opd=None, by=staff.user, at=NOW
        )

    assert Finding.objects.get().due_on == date(2026, 3, 20)


@pytest.mark.parametrize(
    "fields",
    [
        {"due_on": date(2026, 2, 19)},
        {"done": "Diganti"},
        {"closed_at": NOW},
    ],
)
def test_the_database_refuses_what_no_finding_is(facility, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingFactory(facility=facility, **fields)


@pytest.mark.parametrize(
    ("days", "words", "is_late"),
    [(-1, "terlambat 1 hari", True), (0, "hari ini", False), (2, "2 hari lagi", False)],
)
def test_a_row_says_how_many_days_are_left_as_the_database_does(facility, days, words, is_late):
    finding = FindingFactory(facility=facility)
    day = finding.due_on - timedelta(days=days)

    [row] = finding_rows([finding], day)

    assert (row.words, row.is_late, finding.is_late(day)) == (words, is_late, is_late)
    assert Finding.objects.late_on(day).exists() is is_late


def test_a_finding_knows_its_visit_also_when_that_arrives_later(facility):
    key = uuid4()
    finding, without = FindingFactory(facility=facility, visit_key=key), FindingFactory()
    VisitFactory(key=key)  # of another facility
    before = visit_of(finding)

    visit = VisitFactory(facility=facility, key=key)

    assert (before, visit_of(finding), visit_of(without)) == (None, visit, None)


# --- Pages ------------------------------------------------------------------------------------


@pytest.fixture
def secretary(year, client):
    user = secretary_of(year)
    client.force_login(user)
    return user


def sentences(page):
    return [row.finding.sentence for row in page.context["rows"]]


@pytest.mark.usefixtures("secretary")
def test_the_list_shows_the_open_ones_by_their_last_day_unless_asked(client, city, facility):
    today = timezone.localdate()
    ago = {"found_on": date(2025, 1, 1)}
    FindingFactory(facility=facility, sentence="Nanti", due_on=today + timedelta(days=9))
    FindingFactory(
        facility=facility,
        sentence="Lewat",
        due_on=today - timedelta(days=1),
        opd=facility.opd,
        **ago,
    )
    FindingFactory(facility=facility, sentence="Beres", closed=True)
    FindingFactory(sentence="Kota lain")
    asked = {
        "": ["Lewat", "Nanti"],
        "keadaan=terlambat": ["Lewat"],
        "keadaan=selesai": ["Beres"],
        "keadaan=karangan": ["Lewat", "Nanti"],
        f"opd={facility.opd.pk}": ["Lewat"],
    }
    page = url("finding_list", city)

    assert {query: sentences(client.get(f"{page}?{query}")) for query in asked} == asked
    assert "2 belum selesai, 1 terlambat." in client.get(page).text
    assert "2 temuan belum selesai, 1 terlambat." in client.get(url("facility_list", city)).text


def test_a_finding_is_recorded_by_its_form_and_shown_at_the_facility(client, secretary, facility):
    page = url("finding_create", facility.city, facility.pk)
    key = str(uuid4())
    said = {"sentence": "Lampu mati", "spot": "Teras", "kunci": key, "file": picture()}

    done = client.post(page, said)
    again = client.post(page, said | {"file": picture()})

    finding = Finding.objects.get()
    assert (done.url, again.url) == (facility.get_absolute_url(),) * 2
    assert (finding.opd, finding.by, str(finding.key)) == (facility.opd, secretary, key)
    shown = client.get(facility.get_absolute_url()).context["findings"]
    assert ([row.finding for row in shown.open], shown.done) == ([finding], [])


@pytest.mark.usefixtures("secretary")
@pytest.mark.parametrize(("chosen", "code"), [("", "DINKES"), ("0", None), ("DISDIK", "DISDIK")])
def test_who_settles_it_is_the_opd_of_the_facility_unless_chosen(
    client, city, facility, chosen, code
):
    opd = city.opds.filter(code=chosen).first()

    client.post(
        url("finding_create", city, facility.pk),
        {"sentence": "Lampu mati", "opd": opd.pk if opd else chosen},
    )

    found_opd = Finding.objects.get().opd
    assert (found_opd.code if found_opd else None) == code


def test_an_opd_is_offered_itself_and_the_facility_alone(client, year, facility):
    client.force_login(staff_of(year, "DINKES").user)

    page = client.get(url("finding_create", facility.city, facility.pk))
    forged = client.post(
        url("finding_create", facility.city, facility.pk),
        {"sentence": "A", "opd": facility.city.opds.get(code="DISDIK").pk},
    )

    choices = page.context["form"].fields["opd"].choices
    assert choices == [("", facility.opd.name), ("0", "Fasilitas sendiri")]
    assert (forged.status_code, Finding.objects.count()) == (200, 0)


@pytest.mark.usefixtures("secretary")
def test_a_refused_finding_says_why_and_keeps_the_words(client, facility):
    page = client.post(
        url("finding_create", facility.city, facility.pk),
        {"sentence": "Lampu mati", "due_on": "1-1-2020"},
    )

    assert "Tenggat tidak boleh sebelum hari temuan" in page.text
    assert page.context["form"]["sentence"].value() == "Lampu mati"


@pytest.mark.usefixtures("secretary")
def test_a_finding_is_planned_and_closed_on_its_page(client, city, facility):
    finding = FindingFactory(facility=facility, found_on=date(2026, 1, 1))

    empty = client.post(url("finding_close", city, finding.pk), {"done": ""})
    bad = client.post(url("finding_plan", city, finding.pk), {"due_on": "1-1-2025"})
    planned = client.post(
        url("finding_plan", city, finding.pk), {"due_on": "1-4-2026", "opd": facility.opd.pk}
    )
    closed = client.post(url("finding_close", city, finding.pk), {"done": DONE})
    late = client.post(url("finding_close", city, finding.pk), {"done": "Lain"})

    finding.refresh_from_db()
    assert (empty.status_code, bad.status_code) == (200, 200)
    assert "Tenggat tidak boleh sebelum hari temuan, 1 Januari 2026." in bad.text
    assert (planned.url, closed.url) == (finding.get_absolute_url(),) * 2
    assert (finding.due_on, finding.opd, finding.done) == (date(2026, 4, 1), facility.opd, DONE)
    assert "sudah menyelesaikan temuan ini" in late.text
    assert "Nyatakan selesai" not in client.get(finding.get_absolute_url()).text


@pytest.mark.usefixtures("secretary")
def test_a_finding_without_photo_has_none_to_show(client, city, facility):
    finding = FindingFactory(facility=facility)

    assert client.get(url("finding_photo", city, finding.pk)).status_code == 404


def test_whoever_settles_it_closes_it_without_seeing_the_facility(client, year, city, facility):
    staff = staff_of(year, "DISDIK")
    finding = FindingFactory(facility=facility, opd=staff.opd)
    client.force_login(staff.user)

    page = client.get(finding.get_absolute_url())
    client.post(url("finding_close", city, finding.pk), {"done": DONE})

    assert ("Buka fasilitasnya" in page.text, "Ubah tenggat" in page.text) == (False, False)
    assert Finding.objects.get().closed_by == staff.user
    assert client.get(facility.get_absolute_url()).status_code == 404
