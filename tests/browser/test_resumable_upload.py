"""Uploads over a network that breaks, in a real browser."""

import io
import random

import pytest
from PIL import Image
from playwright.sync_api import expect

from assessments.models import Evidence, SupportingDocument, Upload
from tests.assessments import corpus
from tests.browser.papers import MEGABYTE, paper, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = "1 dokumen tersimpan, menunggu pemeriksaan."
CUT = "Jaringan terputus; unggahan dilanjutkan begitu tersambung."
PIECES = "**/unggahan/*/"


@pytest.fixture
def scan():
    """Three megabytes, six pieces."""
    return {**paper("pindaian.pdf"), "buffer": corpus.large_pdf(3 * MEGABYTE)}


def photo(name="foto.jpg", size=(4000, 3000)):
    """A photograph with as much detail as a camera gives, larger than 3 MB."""
    width, height = size[0] // 2, size[1] // 2
    noise = Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))
    stream = io.BytesIO()
    noise.resize(size).save(stream, "JPEG", quality=95)
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}


class Traffic:
    """Which pieces were sent, and a way to stop after some of them."""

    def __init__(self, page):
        self.offsets, self.limit, self.then = [], None, None
        page.route(PIECES, self._pass)

    def stop_after(self, pieces, then):
        self.limit, self.then = pieces, then

    def _pass(self, route):
        if route.request.method == "PATCH":
            if self.limit is not None and len(self.offsets) >= self.limit:
                self.then(route)
                return
            self.offsets.append(int(route.request.headers["upload-offset"]))
        route.continue_()


def content(document):
    with document.file.open("rb") as file:
        return file.read()


