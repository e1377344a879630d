import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clusters.choices import ImportConflict
from clusters.library import packaged
from clusters.models import Instrument, InstrumentImport
from clusters.services import spec_of
from clusters.services.importing import KEPT_FOR
from clusters.services.life import create_draft
from clusters.sheets import draw, read_sheets
from clusters.writing import write
from tests.factories.cities import SiteAdminFactory, UserFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec
from tests.workbooks import books
from tests.workbooks.books import LAST_ROW

pytestmark = pytest.mark.django_db

UPLOAD = reverse("clusters:import_upload")


@pytest.fixture
def maker(client):
    person = SiteAdminFactory()
    client.force_login(person)
    return person


def uploaded(client, content, name="kecil.xlsx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def previewed(client, content):
    """The address of the preview to which an upload leads."""
    response = uploaded(client, content)
    assert response.status_code == 302, response.context["form"].errors
    return response["Location"]


def decide(client, url, **fields):
    seen = client.get(url).context["preview"].seen
    return client.post(url, {"seen": seen, **fields})


def everything():
    """Every row of every instrument and import, to be compared with itself later."""
    models = apps.get_app_config("clusters").get_models(include_auto_created=True)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def edited(cell, value, sheet="Kelembagaan"):
    book = openpyxl.load_workbook(io.BytesIO(draw(small_spec())))
    book[sheet][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def download(code="kecil-2026", kind="yaml"):
    return reverse("clusters:instrument_download", args=[code, kind])


# --- Import -------------------------------------------------------------------------------------


def test_a_sheet_becomes_a_draft_in_two_steps(client, maker):
    url = previewed(client, draw(small_spec()))
    assert Instrument.objects.count() == 0
    assert "Rancangan baru akan dibuat" in client.get(url).text

    response = decide(client, url)

    assert response.status_code == 302
    assert spec_of(Instrument.objects.get()) == small_spec()
    assert Instrument.objects.get().is_draft
    assert client.get(url).status_code == 404


def test_the_preview_shows_each_change_and_applies_it(client, maker):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    url = previewed(client, edited("F4", 29.5))

    page = client.get(url).text
    assert "pertanyaan 1.1" in page
    assert "29,5" in page
    decide(client, url)

    assert next(spec_of(Instrument.objects.get()).questions()).max_points == 29.5


def test_a_draft_changed_meanwhile_shows_the_preview_anew(client, maker):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    url = previewed(client, edited("F4", 29.5))
    seen = client.get(url).context["preview"].seen
    Instrument.objects.update(title="Judul baru")

    response = client.post(url, {"seen": seen})

    preview = response.context["preview"]
    assert response.status_code == 200
    assert "Rancangan berubah sejak pratinjau" in response.text
    assert preview.conflict == ImportConflict.CHANGED
    assert [row.place for row in preview.differences] == ["instrumen", "pertanyaan 1.1"]
    assert f'value="{preview.seen}"' in response.text
    assert Instrument.objects.get().title == "Judul baru"


def test_a_conflict_needs_its_box_ticked(client, maker):
    create_draft(spec=replace(small_spec(), title="Lain"), by=maker, at=PUBLISHED_AT)
    url = previewed(client, draw(small_spec()))

    response = decide(client, url)
    assert "Centang bahwa perubahan di situs boleh tertimpa" in response.text
    assert Instrument.objects.get().title == "Lain"

    decide(client, url, overwrite="on")
    assert Instrument.objects.get().title == "Instrumen kecil"


def test_a_file_that_changes_nothing_offers_nothing_to_apply(client, maker):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    url = previewed(client, draw(small_spec()))

    page = client.get(url).text

    assert "Isi berkas sama dengan rancangan" in page
    assert "Terapkan ke rancangan" not in page


def test_faults_are_told_with_sheet_and_cell_and_nothing_is_kept(client, maker):
    response = uploaded(client, edited("F4", "dua"))

    assert response.context["form"].errors == {"file": ["Kelembagaan, sel F4: Harus angka."]}
    assert (Instrument.objects.count(), InstrumentImport.objects.count()) == (0, 0)


PART = "xl/worksheets/sheet2.xml"  # the sheet of the first cluster
NO_SHEET = "baris 1: “kecil.xlsx” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
LOCKED = "baris 1: Berkas terkunci kata sandi; simpan tanpa kata sandi."
MACRO = "berkas: Berkas membawa makro; simpan sebagai XLSX tanpa makro."
TOO_FAR = "Baris terlalu banyak: paling banyak 5000. Hapus isi di bawahnya."
A_DATE = "Terbaca sebagai tanggal atau waktu; beri format Teks lalu ketik ulang."
HOSTILE = {
    "no bytes": (lambda _good: b"", ["Berkas yang dikirimkan kosong."]),
    "old XLS": (lambda _good: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), [NO_SHEET]),
    "locked": (lambda _good: books.encrypted_package(), [LOCKED]),
    "locked ZIP": (books.encrypted_in_zip, [LOCKED]),
    "macro": (books.with_macro, [MACRO]),
    "XLSM": (lambda good: books.macro_enabled(books.with_macro(good)), [MACRO]),
    "broken XML": (
        lambda good: books.changed(good, PART, old=b"</row>", new=b"</ro>"),
        [NO_SHEET],
    ),
    "last row": (
        lambda good: books.with_cell(good, LAST_ROW, 4, part=PART),
        [f"Kelembagaan, sel D1048576: {TOO_FAR}"],
    ),
    "formula": (
        lambda _good: edited("F4", "=10+2"),
        ["Kelembagaan, sel F4: Rumus tanpa hasil; ganti dengan nilainya."],
    ),
    "link": (
        lambda _good: edited("F4", "=[1]Rekap!A1"),
        ["Kelembagaan, sel F4: Rumus mengambil dari berkas lain; ganti dengan nilainya."],
    ),
    "date": (
        lambda _good: edited("F4", date(2026, 5, 1)),
        [f"Kelembagaan, sel F4: {A_DATE}"],
    ),
    "grouped number": (
        lambda _good: edited("F4", "1.000,5"),
        ["Kelembagaan, sel F4: Harus angka."],
    ),
    "duplicate": (
        lambda _good: edited("B5", "1.1"),
        ["Kelembagaan, sel B5: “1.1” sudah dipakai di Kelembagaan, sel B4."],
    ),
    "unknown code": (
        lambda _good: edited("N4", "DISHUT"),
        ["Kelembagaan, sel N4: “DISHUT” tidak dikenal."],
    ),
}
# Their sentences are the reader's own, and tested there.
REFUSED = {
    "external link": books.with_external_link,
    "nested archive": books.with_nested_archive,
    "zip bomb": lambda good: books.zip_bomb(good, megabytes=60),
    "lying size": lambda good: books.lying_size(good, PART),
    "entities": lambda good: books.with_entities(good, PART),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_workbook_is_told_every_fault_and_changes_nothing(client, maker, what):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    damage, told = HOSTILE[what]
    before = everything()

    response = uploaded(client, damage(draw(small_spec())))

    assert response.status_code == 200
    assert response.context["form"].errors["file"] == told
    assert everything() == before


@pytest.mark.parametrize("what", REFUSED)
def test_a_workbook_that_carries_more_than_tables_changes_nothing(client, maker, what):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    before = everything()

    response = uploaded(client, REFUSED[what](draw(small_spec())))

    assert list(response.context["form"].errors) == ["file"]
    assert everything() == before


def test_a_million_formatted_empty_rows_are_read_over(client, maker):
    content = books.with_formatted_rows(draw(small_spec()), part=PART)

    decide(client, previewed(client, content))

    assert spec_of(Instrument.objects.get()) == small_spec()


def test_a_file_too_large_is_not_even_read(client, maker):
    response = uploaded(client, b"#" * 5_000_001)

    assert list(response.context["form"].errors) == ["file"]
    assert "paling besar" in str(response.context["form"].errors)


def test_a_published_code_is_refused_with_advice(client, maker):
    make_instrument()

    response = uploaded(client, edited("F4", 29.5))

    assert "Tulis kode lain di dalam berkas" in response.text
    assert InstrumentImport.objects.count() == 0


def test_a_preview_whose_code_was_published_meanwhile_leads_back(client, maker):
    url = previewed(client, edited("F4", 29.5))
    make_instrument()

    assert client.get(url)["Location"] == UPLOAD


def test_a_preview_is_for_who_uploaded_it_and_for_a_day(client, maker):
    url = previewed(client, draw(small_spec()))

    client.force_login(SiteAdminFactory())
    assert client.get(url).status_code == 404

    client.force_login(maker)
    InstrumentImport.objects.update(created_at=timezone.now() - KEPT_FOR)
    assert client.get(url).status_code == 404


# --- Download -----------------------------------------------------------------------------------


def test_whoever_may_read_an_instrument_may_take_it_home(client):
    make_instrument(packaged("kla-2023"))
    client.force_login(UserFactory())

    text = client.get(download("kla-2023"))
    sheet = client.get(download("kla-2023", "xlsx"))

    assert text.content.decode() == write(packaged("kla-2023"))
    assert text["Content-Disposition"] == 'attachment; filename="kla-2023.yaml"'
    assert read_sheets(sheet.content, "kla-2023.xlsx").spec == packaged("kla-2023")
    assert sheet["Content-Disposition"] == 'attachment; filename="kla-2023.xlsx"'


def test_a_draft_is_taken_home_by_its_makers_only(client, maker):
    create_draft(spec=small_spec(), by=maker, at=PUBLISHED_AT)
    assert client.get(download()).status_code == 200

    client.force_login(UserFactory())
    assert client.get(download()).status_code == 404


def test_a_kind_of_file_that_does_not_exist_is_not_found(client, maker):
    make_instrument()

    assert client.get(download(kind="pdf")).status_code == 404


def test_a_download_costs_the_same_for_instruments_of_any_size(
    client, maker, django_assert_num_queries
):
    make_instrument()
    make_instrument(packaged("kla-2023"))

    for code in ("kecil-2026", "kla-2023"):
        with django_assert_num_queries(12):
            client.get(download(code))
