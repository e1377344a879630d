"""An instrument goes home as a workbook and comes back as a draft."""

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from clusters.library import packaged
from clusters.models import Instrument
from clusters.services import spec_of
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def page(seat):
    make_instrument(packaged("kla-2011"))
    return seat(SiteAdminFactory())


def taken_home(page, code):
    page.goto(f"/instrumen/{code}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def brought_back(page, book):
    file = io.BytesIO()
    book.save(file)
    page.goto("/instrumen/")
    page.get_by_role("link", name="Impor dari berkas").click()
    page.get_by_label("Berkas instrumen").set_input_files(
        {"name": "instrumen.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}
    )
    page.get_by_role("button", name="Lihat pratinjau").click()


def write(book, item, value):
    next(row for row in book["Sampul"].rows if row[1].value == item)[2].value = value


def test_a_workbook_becomes_a_draft_and_then_changes_it(page):
    book = taken_home(page, "kla-2011")
    write(book, "Kode", "kla-kota")

    brought_back(page, book)
    expect(page.get_by_text("Rancangan baru akan dibuat")).to_be_visible()
    page.get_by_role("button", name="Buat rancangan").click()
    expect(page.get_by_role("main")).to_contain_text("Rancangan kla-kota")

    book["Klaster I"]["F4"] = 2
    brought_back(page, book)
    expect(page.get_by_role("main")).to_contain_text("poin maksimum: 1")
    page.get_by_role("button", name="Terapkan ke rancangan").click()
    expect(page.get_by_text("diimpor")).to_be_visible()

    points = {
        q.code: q.max_points for q in spec_of(Instrument.objects.get(code="kla-kota")).questions()
    }
    assert {code: worth for code, worth in points.items() if worth != 1} == {"8": 2}


def test_a_published_instrument_and_a_wrong_cell_are_told_and_nothing_changes(page):
    book = taken_home(page, "kla-2011")
    write(book, "Judul", "Lain")
    brought_back(page, book)
    expect(page.get_by_role("alert")).to_contain_text("Tulis kode lain di dalam berkas")

    write(book, "Kode", "kla-kota")
    book["Klaster V"]["F4"] = "satu"
    brought_back(page, book)
    expect(page.get_by_role("alert")).to_contain_text("Klaster V, sel F4: Harus angka.")

    assert [spec_of(one) for one in Instrument.objects.all()] == [packaged("kla-2011")]
