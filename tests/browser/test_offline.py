"""Field pages on a phone without network: opened, filled, sent once, gone after signing out."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from facilities.models import Finding, Visit
from facilities.queries.findings import visit_of
from facilities.types import catalogue
from territories.choices import ReportState
from territories.models import Report
from tests.assessments.situations import secretary_of, working_year
from tests.browser.test_resumable_upload import photo
from tests.factories.facilities import FacilityFactory, RouteFactory, RouteStopFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOM = catalogue().types["ruang-asi"].checklists[0]
FOUND = 302
QUEUE = "[data-field] li"


@pytest.fixture
def year(transactional_db):
    return working_year()


@pytest.fixture
def stop(year):
    route = RouteFactory(city=year.city)
    place = FacilityFactory(city=year.city, office=True, name="Kantor Dinas")
    return RouteStopFactory(route=route, facility=place, position=1)


def address_of(stop):
    return f"/kota/{stop.route.city.slug}/fasilitas/rute/{stop.route.pk}/1/"


def opened(page, address):
    """A field page that was put away with those it leads to."""
    page.goto(address)
    page.wait_for_selector("[data-field][data-kept=yes]", state="attached")
    return page


def fill_finding(page, sentence, **file):
    page.get_by_label("Foto").set_input_files(photo(**file))
    page.get_by_label("Temuan dalam satu kalimat").fill(sentence)
    page.get_by_role("button", name="Kirim temuan").click()


def test_a_finding_made_without_network_is_sent_when_it_is_back(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.context.set_offline(True)
    page.reload()

    fill_finding(page, "Pintu tidak dapat dikunci", size=(800, 600))
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    assert Finding.objects.count() == 0
    page.context.set_offline(False)

    expect(page.locator(QUEUE)).to_contain_text("Terkirim")
    kept = Finding.objects.get()
    assert (kept.facility, kept.sentence) == (stop.facility, "Pintu tidak dapat dikunci")
    assert kept.document is not None
    complaints.taken()


def fill_visit(page, said="ya"):
    for item in ROOM.items:
        page.locator(f"[name=butir-{item.code}][value={said}]").check()
    page.get_by_role("button", name="Simpan hasil").click()


def visit_address(stop):
    city, place = stop.route.city.slug, stop.facility.pk
    return f"/kota/{city}/fasilitas/{place}/periksa/{ROOM.code}/"


def test_a_visit_whose_answer_was_lost_is_kept_once(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), visit_address(stop))
    answers = []

    def lose_the_first(route):
        if route.request.method != "POST":
            route.continue_()
            return
        answers.append(route.request)
        if len(answers) == 1:
            assert route.fetch(max_redirects=0).status == FOUND
            route.abort()
        else:
            route.continue_()

    page.context.route("**/periksa/**", lose_the_first)
    with page.expect_event("requestfailed"):
        fill_visit(page)
    assert Visit.objects.count() == 1
    page.reload()

    expect(page.locator(QUEUE)).to_contain_text("Terkirim")
    page.wait_for_selector("[data-field][data-kept=yes]", state="attached")
    assert (len(answers), Visit.objects.count()) == (2, 1)
    complaints.taken()


def test_what_a_second_phone_sent_meanwhile_is_shown_and_kept(stop, year, seat, complaints):
    first, second = secretary_of(year), secretary_of(year, name="Wayan Sudarma")
    page = opened(seat(first), visit_address(stop))
    page.context.set_offline(True)
    fill_visit(page)
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    other = opened(seat(second), visit_address(stop))
    fill_visit(other, "tidak")
    expect(other.locator(QUEUE)).to_contain_text("Terkirim")

    page.context.set_offline(False)
    expect(page.locator(QUEUE)).to_contain_text("Wayan Sudarma sudah mencatat daftar ini")
    assert [visit.by for visit in Visit.objects.all()] == [second]
    page.get_by_role("button", name="Perbaiki").click()
    page.wait_for_url("**?isi=*")
    page.wait_for_selector("[data-field][data-ready=yes]", state="attached")
    page.get_by_role("button", name="Simpan hasil").click()

    expect(page.locator(QUEUE)).to_contain_text("Terkirim")
    assert {(one.by, one.missing) for one in Visit.objects.all()} == {(first, 0), (second, 7)}
    complaints.taken()


def test_findings_and_position_belong_to_the_visit_of_their_page(stop, year, seat, complaints):
    place = {"latitude": -6.914744, "longitude": 107.609811, "accuracy": 8}
    options = {"permissions": ["geolocation"], "geolocation": place}
    page = opened(seat(secretary_of(year), **options), visit_address(stop))
    asked = page.evaluate("() => document.querySelector('[name=latitude]').value")
    page.get_by_role("button", name="Tambahkan posisi saya").click()
    expect(page.get_by_text("Posisi: -6.9147, 107.6098")).to_be_visible()
    page.context.set_offline(True)

    page.locator("summary", has_text="Catat temuan").click()
    page.get_by_label("Temuan dalam satu kalimat").fill("Wastafel rusak")
    page.get_by_role("button", name="Kirim temuan").click()
    expect(page.locator(QUEUE)).to_have_count(1)
    fill_visit(page)
    expect(page.locator(QUEUE)).to_have_count(2)
    fill_visit(page, "tidak")  # another visit, from the same page
    expect(page.locator(QUEUE)).to_have_count(3)
    page.context.set_offline(False)

    expect(page.locator(f"{QUEUE}[data-state=terkirim]")).to_have_count(3)
    second, first = Visit.objects.order_by("-pk")
    assert asked == ""  # nothing before the tap
    assert (str(first.latitude), str(first.longitude)) == ("-6.9147", "107.6098")
    assert (second.latitude, first.missing, second.missing) == (None, 0, 7)
    finding = Finding.objects.get()
    assert (visit_of(finding), finding.found_on) == (first, first.on)
    complaints.taken()


def test_a_lurah_reports_without_network(year, seat, complaints):
    unit = UnitFactory(city=year.city)
    lurah = UnitSeatFactory(unit=unit).membership.user
    address = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/{unit.code}/"
    page = opened(seat(lurah), address)
    page.context.set_offline(True)
    page.reload()
    page.locator("main input[type=radio][value=ya]").first.check()
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    assert Report.objects.count() == 0

    page.context.set_offline(False)

    expect(page.locator(QUEUE)).to_contain_text("Terkirim")
    assert [one.state for one in Report.objects.all()] == [ReportState.SENT]
    complaints.taken()


def test_what_waits_survives_a_browser_that_was_killed(
    stop, year, seat, live_server, tmp_path, playwright, browser_type_launch_args
):
    cookies = seat(secretary_of(year)).context.cookies()
    options = {**browser_type_launch_args, "base_url": live_server.url}
    context = playwright.chromium.launch_persistent_context(tmp_path, **options)
    context.add_cookies(cookies)
    page = opened(context.new_page(), address_of(stop))
    context.set_offline(True)
    fill_finding(page, "Atap bocor", size=(800, 600))
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    page.goto(visit_address(stop))
    page.wait_for_selector("[data-field][data-ready=yes]", state="attached")
    fill_visit(page)
    expect(page.locator(QUEUE)).to_have_count(2)
    kill(tmp_path)

    context = playwright.chromium.launch_persistent_context(tmp_path, **options)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(address_of(stop))

    expect(page.locator(f"{QUEUE}[data-state=terkirim]")).to_have_count(2)
    assert [one.document.title for one in Finding.objects.all()] == ["Atap bocor"]
    assert [one.missing for one in Visit.objects.all()] == [0]
    context.close()


def kill(profile):
    """End the browser of this profile at once, as an empty battery does."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words:
            with suppress(ProcessLookupError):
                os.kill(int(place.parent.name), signal.SIGKILL)