def test_an_upload_goes_on_by_itself_when_the_network_is_back(question_page, scan, complaints):
    page, held = question_page, []
    traffic = Traffic(page)
    traffic.stop_after(2, held.append)
    upload(page, scan, title="Perda KLA")
    expect(page.get_by_role("progressbar", name="Kemajuan pindaian.pdf")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.upload-list__progress').value > 30")

    page.context.set_offline(True)
    expect(page.get_by_text(CUT)).to_be_visible()
    traffic.limit = None
    page.context.set_offline(False)

    expect(page.get_by_text(SAVED)).to_be_visible()
    document = SupportingDocument.objects.get()
    assert (document.title, content(document)) == ("Perda KLA", scan["buffer"])
    assert traffic.offsets == [number * MEGABYTE // 2 for number in range(6)]
    assert Upload.objects.count() == 0
    complaints.taken()


def test_without_a_network_the_button_may_be_pressed_all_the_same(question_page, complaints):
    page = question_page
    page.wait_for_function("() => window.tus")
    page.context.set_offline(True)
    upload(page, paper(), title="Perda KLA", number="5/2025")
    expect(page.get_by_text(CUT)).to_be_visible()
    expect(page.get_by_role("button", name="Mengunggah …")).to_be_disabled()

    page.context.set_offline(False)

    expect(page.get_by_text(SAVED)).to_be_visible()
    document = SupportingDocument.objects.get()
    assert (document.title, document.number) == ("Perda KLA", "5/2025")
    complaints.taken()


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(question_page, scan, complaints):
    page = question_page
    traffic = Traffic(page)
    traffic.stop_after(2, lambda _route: None)
    upload(page, scan)
    page.wait_for_function("() => document.querySelector('.upload-list__progress').value > 30")
    page.reload()
    complaints.taken()  # the question whether to leave

    expect(page.get_by_text("Unggahan pindaian.pdf berhenti di 33 %.")).to_be_visible()
    traffic.limit = None
    renamed = {**scan, "name": "berganti nama.pdf"}
    upload(page, renamed)

    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_text("berhenti di")).to_have_count(0)
    assert content(SupportingDocument.objects.get()) == scan["buffer"]
    assert traffic.offsets == [number * MEGABYTE // 2 for number in range(6)]


def test_an_unfinished_upload_can_be_thrown_away(question_page, scan, complaints):
    page = question_page
    Traffic(page).stop_after(1, lambda _route: None)
    upload(page, scan)
    page.wait_for_function("() => document.querySelector('.upload-list__progress').value > 10")
    page.reload()
    complaints.taken()

    page.get_by_role("button", name="Buang pindaian.pdf").click()

    expect(page.get_by_text("Unggahan pindaian.pdf dibuang.")).to_be_visible()
    expect(page.get_by_text("berhenti di")).to_have_count(0)
    assert Upload.objects.count() == 0


def test_a_server_in_trouble_is_asked_again_and_loses_nothing(question_page, scan, complaints):
    page = question_page
    traffic, troubled = Traffic(page), []

    def unavailable(route):
        troubled.append(route.request.method)
        traffic.limit = None
        route.fulfill(status=503, body="Basis data sedang tidak tersedia.")

    traffic.stop_after(2, unavailable)
    upload(page, scan)

    expect(page.get_by_text(SAVED)).to_be_visible()
    assert troubled == ["PATCH"]
    assert content(SupportingDocument.objects.get()) == scan["buffer"]
    assert traffic.offsets == [number * MEGABYTE // 2 for number in range(6)]
    complaints.taken()


def test_a_refused_upload_is_told_in_the_servers_words(question_page, year_closed, complaints):
    page = question_page
    year_closed()
    upload(page, paper())

    expect(page.locator(".upload-state--failed")).to_contain_text("sudah ditutup")
    expect(page.get_by_role("button", name="Coba lagi")).to_be_visible()
    assert Upload.objects.count() == 0
    complaints.taken()


@pytest.fixture
def year_closed(answer):
    def close():
        assessment = answer.assessment
        assessment.stage = "closed"
        assessment.save(update_fields=["stage"])

    return close


def test_a_large_photo_is_sent_as_it_is_unless_its_owner_wants_it_smaller(question_page):
    page, original = question_page, photo()
    page.locator("#unggah input[name=file]").set_input_files([original])
    offer = page.get_by_role("checkbox", name="Perkecil foto ini")
    expect(offer).not_to_be_checked()
    expect(page.get_by_text("Tanggal dan lokasi di dalam foto ikut hilang")).to_be_visible()
    page.get_by_role("button", name="Unggah dokumen").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert content(SupportingDocument.objects.get()) == original["buffer"]


def test_a_large_photo_is_made_smaller_on_request(question_page):
    page, original = question_page, photo()
    page.locator("#unggah input[name=file]").set_input_files([original])
    page.get_by_role("checkbox", name="Perkecil foto ini").check()
    page.get_by_role("button", name="Unggah dokumen").click()
    expect(page.get_by_text(SAVED)).to_be_visible()

    document = SupportingDocument.objects.get()
    with document.file.open("rb") as file, Image.open(file) as picture:
        assert (picture.size, picture.format) == ((2560, 1920), "JPEG")
    assert document.size < len(original["buffer"])


def test_a_photo_over_the_limit_may_be_sent_smaller(answer, staff, seat, settings):
    settings.KLA_MAX_UPLOAD_BYTES = 3 * MEGABYTE
    page = seat(staff)
    page.goto(answer.get_absolute_url())
    page.locator("#unggah input[name=file]").set_input_files([photo()])
    expect(page.get_by_text("Ukurannya melebihi batas 3 MB.")).to_be_visible()

    page.get_by_role("checkbox", name="Perkecil foto").check()
    expect(page.get_by_text("Ukurannya melebihi batas")).to_have_count(0)
    page.get_by_role("button", name="Unggah dokumen").click()

    expect(page.get_by_text(SAVED)).to_be_visible()


def test_where_pieces_cannot_be_sent_the_form_carries_the_files(answer, staff, seat, complaints):
    page = seat(staff)
    page.route("**/tus.min.js", lambda route: route.abort())
    page.goto(answer.get_absolute_url())
    upload(page, paper("a.pdf", "Pasal 1"), paper("b.pdf", "Pasal 2"))

    expect(page.get_by_text("2 dokumen tersimpan")).to_be_visible()
    assert Evidence.objects.count() == 2
    complaints.taken()
