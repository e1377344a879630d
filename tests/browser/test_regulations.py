"""The legal register on real pages: a JDIH file in, what it knows against a document, the guides."""

import json
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.models import Evidence
from regulations.models import Regulation
from tests.assessments.situations import reviewer_of, secretary_of
from tests.browser.papers import paper, upload
from tests.regulations.test_jdih import ROW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD = ROW | {
    "idData": "12",
    "noPeraturan": "9",
    "tahunPengundangan": "2015",
    "tanggalPengundangan": "2015-01-05",
    "judul": "Perlindungan Anak",
}
REASON = (
    "Peraturan daerah Nomor 9 Tahun 2015 dicabut oleh Peraturan daerah Nomor 4 Tahun 2021 "
    "sejak 10 Mei 2021. Ganti dengan yang berlaku."
)


def choose_feed(desk):
    desk.get_by_role("link", name="Ambil daftar dari JDIH").click()
    content = json.dumps([ROW, OLD, ROW]).encode()
    file = {"name": "jdih.json", "mimeType": "application/json", "buffer": content}
    desk.get_by_label("Berkas JSON dari JDIH").set_input_files(file)
    desk.get_by_role("button", name="Periksa isinya").click()
    expect(desk.get_by_text("“jdih.json”: belum ada yang disimpan.")).to_be_visible()


def take_feed_twice(desk):
    choose_feed(desk)
    expect(desk.locator(".sheet-counts")).to_contain_text("2 baru")
    assert not Regulation.objects.exists()
    desk.get_by_role("button", name="Simpan").dblclick()
    expect(desk.get_by_text("2 baris ditambahkan, 0 diperbarui.")).to_be_visible()

    choose_feed(desk)
    expect(desk.locator(".sheet-counts")).to_contain_text("0 baru")
    expect(desk.locator(".sheet-counts")).to_contain_text("2 sudah sama")
    expect(desk.get_by_role("button", name="Simpan")).to_have_count(0)
    desk.get_by_role("link", name="Batal").click()
    assert list(Regulation.objects.order_by("year").values_list("number", flat=True)) == ["9", "4"]


def test_a_perda_from_jdih_that_was_revoked_is_refused_with_the_reason(
    answer, staff, seat, complaints
):
    year = answer.assessment
    desk = seat(secretary_of(year))
    desk.goto(f"/kota/{year.city.slug}/produk-hukum/")
    take_feed_twice(desk)

    desk.get_by_role("link", name="Peraturan daerah Nomor 4 Tahun 2021").click()
    desk.get_by_text("Catat hubungan").click()
    desk.get_by_label("Produk hukum ini").select_option(label="mencabut")
    desk.get_by_label("Produk hukum lain").select_option(
        label="Peraturan daerah Nomor 9 Tahun 2015"
    )
    desk.get_by_role("button", name="Simpan hubungan").click()
    expect(desk.get_by_text("Hubungan tersimpan.")).to_be_visible()

    opd = seat(staff)
    opd.goto(answer.get_absolute_url())
    upload(opd, paper(), title="Perda perlindungan anak", number="Nomor 9 Tahun 2015")
    expect(opd.locator("[data-messages]")).to_contain_text(f"Perda perlindungan anak: {REASON}")
    expect(opd.locator("#dokumen")).to_contain_text(REASON)

    verifier = seat(reviewer_of(year).user)
    verifier.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/")
    verifier.get_by_role("link", name="Perda perlindungan anak", exact=True).click()
    expect(verifier.get_by_role("main")).to_contain_text(REASON)
    verifier.get_by_label("Kembalikan").check()
    verifier.get_by_label("Alasan pengembalian").fill(REASON)
    verifier.get_by_role("button", name="Simpan keputusan").click()
    expect(verifier.locator("[data-messages]")).to_contain_text("dikembalikan")

    opd.goto(answer.get_absolute_url())
    expect(
        opd.get_by_text(f"Perbaiki: {REASON}").or_(opd.get_by_text(REASON)).first
    ).to_be_visible()
    assert Evidence.objects.get().reason == REASON


def test_each_guide_prints_on_one_page_and_has_its_pictures(answer, seat):
    city = f"/kota/{answer.assessment.city.slug}/"
    desk, printed = seat(secretary_of(answer)), {}
    for place in ("produk-hukum", "gugus-tugas", "rad"):
        desk.goto(f"{city}{place}/petunjuk/")
        desk.wait_for_function("() => [...document.images].every((one) => one.naturalWidth > 0)")
        paper = desk.pdf(format="A4", prefer_css_page_size=True)
        pages = PdfReader(BytesIO(paper)).pages
        printed[place] = (len(pages), desk.locator(".guide-pictures img").count())

    assert printed == dict.fromkeys(printed, (1, 4))
