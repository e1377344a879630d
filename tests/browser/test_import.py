"""Filled sheets entered through the site: shown first, then stored."""

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

import kla
from assessments.choices import ScoreKind
from assessments.models import TotalScore
from assessments.worksheets.layout import CLAIM, NOTE
from clusters.library import packaged
from tests.assessments.situations import claim, everything, secretary_of, working_year
from tests.assessments.working_sheets import edited
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = Path(kla.__file__).parent / "demo" / "sheet-kabupaten-a-2024.csv"
BAD = b"question,points\n1.1,12\n9.99,1\n1.2a,2\n1.2b,banyak\n1.1,3\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def year(transactional_db):
    return working_year(spec=packaged("kla-2023"))


@pytest.fixture
def page_of_import(year, seat):
    page = seat(MembershipFactory(gugus_tugas=True, city=year.city).user)
    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/")
    page.get_by_text("Lainnya", exact=True).click()
    page.get_by_role("link", name="Impor lembar").click()
    return page


def show(page, file, kind):
    page.get_by_label("Isi lembar").select_option(label=kind)
    page.get_by_label("Berkas").set_input_files(file)
    page.get_by_role("button", name="Tampilkan perubahan").click()


def test_the_real_sheet_is_shown_and_then_gives_its_total_and_predikat(year, page_of_import):
    page = page_of_import
    show(page, SHEET, "Klaim kota per pertanyaan")

    expect(page.get_by_role("main")).to_contain_text("274 berubah")
    assert TotalScore.objects.get(assessment=year, kind=ScoreKind.CLAIMED).points == 0
    page.get_by_role("button", name="Simpan perubahan").click()

    expect(page.get_by_text("274 baris dari lembar tersimpan.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(
        "Diklaim 771,81: Nindya. 29,19 poin lagi menuju Utama."
    )
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.CLAIMED)
    assert (total.points, total.predikat) == (Decimal("771.81"), "Nindya")


def test_a_bad_sheet_is_told_line_by_line_and_changes_nothing(page_of_import):
    page, before = page_of_import, everything()
    page.get_by_label("Sumber").fill("Berita acara verifikasi administrasi")
    file = {"name": "lembar.csv", "mimeType": "text/csv", "buffer": BAD}
    show(page, file, "Hasil resmi: Verifikasi administrasi")

    for fault in (
        "baris 3: Kode “9.99” tidak ada dalam instrumen.",
        "baris 4: Nilai 2 melebihi maksimum pertanyaan 1.2a, yaitu 1 poin.",
        "baris 5: Poin “banyak” bukan angka.",
        "baris 6: Kode “1.1” sudah ada di baris 2.",
    ):
        expect(page.get_by_role("main").get_by_text(fault).first).to_be_visible()
    assert page.get_by_label("Isi lembar").input_value() == ScoreKind.VA
    assert everything() == before


def test_a_working_sheet_comes_back_and_a_conflict_is_decided(year, page_of_import):
    page = page_of_import
    with page.expect_download() as download:
        page.get_by_role("link", name="Lembar kerja, cetak A4").click()
    content = Path(download.value.path()).read_bytes()
    assert len(openpyxl.load_workbook(io.BytesIO(content)).worksheets) == 8
    claim(answer_of(year, "1.2a"), "0.75", by=secretary_of(year, name="Budi Santoso"))
    claim(answer_of(year, "1.2b"), "0.75")
    changes = {
        "1.1": {CLAIM: 12, NOTE: "Perda 3/2025"},
        "1.2a": {CLAIM: 0.5},
        "1.2b": {CLAIM: 0.5},
    }

    file = {"name": "lembar.xlsx", "mimeType": XLSX, "buffer": edited(content, changes)}
    show(page, file, "Lembar kerja kota yang diunduh dari situs ini")

    main = page.get_by_role("main")
    expect(main).to_contain_text("1 berubah")
    expect(main).to_contain_text("2 bentrok")
    expect(main).to_contain_text("Budi Santoso")
    page.get_by_role("group", name="Pilihan untuk 1.2a").get_by_label("Pakai isi berkas").check()
    page.get_by_role("button", name="Simpan perubahan").click()

    expect(page.get_by_text("2 baris dari lembar tersimpan.")).to_be_visible()
    stored = {code: answer_of(year, code).claimed_points for code in changes}
    assert stored == {"1.1": 12, "1.2a": Decimal("0.5"), "1.2b": Decimal("0.75")}
    assert answer_of(year, "1.1").note == "Perda 3/2025"
