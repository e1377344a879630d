"""What was typed is not lost: two tabs, leaving, reloading."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.assessments.situations import staff_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Perda sudah diundangkan, naskahnya sedang dipindai."


def fill_claim(page, points="", note=""):
    page.get_by_label("Klaim nilai").fill(points)
    page.get_by_label("Catatan").fill(note)


def save(page):
    page.get_by_role("button", name="Simpan jawaban").click()


def typed(page):
    return page.get_by_label("Klaim nilai").input_value(), page.get_by_label(
        "Catatan"
    ).input_value()


def test_a_claim_made_meanwhile_by_a_colleague_is_told_and_not_overwritten_unseen(
    question_page, answer, seat, complaints
):
    colleague = seat(staff_of(answer.assessment, "DP3A").user)
    colleague.goto(answer.get_absolute_url())
    fill_claim(colleague, "5", "Menurut kami lima.")
    save(colleague)
    expect(colleague.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()

    page = question_page
    fill_claim(page, "13,2", NOTE)
    save(page)

    expect(page.get_by_text("sudah mengubah jawaban ini sementara Anda mengisinya")).to_be_visible()
    assert [told[:4] for told in complaints.taken()] == ["409 "]
    assert typed(page) == ("13,2", NOTE)
    answer.refresh_from_db()
    assert (answer.claimed_points, answer.note) == (Decimal(5), "Menurut kami lima.")

    # Having seen it, the person may decide.
    save(page)
    expect(page.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()
    answer.refresh_from_db()
    assert (answer.claimed_points, answer.note) == (Decimal("13.2"), NOTE)


def test_a_refused_claim_stays_typed_and_names_the_fault(question_page, answer):
    fill_claim(question_page, "21", NOTE)
    save(question_page)

    expect(question_page.get_by_role("alert")).to_contain_text("Nilai paling banyak 20.")
    assert typed(question_page) == ("21", NOTE)
    answer.refresh_from_db()
    assert answer.claimed_points is None


def test_leaving_with_unsaved_input_asks_and_leaving_after_saving_does_not(
    question_page, complaints
):
    page = question_page
    page.get_by_label("Catatan").click()  # browsers only ask for those who touched the page
    page.keyboard.type(NOTE)
    page.get_by_role("link", name="Semua tugas").click()
    page.wait_for_url("**/tugas/#*")
    assert complaints.taken() == ["beforeunload"]

    page.go_back()
    fill_claim(page, "13,2", NOTE)
    save(page)
    expect(page.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()
    page.get_by_role("link", name="Semua tugas").click()
    page.wait_for_url("**/tugas/#*")


def test_leaving_with_input_that_was_refused_asks_too(question_page, complaints):
    page = question_page
    fill_claim(page, "21", NOTE)
    save(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Semua tugas").click()
    page.wait_for_url("**/tugas/#*")

    assert complaints.taken() == ["beforeunload"]


def test_a_draft_survives_reloading_until_it_is_saved(question_page, complaints):
    page = question_page
    fill_claim(page, "13,2", NOTE)
    page.reload()

    expect(page.get_by_text("Draf dipulihkan")).to_be_visible()
    assert typed(page) == ("13,2", NOTE)
    save(page)
    expect(page.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Klaim nilai")).to_have_value("13,2")
    expect(page.get_by_text("Draf dipulihkan")).to_have_count(0)
    # Whether the first reload asks depends on whether the browser counts typing as a touch.
    assert set(complaints.taken()) <= {"beforeunload"}


def test_what_was_typed_before_the_draft_was_there_is_newer(question_page, complaints):
    page = question_page
    fill_claim(page, "13,2", NOTE)
    held = []

    def hold(route):  # a slow line
        held.append(route)

    page.route("**/js/drafts.js", hold)

    page.goto(page.url, wait_until="commit")
    page.get_by_label("Klaim nilai").fill("9")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.unroute("**/js/drafts.js")

    expect(page.get_by_text("Draf dipulihkan")).to_be_visible()
    assert typed(page) == ("9", NOTE)
    page.reload()
    expect(page.get_by_label("Klaim nilai")).to_have_value("9")
    assert set(complaints.taken()) <= {"beforeunload"}


def test_a_draft_can_be_thrown_away(question_page, complaints):
    page = question_page
    fill_claim(page, "13,2", NOTE)
    page.reload()
    page.get_by_role("button", name="Buang draf").click()

    assert typed(page) == ("", "")
    page.reload()
    assert typed(page) == ("", "")
    assert set(complaints.taken()) <= {"beforeunload"}
