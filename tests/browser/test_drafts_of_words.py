"""Words that somebody typed: kept through a lost session and a faster colleague, gone once sent."""

import pytest
from playwright.sync_api import expect

from assessments.models import Comment
from assessments.services.review import return_evidence
from tests.assessments.situations import NOW, reviewer_of, secretary_of
from tests.factories.assessments import EvidenceFactory
from tests.factories.cities import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Stempel belum ada pada halaman tanda tangan."
LOADED = "Draf dipulihkan"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def reviewer(answer):
    return reviewer_of(answer.assessment).user


@pytest.fixture
def evidence(answer):
    """No PDF, so that the page draws nothing."""
    return EvidenceFactory(answer=answer, document__media_type="text/csv")


def review_url(evidence):
    year = evidence.answer.assessment
    return f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/{evidence.pk}/"


def type_reason(page):
    page.get_by_label("Kembalikan", exact=True).check()
    page.get_by_label("Alasan pengembalian").fill(REASON)


def test_a_message_that_was_sent_does_not_come_back_as_a_draft(question_page):
    page = question_page
    page.get_by_label("Pesan").fill("Perda mana?")
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator(".conversation__item")).to_have_count(1)
    page.reload()

    expect(page.get_by_label("Pesan")).to_have_value("")
    expect(page.get_by_text(LOADED)).to_have_count(0)
    assert Comment.objects.count() == 1


def test_a_reason_survives_the_end_of_the_session(seat, evidence, reviewer, complaints):
    page = seat(reviewer)
    page.goto(review_url(evidence))
    type_reason(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Simpan keputusan").click()
    complaints.taken()  # the form's token went with the session

    page.goto("/masuk/")
    page.get_by_label("E-mail").fill(reviewer.email)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)
    page.goto(review_url(evidence))

    expect(page.get_by_text(LOADED)).to_be_visible()
    expect(page.get_by_label("Alasan pengembalian")).to_have_value(REASON)
    expect(page.get_by_label("Kembalikan", exact=True)).to_be_checked()
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_text(f"“{evidence.document.title}” dikembalikan.")).to_be_visible()
    evidence.refresh_from_db()
    assert evidence.reason == REASON


@pytest.mark.parametrize("script", [True, False])
def test_a_reason_survives_a_colleague_who_was_first(seat, evidence, reviewer, complaints, script):
    page = seat(reviewer, viewport=PHONE, java_script_enabled=script)
    page.goto(review_url(evidence))
    type_reason(page)
    colleague = secretary_of(evidence.answer, name="Siti Rahma")
    return_evidence(evidence_id=evidence.pk, reason="Buram", by=colleague, at=NOW)
    page.get_by_role("button", name="Simpan keputusan").click()

    expect(page.get_by_text("sudah diputuskan oleh Siti Rahma")).to_be_visible()
    assert complaints.taken() == [f"409 {review_url(evidence)}"]
    left = page.get_by_label("Alasan Anda yang belum terkirim")
    expect(left).to_have_value(REASON)
    if script:  # still there on the next visit, until it is thrown away
        page.goto(review_url(evidence))
        expect(left).to_have_value(REASON)
        page.get_by_role("button", name="Buang draf").click()
        page.reload()
        expect(left).to_be_hidden()


def test_a_draft_is_not_shown_to_the_next_person_at_the_desk(
    seat, evidence, reviewer, answer, complaints
):
    page = seat(reviewer)
    page.goto(review_url(evidence))
    type_reason(page)
    other = seat(reviewer_of(answer.assessment).user)
    cookies = other.context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.goto(review_url(evidence))

    expect(page.get_by_label("Alasan pengembalian")).to_have_value("")
    complaints.taken()  # the browser may have asked on leaving
