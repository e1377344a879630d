"""A filled sheet entered through the site."""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

import kla
from assessments.choices import ScoreKind
from assessments.models import TotalScore
from clusters.library import packaged
from tests.assessments.situations import everything, working_year
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = Path(kla.__file__).parent / "demo" / "sheet-kabupaten-a-2024.csv"
BAD = b"question,points\n1.1,12\n9.99,1\n1.2a,2\n1.2b,banyak\n1.1,3\n"


@pytest.fixture
def year(transactional_db):
    return working_year(spec=packaged("kla-2023"))


@pytest.fixture
def page_of_import(year, seat):
    page = seat(MembershipFactory(gugus_tugas=True, city=year.city).user)
    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/")
    page.get_by_role("link", name="Impor lembar nilai").click()
    return page


def test_the_real_sheet_shows_its_total_and_predikat(year, page_of_import):
    page = page_of_import
    page.get_by_label("Lembar nilai").set_input_files(SHEET)
    page.get_by_role("button", name="Impor lembar").click()

    expect(page.get_by_text("274 pertanyaan diisi dari lembar, 0 sudah sama.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(
        "Diklaim 771,81: Nindya. 29,19 poin lagi menuju Utama."
    )
    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.CLAIMED)
    assert (total.points, total.predikat) == (Decimal("771.81"), "Nindya")


def test_a_bad_sheet_is_told_line_by_line_and_changes_nothing(page_of_import):
    page, before = page_of_import, everything()
    page.get_by_label("Isi lembar").select_option(label="Hasil resmi: Verifikasi administrasi")
    page.get_by_label("Sumber").fill("Berita acara verifikasi administrasi")
    page.get_by_label("Ganti nilai yang sudah terisi").check()
    page.get_by_label("Lembar nilai").set_input_files(
        {"name": "lembar.csv", "mimeType": "text/csv", "buffer": BAD}
    )
    page.get_by_role("button", name="Impor lembar").click()

    for fault in (
        "baris 3: Kode “9.99” tidak ada dalam instrumen.",
        "baris 4: Poin “2” melebihi maksimum “1.2a”, yaitu 1.",
        "baris 5: Poin “banyak” bukan angka.",
        "baris 6: Pertanyaan “1.1” sudah ada di baris 2.",
    ):
        expect(page.get_by_role("main").get_by_text(fault).first).to_be_visible()
    assert page.get_by_label("Isi lembar").input_value() == ScoreKind.VA
    assert page.get_by_label("Ganti nilai yang sudah terisi").is_checked()
    assert everything() == before
