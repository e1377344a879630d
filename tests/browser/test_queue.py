"""Going through the queue as a reviewer does: narrowed, by key, decision after decision."""

import pytest
from playwright.sync_api import expect

from assessments.choices import UsualReason
from assessments.models import Evidence
from tests.assessments.situations import reviewer_of, staff_of, working_year
from tests.factories.assessments import EvidenceFactory, answer_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(transactional_db):
    """Four photos wait; three of them belong to the first cluster's questions."""
    year = working_year()
    kind = answer_of(year, "1.2").question.evidence_kinds.get(code="foto")
    for code, title in [("1.2", "A"), ("1.1", "B"), ("1.2", "C"), ("2b.1", "D")]:
        EvidenceFactory(
            answer=answer_of(year, code),
            kind=kind,
            document__title=title,
            document__media_type="text/csv",
        )
    return year


def heading(page, title):
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()  # the keys work once the page's scripts are there


def test_a_reviewer_narrows_the_queue_and_decides_without_losing_the_place(year, sign_in):
    desk = sign_in(reviewer_of(year).user)
    desk.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/")

    desk.get_by_label("Klaster").select_option("kelembagaan")
    desk.get_by_label("Urutan").select_option("pertanyaan")
    desk.get_by_role("button", name="Terapkan").click()
    expect(desk.get_by_text("3 dokumen menunggu keputusan Anda.")).to_be_visible()
    desk.get_by_role("link", name="Mulai memeriksa").click()
    heading(desk, "B")

    # Past the first by key, then the second goes back with a usual reason.
    desk.keyboard.press("j")
    heading(desk, "A")
    expect(desk.get_by_text("(2 dari 3)")).to_be_visible()
    desk.get_by_label("Kembalikan").check()
    desk.get_by_label("Alasan yang lazim").select_option("photo")
    desk.get_by_role("button", name="Simpan keputusan").click()
    heading(desk, "C")
    expect(desk.get_by_text("(2 dari 2)")).to_be_visible()
    assert Evidence.objects.get(document__title="A").reason == UsualReason.PHOTO.label

    # Back by key; the filter still holds, and at the queue it is still there.
    desk.keyboard.press("s")
    heading(desk, "B")
    desk.get_by_role("link", name="Antrean").click()
    expect(desk.get_by_label("Klaster")).to_have_value("kelembagaan")


def test_on_a_phone_the_filters_are_folded_away(year, sign_in):
    desk = sign_in(reviewer_of(year).user)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/")

    expect(desk.get_by_label("Klaster")).to_be_hidden()
    desk.get_by_text("Filter dan urutan").click()

    expect(desk.get_by_label("Klaster")).to_be_visible()


def test_who_is_told_of_a_return_opens_it_from_the_inbox(year, sign_in):
    staff = staff_of(year, "DISDIK")
    desk = sign_in(reviewer_of(year).user)
    evidence = Evidence.objects.get(document__title="A")
    desk.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/{evidence.pk}/")
    desk.get_by_label("Kembalikan").check()
    desk.get_by_label("Alasan pengembalian").fill("Halaman tanda tangan belum dipindai.")
    desk.get_by_role("button", name="Simpan keputusan").click()

    opd = sign_in(staff.user)
    opd.get_by_role("link", name="Kotak masuk").click()
    expect(opd.locator(".inbox__item--unread")).to_have_count(1)
    opd.get_by_role("button", name="Buka").click()

    expect(opd.get_by_text("Halaman tanda tangan belum dipindai.").first).to_be_visible()
    expect(opd.locator(".inbox-link__count")).to_have_count(0)