LEFT = """async () => ({
  caches: await caches.keys(),
  databases: (await indexedDB.databases()).map((one) => one.name),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def test_signing_out_leaves_nothing_on_the_phone(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    before = page.evaluate(LEFT)

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url(lambda url: "/rute/" not in url)

    assert before == {"caches": ["kla-field"], "databases": ["kla-field"], "workers": 1}
    assert page.evaluate(LEFT) == {"caches": [], "databases": [], "workers": 0}
    complaints.taken()


def test_signing_out_asks_while_something_is_not_sent(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.context.set_offline(True)
    for sentence in ("Satu", "Dua"):
        page.get_by_label("Temuan dalam satu kalimat").fill(sentence)
        page.get_by_role("button", name="Kirim temuan").click()
        expect(page.get_by_label("Temuan dalam satu kalimat")).to_have_value("")
    expect(page.locator(f"{QUEUE}[data-state=menunggu]")).to_have_count(2)
    # The line is back, and the server does not answer findings.
    page.context.route("**/temuan/", lambda route: route.abort())
    page.context.set_offline(False)

    def leave():
        page.locator(".user-menu").evaluate("menu => { menu.open = true; }")
        page.get_by_role("button", name="Keluar", exact=True).click()

    leave()
    question = page.locator("dialog.confirm")
    expect(question).to_contain_text("2 kiriman di ponsel ini belum terkirim dan hilang")
    question.get_by_role("button", name="Batal").click()
    expect(page.locator(f"{QUEUE}")).to_have_count(2)
    leave()
    page.get_by_role("button", name="Keluar dan buang").click()
    page.wait_for_url(lambda url: "/rute/" not in url)

    assert page.evaluate(LEFT) == {"caches": [], "databases": [], "workers": 0}
    assert Finding.objects.count() == 0
    complaints.taken()


def test_another_person_at_the_phone_sees_nothing_of_the_first(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.context.set_offline(True)
    fill_finding(page, "Rahasia", size=(800, 600))
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")
    page.context.set_offline(False)
    other = seat(secretary_of(year)).context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies(other)

    opened(page, address_of(stop))

    expect(page.locator(QUEUE)).to_have_count(0)
    complaints.taken()


WAITING_BYTES = """async () => {
  const open = indexedDB.open("kla-field");
  await new Promise((resolve) => { open.onsuccess = resolve; });
  const all = open.result.transaction("queue").objectStore("queue").getAll();
  await new Promise((resolve) => { all.onsuccess = resolve; });
  open.result.close();
  const files = all.result.flatMap((item) => item.entries.map(([, value]) => value));
  const found = files.filter((value) => value instanceof File && value.size > 0);
  return Promise.all(found.map(async (file) => {
    const { width, height } = await createImageBitmap(file);
    return [file.size, Math.max(width, height)];
  }));
}"""


def test_a_photo_is_made_smaller_before_it_waits(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.context.set_offline(True)
    large = photo(size=(4000, 3000))

    page.get_by_label("Foto").set_input_files(large)
    page.get_by_label("Temuan dalam satu kalimat").fill("Atap bocor")
    page.get_by_role("button", name="Kirim temuan").click()
    expect(page.locator(QUEUE)).to_contain_text("Menunggu jaringan")

    [[size, side]] = page.evaluate(WAITING_BYTES)
    assert (size < len(large["buffer"]), side) == (True, 2560)
    expect(page.locator(QUEUE)).to_contain_text("foto ")
    complaints.taken()


KEPT = """async () => {
  const kept = await (await caches.open("kla-field")).keys();
  return kept.map((one) => new URL(one.url).pathname).filter((one) => !one.startsWith("/static/"));
}"""


def test_only_field_pages_are_put_away(stop, year, seat, complaints):
    page = opened(seat(secretary_of(year)), address_of(stop))
    page.goto(stop.facility.get_absolute_url())
    page.context.set_offline(True)

    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    field = page.context.new_page()
    field.goto(visit_address(stop))

    assert sorted(field.evaluate(KEPT)) == sorted([address_of(stop), visit_address(stop)])
    complaints.taken()
