"""Uploading, with everything that goes wrong in an office."""

import pytest
from playwright.sync_api import expect

from assessments.models import Evidence
from tests.assessments import corpus
from tests.assessments.situations import stored_files
from tests.browser.papers import MEGABYTE, paper, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = "1 dokumen tersimpan, menunggu pemeriksaan."
UPLOADS = "**/dokumen/"


def titles():
    return list(Evidence.objects.order_by("pk").values_list("document__title", flat=True))


def test_the_way_of_a_file_is_shown_while_it_is_sent(question_page):
    page, held = question_page, []
    page.route(UPLOADS, lambda route: held.append(route))  # noqa: PLW0108 - named by playwright
    with page.expect_request(UPLOADS):
        upload(page, paper(), title="Perda KLA")

    expect(page.get_by_role("progressbar", name="Kemajuan unggahan")).to_be_visible()
    expect(page.get_by_role("button", name="Mengunggah …")).to_be_disabled()
    [route] = held
    route.continue_()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert titles() == ["Perda KLA"]


def test_several_files_at_once_become_as_many_documents(question_page):
    upload(question_page, paper("a.pdf", "Pasal 1"), paper("b.pdf", "Pasal 2"))

    expect(question_page.get_by_text("2 dokumen tersimpan")).to_be_visible()
    assert titles() == ["Peraturan daerah – 1.2 (1)", "Peraturan daerah – 1.2 (2)"]


def test_a_double_click_hands_in_one_document(question_page):
    page = question_page
    page.locator("#unggah input[name=file]").set_input_files([paper()])
    page.locator("#unggah").get_by_role("button", name="Unggah dokumen").dblclick()

    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.locator(".documents .document")).to_have_count(1)
    assert titles() == ["Peraturan daerah – 1.2"]


def test_a_lost_connection_keeps_file_and_fields_for_another_try(question_page, answer, complaints):
    page = question_page
    page.route(UPLOADS, lambda route: route.abort("connectionreset"))
    upload(page, paper(), title="Perda KLA", number="5/2025")

    expect(page.get_by_text("Sambungan terputus.")).to_be_visible()
    expect(page.locator(".upload-list")).to_contain_text("perda.pdf")
    expect(page.get_by_role("textbox", name="Nomor")).to_have_value("5/2025")
    assert f"failed {answer.get_absolute_url()}dokumen/" in complaints.taken()
    page.unroute(UPLOADS)
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    [evidence] = Evidence.objects.select_related("document")
    assert (evidence.document.title, evidence.document.number) == ("Perda KLA", "5/2025")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    answer, staff, seat, settings, complaints
):
    settings.KLA_MAX_UPLOAD_BYTES = MEGABYTE
    page, sent = seat(staff), []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(answer.get_absolute_url())
    large = {**paper("besar.pdf"), "buffer": corpus.large_pdf(MEGABYTE + 1)}
    upload(page, large)

    expect(page.get_by_text("Ukurannya melebihi batas 1 MB.")).to_be_visible()
    expect(page.locator(".upload-list")).to_contain_text("besar.pdf")
    assert set(sent) == {"GET"}


def test_a_web_page_named_pdf_is_told_and_the_other_input_stays(question_page):
    page = question_page
    disguised = {"name": "perda.pdf", "mimeType": "application/pdf", "buffer": corpus.HTML}
    upload(page, disguised, title="Perda KLA", issued_on="2025-03-01")

    expect(page.locator("#unggah .invalid-feedback").first).to_contain_text("perda.pdf")
    expect(page.get_by_role("textbox", name="Judul")).to_have_value("Perda KLA")
    expect(page.locator("#unggah [name=issued_on]")).to_have_value("01-03-2025")
    assert (titles(), stored_files()) == ([], [])

    upload(page, paper())
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert titles() == ["Perda KLA"]


def test_leaving_with_a_file_that_was_chosen_but_not_sent_asks(question_page, complaints):
    page = question_page
    page.locator("#unggah input[name=file]").set_input_files([paper()])
    page.get_by_role("link", name="Semua tugas").click()
    page.wait_for_url("**/tugas/#*")

    assert complaints.taken() == ["beforeunload"]


def test_going_back_after_an_upload_neither_repeats_nor_loses_it(question_page):
    page = question_page
    upload(page, paper(), title="Perda KLA")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.get_by_role("link", name="Semua tugas").click()
    page.wait_for_url("**/tugas/#*")
    page.go_back()

    expect(page.locator(".documents .document")).to_have_count(1)
    expect(page.get_by_role("button", name="Unggah dokumen")).to_be_enabled()
    assert titles() == ["Perda KLA"]


def test_a_document_that_nobody_has_judged_can_be_taken_back_after_a_question(question_page):
    page = question_page
    upload(page, paper(), title="Perda KLA")
    page.get_by_role("button", name="Tarik Perda KLA").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Batal").click()
    expect(page.locator(".documents .document")).to_have_count(1)

    page.get_by_role("button", name="Tarik Perda KLA").click()
    dialog.get_by_role("button", name="Tarik dokumen").click()
    expect(page.get_by_text("Dokumen “Perda KLA” ditarik.")).to_be_visible()
    assert (titles(), stored_files()) == ([], [])


def test_claim_and_upload_work_without_javascript(answer, staff, sign_in):
    page = sign_in(staff, java_script_enabled=False)
    page.get_by_role("link", name="Kerjakan 1.2", exact=True).click()
    page.get_by_label("Klaim nilai").fill("13,2")
    page.get_by_role("button", name="Simpan jawaban").click()
    expect(page.get_by_text("Jawaban 1.2 tersimpan.")).to_be_visible()
    upload(page, paper(), title="Perda KLA")
    expect(page.get_by_text(SAVED)).to_be_visible()

    disguised = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": corpus.HTML}
    upload(page, disguised, title="Foto")
    expect(page.locator("#unggah .invalid-feedback").first).to_contain_text("foto.jpg")
    expect(page.get_by_role("textbox", name="Judul")).to_have_value("Foto")
    answer.refresh_from_db()
    assert (f"{answer.claimed_points.normalize()}", titles()) == ("13.2", ["Perda KLA"])
