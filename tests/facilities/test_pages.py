"""The pages of facilities as people use them: from the list to papers, photos, sheets and routes."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessments.models import SupportingDocument
from facilities.models import Credential, Facility, FacilityPhoto, Route, Visit
from facilities.services.photos import MOST_PHOTOS, add_photo, file_credential, remove_photo
from tests.assessments.situations import NOW, checked, refused, secretary_of, staff_of, stored_files
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    RouteFactory,
    RouteStopFactory,
    VisitFactory,
)
from tests.factories.territories import UnitFactory, UnitSeatFactory


@pytest.fixture
def secretary(year, client):
    user = secretary_of(year)
    client.force_login(user)
    return user


def url(name, city, *args):
    return reverse(f"facilities:{name}", args=[city.slug, *args])


def picture(shade=100):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 20, 20)).save(out, "JPEG")
    return SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")


def names_on(page):
    return [row.facility.name for row in page.context["rows"]]


@pytest.mark.usefixtures("secretary")
def test_the_list_is_narrowed_by_type_state_district_and_words(client, city):
    today = timezone.localdate()
    unit = UnitFactory(city=city)
    certified = FacilityFactory(city=city, name="Bersertifikat", unit=unit, address="Jl. Kenanga")
    CredentialFactory(facility=certified, expires_on=today)
    lapsed = FacilityFactory(city=city, name="Lewat")
    CredentialFactory(facility=lapsed, expires_on=today - timedelta(days=1))
    decreed = CredentialFactory(facility__city=city, facility__name="Ber-SK", decree=True)
    FacilityFactory(city=city, name="Kantor", office=True, provides=False)
    FacilityFactory(city=city, name="Tutup", active_to=today - timedelta(days=1))
    FacilityFactory(name="Kota lain")
    asked = {
        "": ["Ber-SK", "Bersertifikat", "Kantor", "Lewat"],
        "jenis=prap": ["Ber-SK", "Bersertifikat", "Lewat"],
        "jenis=ruang-asi.kantor": ["Kantor"],
        "jenis=ruang-asi.fasilitas-umum": [],
        "keadaan=standar": ["Bersertifikat"],
        "keadaan=sk": [decreed.facility.name],
        "keadaan=tanpa": ["Kantor", "Lewat"],
        "keadaan=berakhir": ["Lewat"],
        "keadaan=tidak-ada": ["Kantor"],
        "keadaan=tutup": ["Tutup"],
        f"kecamatan={unit.parent.code}": ["Bersertifikat"],
        f"kecamatan={unit.code}": ["Bersertifikat"],
        f"kecamatan={UnitFactory().code}": ["Ber-SK", "Bersertifikat", "Kantor", "Lewat"],
        "q=KENANGA": ["Bersertifikat"],
        "jenis=karangan": ["Ber-SK", "Bersertifikat", "Kantor", "Lewat"],
    }

    page = url("facility_list", city)

    assert {query: names_on(client.get(f"{page}?{query}")) for query in asked} == asked


def test_everybody_sees_what_is_theirs(client, year, city):
    staff, unit = staff_of(year, "DINKES"), UnitFactory(city=city)
    seat = UnitSeatFactory(unit=unit)
    FacilityFactory(city=city, name="Milik OPD", opd=staff.opd)
    FacilityFactory(city=city, name="Di kelurahan", unit=unit)
    seen = {}
    for who, user in {
        "opd": staff.user,
        "unit": seat.membership.user,
        "secretary": secretary_of(year),
    }.items():
        client.force_login(user)
        seen[who] = names_on(client.get(url("facility_list", city)))

    assert seen == {
        "opd": ["Milik OPD"],
        "unit": ["Di kelurahan"],
        "secretary": ["Di kelurahan", "Milik OPD"],
    }


@pytest.mark.usefixtures("secretary")
def test_an_office_without_a_nursing_room_is_recorded_on_a_phone(client, city):
    page = url("facility_create", city)
    first = client.get(page)
    form = client.get(f"{page}?jenis=ruang-asi.kantor")

    done = client.post(
        f"{page}?jenis=ruang-asi.kantor", {"name": "Balai Kota", "provides": "tidak"}
    )

    facility = Facility.objects.get()
    assert ("ruang-asi.kantor" in first.text, "Ada ruang ASI" in form.text) == (True, True)
    assert (facility.kind, facility.provides) == ("kantor", False)
    assert done.url == facility.get_absolute_url()


def test_an_opd_is_offered_only_itself(client, year, city):
    staff = staff_of(year, "DINKES")
    client.force_login(staff.user)
    page = f"{url('facility_create', city)}?jenis=prap"

    forged = client.post(page, {"name": "A", "opd": city.opds.get(code="DISDIK").pk})
    done = client.post(page, {"name": "A", "opd": staff.opd.pk})

    assert (forged.status_code, done.status_code) == (200, 302)
    assert [one.opd for one in Facility.objects.all()] == [staff.opd]


@pytest.mark.usefixtures("secretary")
def test_a_refused_form_says_why_and_keeps_the_words(client, city):
    FacilityFactory(city=city, code="P-1")

    page = client.post(
        f"{url('facility_create', city)}?jenis=prap",
        {"name": "Kedua", "code": "P-1", "staff": "2", "trained": "3"},
    )
    again = client.post(
        f"{url('facility_create', city)}?jenis=prap", {"name": "Kedua", "code": "P-1"}
    )

    assert "Tidak boleh lebih banyak daripada jumlah petugas." in page.text
    assert "Fasilitas dengan jenis dan kode itu sudah tercatat." in again.text
    assert 'value="Kedua"' in again.text


@pytest.mark.usefixtures("secretary")
def test_a_paper_is_recorded_with_its_scan_put_right_and_taken_out(client, city):
    facility = FacilityFactory(city=city)
    said = {"scheme": "prap", "number": "B-1", "issued_on": "1-3-2024"}

    client.post(url("credential_create", city, facility.pk), said | {"file": picture()})
    paper = Credential.objects.get()
    document = paper.document
    said |= {"number": "B-2", "expires_on": "1-3-2026"}
    client.post(url("credential_edit", city, facility.pk, paper.pk), said)
    paper.refresh_from_db()
    page = client.get(facility.get_absolute_url())
    client.post(url("credential_remove", city, facility.pk, paper.pk))

    assert (document.city, paper.number, paper.document) == (city, "B-2", document)
    assert "Berakhir 1 Maret 2026, tidak terhitung." in page.text
    assert Credential.objects.count() == 0


@pytest.mark.usefixtures("secretary")
def test_an_end_before_the_issue_is_told_at_its_field(client, city):
    facility = FacilityFactory(city=city)
    said = {"scheme": "sk", "number": "1", "issued_on": "1-3-2024", "expires_on": "1-3-2023"}

    page = client.post(url("credential_create", city, facility.pk), said)

    assert list(page.context["form"].errors) == ["expires_on"]


@pytest.mark.usefixtures("secretary")
def test_a_photo_is_stored_and_shown_only_as_its_rendition(client, city):
    facility = FacilityFactory(city=city)

    client.post(
        url("photo_add", city, facility.pk), {"file": picture(), "caption": "Ruang bermain"}
    )
    photo = FacilityPhoto.objects.get()
    before = client.get(url("document_view", city, facility.pk, photo.document_id))
    foreign = FacilityPhotoFactory(facility__city=city)
    elsewhere = client.get(url("document_view", city, facility.pk, foreign.document_id))

    assert photo.document.title == "Ruang bermain"
    assert (before.status_code, elsewhere.status_code) == (404, 404)  # no rendition; not of here
    assert "pratinjau sedang dibuat" in client.get(facility.get_absolute_url()).text


def test_a_photo_goes_with_its_file_and_one_that_proves_an_answer_stays(
    year, city, secretary, django_capture_on_commit_callbacks
):
    facility = FacilityFactory(city=city)
    file = checked(b"foto", "foto.jpg", "image/jpeg")
    photo = add_photo(facility_id=facility.pk, file=file, caption="", by=secretary, at=NOW)
    stored = stored_files()

    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo_id=photo.pk, by=secretary, at=NOW)

    assert (len(stored), stored_files()) == (1, [])
    assert (FacilityPhoto.objects.count(), SupportingDocument.objects.count()) == (0, 0)


def test_what_is_no_photo_one_too_many_and_a_copy_are_refused(city, secretary):
    facility = FacilityFactory(city=city)
    signed = {"facility_id": facility.pk, "caption": "", "by": secretary, "at": NOW}

    with refused("not_a_photo"):
        add_photo(file=checked(), **signed)
    add_photo(file=checked(b"a", "a.jpg", "image/jpeg"), **signed)
    with refused("already_stored"):
        add_photo(file=checked(b"a", "b.jpg", "image/jpeg"), **signed)
    FacilityPhotoFactory.create_batch(MOST_PHOTOS - 1, facility=facility)
    with refused("too_many"):
        add_photo(file=checked(b"c", "c.jpg", "image/jpeg"), **signed)


def test_a_photo_that_a_phone_sends_again_is_stored_once(client, city, secretary):
    facility, elsewhere = FacilityFactory(city=city), FacilityFactory(city=city)
    key = {"kunci": "0b5c6a2e-7d1f-4a53-9a63-3f1f0c0f6b11", "caption": "Pintu"}
    page = url("photo_add", city, facility.pk)

    answers = [client.post(page, {**key, "file": picture()}) for _time in range(2)]

    assert [one.headers.get("Location") for one in answers] == [facility.get_absolute_url()] * 2
    [photo] = FacilityPhoto.objects.all()
    assert (str(photo.key), photo.facility) == (key["kunci"], facility)
    signed = {"caption": "", "by": secretary, "at": NOW}
    other = add_photo(
        facility_id=elsewhere.pk, file=checked(b"b", "b.jpg", "image/jpeg"), key=None, **signed
    )
    assert (other.key, other.facility) == (None, elsewhere)


def test_a_better_scan_takes_the_place_of_the_one_before(city, secretary):
    paper = CredentialFactory(facility__city=city)
    signed = {"credential_id": paper.pk, "by": secretary, "at": NOW}

    first = file_credential(file=checked(b"a"), **signed).document
    second = file_credential(file=checked(b"b"), **signed).document

    assert list(SupportingDocument.objects.all()) == [second]
    assert first != second


@pytest.mark.usefixtures("secretary")
def test_the_users_of_a_year_are_noted_and_a_slip_is_told(client, city):
    facility = FacilityFactory(city=city)
    page = url("use_save", city, facility.pk)

    slip = client.post(page, {"year": "2025", "boys": "1", "girls": "1", "special": "3"})
    client.post(page, {"year": "2025", "boys": "4", "girls": "5"})

    assert list(slip.context["use_form"].errors) == ["special"]
    assert [(use.boys, use.girls, use.special) for use in facility.uses.all()] == [(4, 5, 0)]


@pytest.mark.usefixtures("secretary")
def test_a_checklist_is_filled_on_a_page_and_an_open_item_is_told(client, city):
    facility = FacilityFactory(city=city, office=True)
    page = url("visit_create", city, facility.pk, "permenkes-15-2013")
    items = [item.code for item in facility.sort.checklists[0].items]
    said = {f"butir-{code}": "ya" for code in items} | {"on": "1-3-2026"}

    slip = client.post(page, {**said, "butir-pintu": ""})
    client.post(page, {**said, "butir-pintu": "tidak"})

    assert list(slip.context["form"].errors) == ["butir-pintu"]
    visit = Visit.objects.get()
    assert (visit.score, visit.maximum, visit.missing, visit.on) == (6, 7, 1, date(2026, 3, 1))
    assert client.get(url("visit_create", city, facility.pk, "karangan")).status_code == 404


@pytest.mark.usefixtures("secretary")
def test_a_sheet_goes_by_way_of_its_preview(client, city):
    content = b"jenis;nama\nPelayanan Ramah Anak di Puskesmas (PRAP);Puskesmas A\n"
    file = SimpleUploadedFile("lembar.csv", content, "text/csv")

    sent = client.post(url("sheet_upload", city), {"file": file})
    preview = client.get(sent.url)
    untouched = Facility.objects.count()
    client.post(sent.url, {"seen": preview.context["seen"]})

    assert ([line.name for line in preview.context["groups"]["new"]], untouched) == (
        ["Puskesmas A"],
        0,
    )
    assert Facility.objects.get().name == "Puskesmas A"


@pytest.mark.usefixtures("secretary")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_downloaded_is_taken_back_as_known(client, city, kind):
    CredentialFactory(facility__city=city)

    answer = client.get(f"{url('sheet_download', city)}?bentuk={kind}")
    file = SimpleUploadedFile(f"fasilitas.{kind}", answer.getvalue())
    sent = client.post(url("sheet_upload", city), {"file": file})
    preview = client.get(sent.url)

    assert "Semua isi lembar ini sudah tercatat." in preview.text


@pytest.mark.usefixtures("secretary")
def test_a_route_is_made_filled_and_walked_one_stop_a_screen(client, city):
    for name in ("Puskesmas A", "Puskesmas B"):
        FacilityFactory(city=city, name=name)
    client.post(url("route_list", city), {"name": "Hybrid", "on": "20-5-2026"})
    route = Route.objects.get()
    places = client.get(f"{route.get_absolute_url()}?q=puskesmas").context["places"]

    for value, _name in places:
        client.post(url("stop_add", city, route.pk), {"place": value, "receiver": "Kepala"})
    whole = client.get(route.get_absolute_url())
    first, last = (client.get(url("stop_detail", city, route.pk, number)) for number in (1, 2))

    assert [one.stop.position for one in whole.context["stops"]] == [1, 2]
    assert "Perhentian 1 dari 2" in first.text
    assert (first.context["before"], first.context["after"]) == (None, 2)
    assert (last.context["before"], last.context["after"]) == (1, None)
    assert client.get(url("stop_detail", city, route.pk, 3)).status_code == 404


@pytest.mark.usefixtures("secretary")
@pytest.mark.parametrize("place", ["", "x1", "f", "f999999", "u" + "9" * 30, "fx"])
def test_a_place_that_is_none_adds_no_stop(client, city, place):
    route = RouteFactory(city=city)

    client.post(url("stop_add", city, route.pk), {"place": place})

    assert route.stops.count() == 0


@pytest.mark.usefixtures("secretary")
def test_the_list_costs_the_same_for_few_and_for_many(client, city):
    costs = []
    for count in (2, 40):
        for facility in FacilityFactory.create_batch(count, city=city, unit=UnitFactory(city=city)):
            CredentialFactory(facility=facility)
        client.get(url("facility_list", city))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("facility_list", city))
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 12


@pytest.mark.usefixtures("secretary")
def test_a_list_refused_for_a_newer_one_may_be_sent_again_from_the_page_that_told_it(client, city):
    facility = FacilityFactory(city=city, office=True)
    page = url("visit_create", city, facility.pk, "permenkes-15-2013")
    newest = VisitFactory(facility=facility, checklist="permenkes-15-2013")
    fields = [one.name for one in client.get(page).context["form"] if one.name.startswith("butir")]
    said = dict.fromkeys(fields, "ya") | {"on": "2025-06-01"}

    told = client.post(page, said | {"seen": "0"})
    again = client.post(page, said | {"seen": told.context["form"]["seen"].value()})

    assert (told.status_code, told.context["form"]["seen"].value()) == (200, str(newest.pk))
    assert (again.headers["Location"], facility.visits.count()) == (facility.get_absolute_url(), 2)


@pytest.mark.usefixtures("secretary")
def test_only_whoever_may_record_is_given_the_queue_at_a_stop(client, city):
    stop = RouteStopFactory(route__city=city, facility__office=True)

    page = client.get(url("stop_detail", city, stop.route.pk, 1)).text

    assert (page.count("data-field hidden"), page.count("data-field-form")) == (1, 1)
    assert page.count("data-field-page") == 1
