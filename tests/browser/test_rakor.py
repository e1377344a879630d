"""A rakor from its invitation to closed minutes: one laptop and three phones, real browsers."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.attendance_address import AttendanceAddress, new_token
from meetings.models import Attendance, Decision, Meeting
from tests.assessments.situations import secretary_of, staff_of, working_year
from tests.factories.meetings import DecisionFactory, MeetingFactory
from tests.factories.taskforce import DecreeFactory
from tests.factories.taskforce import TaskForceMemberFactory as SeatFactory

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
AUTOSAVED = 15_000  # milliseconds: four seconds after the last key, on a busy machine


@pytest.fixture
def year(transactional_db):
    year = working_year()
    SeatFactory(decree=DecreeFactory(city=year.city), post="Ketua", institution="PKK")
    return year


def path_of(url):
    return urlsplit(url).path


def sign_on_canvas(phone):
    box = phone.locator("canvas").bounding_box()
    phone.mouse.move(box["x"] + 20, box["y"] + 30)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 150, box["y"] + 90, steps=5)
    phone.mouse.up()


def fill_attendance(phone, address, name, institution, deputy_for=""):
    phone.goto(address)
    phone.get_by_label("Nama").fill(name)
    phone.get_by_label("Instansi atau lembaga").fill(institution)
    phone.get_by_label("Hadir mewakili").fill(deputy_for)


def plan_meeting(laptop, year):
    """Through the form; the agenda and the invited are proposed already."""
    laptop.goto(f"/kota/{year.city.slug}/gugus-tugas/")
    laptop.get_by_role("link", name="Rencanakan rapat").click()
    expect(laptop.get_by_label("Agenda, satu hal satu baris")).to_have_value(
        re.compile("Susunan Gugus Tugas")
    )
    began = timezone.localtime(timezone.now() - timedelta(minutes=5), year.city.zone)
    laptop.get_by_label("Perihal").fill("Rakor RAD KLA")
    laptop.get_by_role("textbox", name="Mulai").fill(f"{began:%d-%m-%Y %H.%M}")
    laptop.get_by_label("Tempat").fill("Aula")
    laptop.get_by_label("Pemimpin rapat").fill("Sekda")
    laptop.get_by_role("button", name="Simpan rapat").click()
    laptop.get_by_role("link", name="Undangan").click()
    message = laptop.get_by_label("Pesan siap dibagikan").input_value()
    assert "Mengundang hadir pada Rakor RAD KLA" in message
    with laptop.expect_download() as calendar:
        laptop.get_by_role("link", name="Unduh untuk kalender (.ics)").click()
    assert calendar.value.suggested_filename.endswith(".ics")


def decide(laptop, opd):
    laptop.get_by_role("link", name="Catat keputusan").click()
    laptop.get_by_label("Keputusan").fill("Menyusun RAD KLA")
    laptop.get_by_role("button", name="Simpan keputusan").click()
    laptop.get_by_role("button", name="Tutup notula").click()
    expect(laptop.locator("[data-messages]")).to_contain_text(
        "Belum ada penanggung jawab atau tenggat pada keputusan: “Menyusun RAD KLA”."
    )
    laptop.get_by_role("link", name="Ubah Menyusun RAD KLA").click()
    laptop.get_by_label("OPD penanggung jawab").select_option(label=str(opd))
    laptop.get_by_role("textbox", name="Tenggat").fill("31-12-2030")
    laptop.get_by_role("button", name="Simpan keputusan").click()


def test_a_rakor_from_its_invitation_to_closed_minutes(year, seat, window, complaints):
    laptop, opd = seat(secretary_of(year)), year.city.opds.get(code="DISDIK")
    plan_meeting(laptop, year)
    meeting = Meeting.objects.get()
    laptop.goto(f"{meeting.get_absolute_url()}hadir/")
    address = path_of(laptop.locator(".qr-panel a").get_attribute("href"))

    first, second, third = (window(**PHONE) for _ in range(3))
    fill_attendance(first, address, "Ani", "PKK")
    sign_on_canvas(first)
    fill_attendance(second, address, "Budi", "Dinas Kesehatan", deputy_for="Kepala Dinas")
    fill_attendance(third, address, "Citra", "Polres")
    for phone in (first, second, third):
        phone.get_by_role("button", name="Saya hadir").click()
        expect(phone.get_by_text("Terima kasih, Anda tercatat hadir.")).to_be_visible()
        assert [name for name in ("Ani", "Budi", "Citra") if name in phone.content()] == []

    laptop.reload()
    expect(laptop.get_by_role("heading", name="3 orang hadir")).to_be_visible()
    assert {one.name: bool(one.signature) for one in Attendance.objects.all()} == {
        "Ani": True,
        "Budi": False,
        "Citra": False,
    }

    laptop.goto(meeting.get_absolute_url())
    laptop.get_by_role("link", name="Tulis notula").click()
    laptop.locator("#id_minutes").fill("Sekda membuka rapat.")
    status = laptop.locator("[data-minutes-status]")
    expect(status).to_contain_text("Tersimpan", timeout=AUTOSAVED)
    laptop.locator("#id_minutes").press_sequentially(" Bappeda memaparkan RAD.")
    laptop.get_by_role("button", name="Simpan notula").click()
    expect(laptop.get_by_text("Sekda membuka rapat. Bappeda memaparkan RAD.")).to_be_visible()

    decide(laptop, opd)
    laptop.get_by_role("button", name="Tutup notula").click()
    expect(laptop.locator(".lead-sentence")).to_contain_text("Notula ditutup oleh")
    with laptop.expect_download() as paper:
        laptop.get_by_role("link", name="Notula (PDF)").click()
    assert paper.value.suggested_filename == f"notula-rapat-{meeting.pk}.pdf"

    late = window(**PHONE)
    late.goto(address)
    expect(late.get_by_role("heading", name="Daftar hadir tidak dibuka")).to_be_visible()
    assert complaints.taken() == [f"410 {address}"]


@pytest.fixture
def forgives(complaints):
    """The refusals that a test provokes: what the browser told of them is taken."""
    yield complaints
    complaints.taken()


def test_what_was_typed_before_the_script_was_there_is_saved_too(year, seat, complaints):
    meeting = MeetingFactory(city=year.city)
    laptop, held = seat(secretary_of(year)), []

    def hold(route):  # a slow line
        held.append(route)

    laptop.route("**/js/minutes*.js", hold)
    laptop.goto(f"{meeting.get_absolute_url()}notula/0/", wait_until="commit")
    laptop.get_by_label("Notula").fill("Sekda membuka rapat.")
    while not held:
        laptop.wait_for_timeout(50)
    held[0].continue_()
    laptop.unroute("**/js/minutes*.js")

    expect(laptop.locator("[data-minutes-status]")).to_contain_text("Tersimpan", timeout=AUTOSAVED)
    meeting.refresh_from_db()
    assert meeting.minutes == "Sekda membuka rapat."


def test_two_secretaries_in_two_windows_lose_no_word(year, seat, forgives):
    meeting = MeetingFactory(city=year.city)
    mine, theirs = seat(secretary_of(year, name="Ani")), seat(secretary_of(year, name="Budi"))
    for page in (mine, theirs):
        page.goto(f"{meeting.get_absolute_url()}notula/0/")
    theirs.get_by_label("Notula").fill("Dari Budi")
    expect(theirs.locator("[data-minutes-status]")).to_contain_text("Tersimpan", timeout=AUTOSAVED)

    mine.get_by_label("Notula").fill("Dari Ani")
    expect(mine.locator("[data-minutes-status]")).to_contain_text(
        "Budi menyimpan notula ini", timeout=AUTOSAVED
    )
    meeting.refresh_from_db()
    assert meeting.minutes == "Dari Budi"
    mine.get_by_role("button", name="Simpan notula").click()
    expect(mine.get_by_label("Isi yang tersimpan")).to_have_value("Dari Budi")
    expect(mine.locator("#id_minutes")).to_have_value("Dari Ani")

    mine.locator("#id_minutes").fill("Dari Budi\nDari Ani")
    mine.get_by_role("button", name="Simpan notula").click()
    mine.wait_for_url(f"**{meeting.get_absolute_url()}")
    meeting.refresh_from_db()
    assert meeting.minutes == "Dari Budi\nDari Ani"


def test_words_that_were_typed_without_the_server_come_back_beside_newer_ones(year, seat, forgives):
    meeting = MeetingFactory(city=year.city)
    page = seat(secretary_of(year))
    page.goto(f"{meeting.get_absolute_url()}notula/0/")
    page.context.set_offline(True)
    page.get_by_label("Notula").fill("Diketik tanpa jaringan")
    Meeting.objects.update(minutes="Dari rekan", revision=1)
    page.context.set_offline(False)

    page.goto(f"{meeting.get_absolute_url()}notula/0/")  # leads to revision 1

    expect(page.locator("#id_minutes")).to_have_value("Dari rekan")
    left = page.get_by_label("Isi yang belum tersimpan")
    expect(left).to_have_value("Diketik tanpa jaringan")
    page.locator("[data-minutes-left]").get_by_role("button", name="Buang draf").click()
    page.reload()
    expect(left).to_be_hidden()


def test_an_opd_settles_its_own_on_a_phone(year, seat):
    opd = year.city.opds.get(code="DISDIK")
    closed = MeetingFactory(city=year.city, closed=True)
    DecisionFactory(meeting=closed, owner_opd=opd, text="Menyusun RAD")
    phone = seat(staff_of(year, "DISDIK").user, **PHONE)
    phone.goto(f"/kota/{year.city.slug}/tugas/")

    phone.get_by_role("link", name="1 tindak lanjut rapat menunggu OPD Anda").click()
    phone.get_by_role("link", name="Selesaikan Menyusun RAD").click()
    phone.get_by_label("Apa yang sudah dikerjakan").fill("RAD sudah disusun")
    phone.get_by_role("button", name="Nyatakan selesai").click()

    expect(phone.get_by_text("Tindak lanjut selesai.")).to_be_visible()
    assert Decision.objects.get().done_note == "RAD sudah disusun"


def test_attendance_works_without_script_and_with_the_keyboard_alone(
    year, new_context, live_server
):
    meeting = MeetingFactory(city=year.city)
    laptop_address = f"/hadir/{token_of(meeting)}/"
    page = new_context(base_url=live_server.url, java_script_enabled=False, **PHONE).new_page()
    page.goto(laptop_address)

    page.get_by_label("Nama").focus()
    page.keyboard.type("Dewi")
    page.keyboard.press("Tab")
    page.keyboard.type("Forum Anak")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Terima kasih, Anda tercatat hadir.")).to_be_visible()
    assert Attendance.objects.get().name == "Dewi"


def token_of(meeting):
    return new_token(AttendanceAddress(meeting.pk, meeting.attendance_round))
