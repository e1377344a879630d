"""Uploading, with everything that goes wrong in an office."""

import pytest
from playwright.sync_api import expect

from assessments.models import Evidence
from tests.assessments import corpus
from tests.assessments.situations import stored_files
from tests.browser.papers import MEGABYTE, choose_kind, paper, upload

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
    page.locator("a.task").filter(has_text="1.2").first.click()
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


def test_several_files_have_a_kind_each_and_one_that_is_refused_stays_alone(question_page):
    page = question_page
    disguised = {"name": "b.pdf", "mimeType": "application/pdf", "buffer": corpus.HTML}
    page.locator("#unggah input[name=file]").set_input_files(
        [paper("a.pdf", "Pasal 1"), disguised, paper("c.pdf", "Pasal 3")]
    )
    for name, kind in (("a.pdf", "perda"), ("b.pdf", "perda"), ("c.pdf", "foto")):
        group = page.get_by_role("group", name=f"Keterangan {name}")
        group.get_by_label("Jenis dokumen").select_option(kind)
    page.get_by_role("button", name="Unggah 3 dokumen").click()

    expect(page.locator("#unggah .invalid-feedback").first).to_contain_text("b.pdf")
    expect(page.locator(".upload-list__name")).to_have_text(["b.pdf"])
    stored = Evidence.objects.order_by("pk").values_list("kind__code", "document__original_name")
    assert list(stored) == [("perda", "a.pdf"), ("foto", "c.pdf")]

    page.get_by_role("button", name="Hapus b.pdf").click()
    expect(page.locator(".upload-list__name")).to_have_count(0)
    upload(page, paper("d.pdf", "Pasal 4"))
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert Evidence.objects.count() == 3


def test_what_the_file_says_is_shown_and_gives_way_to_what_is_typed(question_page):
    page = question_page
    decree = paper("perda.pdf", "NOMOR 5 TAHUN 2021")
    page.locator("#unggah summary").filter(has_text="Keterangan dokumen").first.click()
    page.get_by_role("textbox", name="Tanggal terbit").fill("1 Maret 2021")
    page.locator("#unggah input[name=file]").set_input_files([decree])

    expect(page.locator("#unggah summary .proposal")).to_have_text(
        "Terbaca dari berkas: nomor 5 Tahun 2021. Periksa."
    )
    number = page.locator("#unggah [name=number]")
    expect(number).to_have_value("5 Tahun 2021")
    expect(page.get_by_text("Usulan dari halaman 1: “NOMOR 5 TAHUN 2021”")).to_be_visible()
    number.fill("6 Tahun 2021")
    expect(page.get_by_text("Usulan dari halaman 1")).to_have_count(0)
    choose_kind(page.locator("#unggah"))
    page.get_by_role("button", name="Unggah dokumen").click()

    expect(page.get_by_text(SAVED)).to_be_visible()
    document = Evidence.objects.get().document
    assert (document.number, f"{document.issued_on}") == ("6 Tahun 2021", "2021-03-01")


def test_another_file_takes_the_proposals_of_the_first_with_it(question_page):
    page = question_page
    files, number = page.locator("#unggah input[name=file]"), page.locator("#unggah [name=number]")
    files.set_input_files([paper("perda.pdf", "NOMOR 5 TAHUN 2021")])
    expect(number).to_have_value("5 Tahun 2021")

    files.set_input_files([paper("lain.pdf", "Tanpa nomor")])

    expect(number).to_have_value("")
    expect(page.locator("#unggah .proposal")).to_have_count(0)
    page.evaluate("document.querySelector('#unggah').dataset.dirty = ''")


def test_a_date_is_picked_from_the_calendar_and_typed_dates_are_put_in_order(question_page):
    page = question_page
    page.locator("#unggah summary").filter(has_text="Keterangan dokumen").first.click()
    issued = page.locator("#unggah [name=issued_on]")
    issued.fill("1/3/2025")
    issued.blur()
    expect(issued).to_have_value("01-03-2025")

    button = page.locator("#unggah").get_by_role("button", name="Pilih tanggal: Tanggal terbit")
    button.click()
    calendar = page.locator("#unggah .day-input__calendar").first
    expect(calendar).to_have_value("2025-03-01")
    calendar.evaluate("(field) => { field.value = '2025-11-21'; }")
    calendar.dispatch_event("change")
    expect(issued).to_have_value("21-11-2025")
    issued.fill("")
