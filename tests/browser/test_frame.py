"""The head of every page, and what must not move or lie outside the window."""

import re
from time import sleep

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.services.renditions import make_pending
from tests.assessments.situations import checked, hand_in, reviewer_of
from tests.browser.papers import paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1366, "height": 768}
# The font that stands in is as wide as ours on the whole, not in every word; 0.1 is called good.
HARDLY_ANY = 0.05
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
TOP = "element => element.getBoundingClientRect().top"


@pytest.fixture
def review(answer, staff, seat):
    """The page of a reviewer with a document before them."""
    hand_in(answer, by=staff, files=[checked(paper(line="Pasal 1")["buffer"])], title="Pasal 1")
    make_pending(at=timezone.now())
    page = seat(reviewer_of(answer.assessment).user)
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/periksa/")
    page.get_by_role("link", name="Mulai memeriksa").click()
    return page


def test_on_a_phone_the_subject_of_a_page_begins_in_its_first_eighth(answer, seat):
    page = seat(reviewer_of(answer.assessment).user, viewport=PHONE)
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/periksa/")

    assert page.locator("main").evaluate(TOP) < PHONE["height"] / 8


def test_the_decision_stays_beside_the_document(review):
    page = review
    page.set_viewport_size(DESK)
    save = page.get_by_role("button", name="Simpan keputusan")
    expect(save).to_be_in_viewport(ratio=1)
    page.get_by_label("Kembalikan", exact=True).check()
    expect(page.get_by_label("Alasan pengembalian")).to_be_in_viewport(ratio=1)
    expect(save).to_be_in_viewport(ratio=1)

    page.mouse.wheel(0, 5000)
    expect(save).to_be_in_viewport(ratio=1)


def test_a_choice_shows_only_what_belongs_to_it(review):
    page = review
    points, reason = page.get_by_label("Nilai ditetapkan"), page.get_by_label("Alasan pengembalian")
    page.get_by_label("Terima", exact=True).check()
    expect(points).to_be_visible()
    expect(reason).to_be_hidden()
    page.get_by_label("Kembalikan", exact=True).check()
    expect(points).to_be_hidden()
    expect(reason).to_be_visible()


def test_on_a_phone_a_bar_at_the_bottom_leads_to_the_decision(review):
    page = review
    page.set_viewport_size(PHONE)
    jump = page.get_by_role("link", name="Ke keputusan")
    expect(jump).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Terima", exact=True)).not_to_be_in_viewport()

    jump.click()

    expect(page.get_by_label("Terima", exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_hardly_anything_moves_when_a_font_comes_late(answer, seat, size):
    page = seat(reviewer_of(answer.assessment).user, viewport=size)
    asked = []

    def late(route):
        asked.append(route.request.url)
        sleep(0.6)
        route.continue_()

    page.route(re.compile(r"\.woff2"), late)
    page.goto(f"/kota/{answer.assessment.city.slug}/penilaian/2026/")
    page.wait_for_load_state("networkidle")

    assert page.evaluate(SHIFTS) < HARDLY_ANY
    assert len(asked) == 2
