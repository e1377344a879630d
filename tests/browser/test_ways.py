"""A new person on a phone: from opening the site to a claimed answer with its paper, by three ways.

What is counted are taps and bytes, never time. A tap is a finger on the page or in the dialog of the
phone; typing is none, but putting the finger into a field is.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Answer, Evidence
from clusters.library import packaged
from clusters.models import EvidenceKind
from tests.assessments.situations import NOW, city_with_opds, staff_of
from tests.browser.papers import paper
from tests.browser.test_resumable_upload import photo
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 3,
}
PAGE = 12 * 1024  # bytes of a page as it travels
CODE = "1.2f"  # asks for a regulation, a decree or a circular of the city
SAVED = "1 dokumen tersimpan, menunggu pemeriksaan."


class Finger:
    """The only way in which these tests touch a page."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, target):
        target.tap()
        self.taps += 1

    def type(self, target, text):
        self.tap(target)
        self.page.keyboard.type(text)

    def pick(self, button, file):
        """A file or a photograph: the button, and one more tap in the phone's own dialog."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(button)
        chooser.value.set_files(file)
        self.taps += 1

    def choose(self, select, label):
        """A list of the phone opens, an entry is tapped."""
        self.tap(select)
        select.select_option(label=label)
        self.page.keyboard.press("Escape")
        self.taps += 1


class Line:
    """What came over the line, by the type that the browser gives it: document, fetch, script …"""

    def __init__(self, page):
        self.types, self.received, self.pages = {}, {}, []
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._ended)
        session.send("Network.enable")

    def _begun(self, event):
        self.types[event["requestId"]] = event["type"]

    def _ended(self, event):
        kind = self.types.get(event["requestId"], "other")
        count = event["encodedDataLength"]
        self.received[kind] = self.received.get(kind, 0) + count
        if kind == "Document":
            self.pages.append(count)


@pytest.fixture
def year(transactional_db):
    """The real instrument in its second year; the question is due in three days."""
    city = city_with_opds()
    open_year(city=city, year=2025, spec=packaged("kla-2023"))
    year = open_year(city=city, year=2026, spec=packaged("kla-2023"))
    due = timezone.localdate() + timedelta(days=3)
    answer_of(year, CODE).assignments.update(due_on=due)
    return year


@pytest.fixture
def phone(year, window):
    page = window(**PHONE)
    page.set_default_timeout(60_000)  # nothing here is about time
    return Finger(page), Line(page)


def sign_in(finger, year):
    person = staff_of(year, "DP3A").user
    page = finger.page
    page.goto("/")
    finger.type(page.get_by_label("E-mail"), person.email)
    finger.type(page.get_by_label("Kata sandi"), PASSWORD)
    finger.tap(page.get_by_role("button", name="Masuk"))
    page.wait_for_url("**/tugas/")


def claim(finger):
    page = finger.page
    fractions = page.get_by_role("group", name="Pilihan nilai yang lazim")
    finger.tap(fractions.get_by_role("button", name="2,25"))
    finger.tap(page.get_by_role("button", name="Simpan jawaban"))
    expect(page.get_by_text(f"Jawaban {CODE} tersimpan.")).to_be_visible()


def hand_in(finger):
    finger.tap(finger.page.locator("#unggah [data-upload-submit]"))
    expect(finger.page.get_by_text(SAVED)).to_be_visible()


def open_task(finger):
    finger.tap(finger.page.locator("a.task").filter(has_text=CODE).first)
    expect(finger.page.get_by_role("heading", level=1)).to_contain_text(CODE)


def outcome(year):
    answer = Answer.objects.get(pk=answer_of(year, CODE).pk)
    papers = Evidence.objects.filter(answer=answer).select_related("document", "kind")
    return (
        None if answer.claimed_points is None else f"{answer.claimed_points.normalize()}",
        [(one.kind.code, one.document.number) for one in papers],
    )


def expect_light(line):
    assert max(line.pages) <= PAGE, line.pages
    # Besides its pages a way costs the answers to what the form asks for, and no more.
    assert line.received.get("XHR", 0) + line.received.get("Fetch", 0) <= PAGE, line.received


def test_by_a_photograph(phone, year):
    finger, line = phone
    page = finger.page
    sign_in(finger, year)
    open_task(finger)
    finger.pick(page.locator("[data-drop-camera]:visible").first, photo("IMG_2041.jpg", (800, 600)))
    finger.choose(page.locator("#unggah select[name=kind]"), "Surat edaran")
    hand_in(finger)
    claim(finger)

    assert outcome(year) == ("2.25", [("surat_edaran", "")])
    assert finger.taps == 11
    expect_light(line)


def test_by_a_pdf_that_says_what_it_is(phone, year):
    finger, line = phone
    page = finger.page
    sign_in(finger, year)
    open_task(finger)
    decree = paper("SK Gugus Tugas.pdf", "NOMOR 463/KEP.123-DP3A/2025")
    finger.pick(page.locator("#unggah .picker__button"), decree)
    expect(page.get_by_text("Terbaca dari berkas: nomor 463/KEP.123-DP3A/2025.")).to_be_visible()
    hand_in(finger)
    expect(page.locator(".after-upload")).to_contain_text("Tugas berikutnya")
    claim(finger)

    assert outcome(year) == ("2.25", [("sk", "463/KEP.123-DP3A/2025")])
    assert finger.taps == 9
    expect_light(line)


def test_by_the_document_of_last_year(phone, year):
    before = year.city.assessments.get(year=2025)
    kind = EvidenceKind.objects.get(instrument=before.instrument, code="sk")
    member = staff_of(before, "DP3A")
    EvidenceFactory(
        answer=answer_of(before, CODE),
        kind=kind,
        accepted=True,
        opd=member.opd,
        document__opd=member.opd,
        document__number="463/KEP.123-DP3A/2024",
        document__uploaded_at=NOW,
    )
    finger, line = phone
    page = finger.page
    sign_in(finger, year)
    open_task(finger)
    finger.tap(page.get_by_role("link", name="Pakai dokumen yang sudah ada"))
    finger.tap(page.get_by_role("radio", name="463/KEP.123-DP3A/2024"))
    finger.choose(page.get_by_label("Sebagai jenis"), "Surat keputusan")
    finger.tap(page.get_by_role("button", name="Ajukan untuk pertanyaan ini"))
    expect(page.get_by_text("diajukan tanpa mengunggah lagi")).to_be_visible()
    claim(finger)

    assert outcome(year) == ("2.25", [("sk", "463/KEP.123-DP3A/2024")])
    assert finger.taps == 11
    expect_light(line)
