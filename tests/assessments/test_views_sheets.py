"""Sheets through the site: read, shown, applied; and every hostile one, which changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.choices import ScoreKind
from assessments.models import (
    Activity,
    Answer,
    OfficialIndicatorScore,
    PointsRecord,
    SheetImport,
    StageScore,
)
from assessments.worksheets.layout import CLAIM, NOTE
from tests.assessments.situations import (
    assert_scores_are_right,
    claim,
    everything,
    points_of,
    secretary_of,
    staff_of,
)
from tests.assessments.working_sheets import edited, exported, opened, sent
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory
from tests.workbooks import books
from tests.workbooks.books import LAST_ROW, book, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(client, secretariat):
    client.force_login(secretariat.user)
    return client


def url(name, year, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def table(*lines, head="question;points"):
    text = "\n".join([head, *lines])
    return SimpleUploadedFile("nilai.csv", text.encode(), "text/csv")


def upload(client, year, file, kind="worksheet", **data):
    return client.post(url("sheet_import", year), {"kind": kind, "file": file, **data})


def previewed(client, response):
    """The page that an upload led to."""
    page = client.get(response.url)
    assert page.status_code == 200
    return page


def confirm(client, page, **choices):
    seen = page.context["form"]["seen"].value()
    return client.post(page.request["PATH_INFO"], {"seen": seen, **choices})


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


# --- The way of a sheet -----------------------------------------------------------------------


def test_a_working_sheet_goes_out_is_edited_and_comes_back(sheets, year):
    claim(answer_of(year, "1.2"), "10")
    content = sheets.get(url("worksheet_download", year)).getvalue()
    content = edited(content, {"1.1": {CLAIM: 3, NOTE: "Baru"}, "1.2": {CLAIM: 12}})

    page = previewed(sheets, upload(sheets, year, sent(content)))
    response = confirm(sheets, page)

    assert response.url == year.get_absolute_url()
    assert said(response) == ["2 baris dari lembar tersimpan."]
    assert points_of(year, ScoreKind.CLAIMED) == {
        "1.1": 3,
        "1.2": 12,
        "2a.1": None,
        "2a.2": None,
        "2b.1": None,
    }
    assert answer_of(year, "1.1").note == "Baru"
    assert_scores_are_right(year)


def test_the_preview_shows_every_side_of_a_conflict(sheets, year):
    claim(answer_of(year, "1.2"), "10")
    content = edited(exported(year), {"1.2": {CLAIM: 12.5}})
    other = secretary_of(year, name="Budi Santoso")
    claim(answer_of(year, "1.2"), "15", by=other, seen_at=answer_of(year, "1.2").claimed_at)

    page = previewed(sheets, upload(sheets, year, sent(content)))

    text = page.content.decode()
    for shown in ("Bentrok", "10", "15", "12,5", "Budi Santoso", "Pakai isi berkas"):
        assert shown in text
    confirm(sheets, page, **{"question:1.2": "file"})
    assert answer_of(year, "1.2").claimed_points == Decimal("12.5")


def test_without_a_choice_the_site_keeps_what_it_has(sheets, year):
    content = edited(exported(year), {"1.1": {CLAIM: 3}, "1.2": {CLAIM: 12}})
    claim(answer_of(year, "1.2"), "15")

    confirm(sheets, previewed(sheets, upload(sheets, year, sent(content))))

    found = points_of(year, ScoreKind.CLAIMED)
    assert (found["1.1"], found["1.2"]) == (3, 15)


def test_a_site_that_moved_since_is_shown_anew_and_nothing_is_stored(sheets, year):
    content = edited(exported(year), {"1.1": {CLAIM: 3}})
    page = previewed(sheets, upload(sheets, year, sent(content)))
    claim(answer_of(year, "1.1"), "15")
    before = everything(but=[Activity])

    again = confirm(sheets, page)

    assert again.status_code == 409
    assert "Isi situs berubah sejak pratinjau ini dibuat" in again.content.decode()
    assert [row.key for row in again.context["preview"].conflicts] == ["question:1.1"]
    assert everything(but=[Activity]) == before
    confirm(sheets, again, **{"question:1.1": "file"})
    assert answer_of(year, "1.1").claimed_points == 3


def test_a_sheet_that_changes_nothing_says_so_and_has_no_button(sheets, year):
    page = previewed(sheets, upload(sheets, year, sent(exported(year))))

    text = page.content.decode()
    assert "Isi lembar sama dengan isi situs" in text
    assert "Simpan perubahan" not in text


def test_a_sheet_is_thrown_away(sheets, year):
    content = edited(exported(year), {"1.1": {CLAIM: 3}})
    upload(sheets, year, sent(content))
    kept = SheetImport.objects.get()

    response = sheets.post(url("sheet_discard", year, kept.pk))

    assert response.url == url("sheet_import", year)
    assert sheets.get(kept.get_absolute_url()).status_code == 404
    assert answer_of(year, "1.1").claimed_points is None


def test_nobody_else_may_open_or_confirm_a_sheet(client, sheets, year):
    upload(sheets, year, sent(edited(exported(year), {"1.1": {CLAIM: 3}})))
    kept = SheetImport.objects.get()
    before = everything()

    colleague = MembershipFactory(admin_kota=True, city=year.city)
    for user, status in ((colleague.user, 404), (staff_of(year, "DISDIK").user, 403)):
        client.force_login(user)
        assert client.get(kept.get_absolute_url()).status_code == status
        assert client.post(kept.get_absolute_url(), {"seen": "x"}).status_code == status
    kept.refresh_from_db()
    assert everything()[0]["SheetImport"] == before[0]["SheetImport"]
    assert answer_of(year, "1.1").claimed_points is None


def test_an_opd_imports_for_nobody(client, year):
    client.force_login(staff_of(year, "DISDIK").user)

    assert upload(client, year, sent(exported(year))).status_code == 403


# --- Tables of points -------------------------------------------------------------------------


def test_a_table_of_claims_fills_and_keeps_what_is_there(sheets, year):
    claim(answer_of(year, "1.1"), "10")
    file = table("1.1;30", "1.2;6,6", "2b.1;")

    page = previewed(sheets, upload(sheets, year, file, ScoreKind.CLAIMED))
    response = confirm(sheets, page)

    assert said(response) == ["1 baris dari lembar tersimpan."]
    found = points_of(year, ScoreKind.CLAIMED)
    assert (found["1.1"], found["1.2"]) == (10, Decimal("6.6"))
    assert_scores_are_right(year)


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("question;points", ["1.1;6"]),
        ("Pertanyaan;Nilai", ["1.1;6"]),
        ("Kode;Uraian;VA;VL", ["1.1;Perda;6;9"]),
        ("kode,poin", ['1.1,"6"']),
    ],
)
def test_an_official_result_is_known_by_the_usual_names_of_columns(sheets, year, head, lines):
    file = table(*lines, head=head)

    page = previewed(sheets, upload(sheets, year, file, ScoreKind.VA, source="BA 7/2026"))
    confirm(sheets, page)

    assert points_of(year, ScoreKind.VA) == {"1.1": 6}
    record = PointsRecord.objects.get(kind=ScoreKind.VA)
    assert record.why == "Impor lembar nilai: BA 7/2026"
    assert_scores_are_right(year)


def test_an_official_result_comes_by_indicator_where_no_more_is_known(sheets, year):
    content = book([["Indikator", "Nama", "VF"], ["1", "Perda", 40], ["2b", "", 7.5]])

    page = previewed(sheets, upload(sheets, year, sent(content), ScoreKind.VF, source="BA"))
    confirm(sheets, page)

    rows = OfficialIndicatorScore.objects.order_by("indicator__position")
    assert [(r.indicator.code, r.kind, r.points) for r in rows] == [
        ("1", ScoreKind.VF, 40),
        ("2b", ScoreKind.VF, Decimal("7.5")),
    ]


def test_an_official_workbook_may_have_a_heading_and_a_sheet_for_each_cluster(sheets, year):
    workbook = opened(book([["Hasil Verifikasi"], [], ["Kode", "VA"], ["1.1", 6]], "Klaster I"))
    workbook.create_sheet("Petunjuk").append(["Baca dahulu"])
    second = workbook.create_sheet("Klaster II")
    for row in (["Hasil"], ["Indikator", "Catatan", "VA"], ["2b", "", 7]):
        second.append(row)

    response = upload(sheets, year, sent(saved(workbook)), ScoreKind.VA, source="BA")

    keys = [row.key for row in previewed(sheets, response).context["preview"].changes]
    assert keys == ["question:1.1", "indicator:2b"]


def test_a_sheet_that_names_a_column_twice_is_not_passed_over(sheets, year):
    workbook = opened(book([["Kode", "VA"], ["1.1", 6]], "Satu"))
    second = workbook.create_sheet("Dua")
    for row in (["Kode", "VA", "VA"], ["1.2", 3, 4]):
        second.append(row)

    response = upload(sheets, year, sent(saved(workbook)), ScoreKind.VA, source="BA")

    assert response.context["form"].errors["file"] == [
        "Dua, baris 1: Kolom va ada lebih dari satu."
    ]


def test_what_stands_on_two_sheets_is_named_with_both_places(sheets, year):
    workbook = opened(book([["Kode", "VA"], ["1.1", 6]], "Lama"))
    second = workbook.create_sheet("Baru")
    for row in (["Kode", "VA"], ["1.2", 3], ["1.1", 7]):
        second.append(row)

    response = upload(sheets, year, sent(saved(workbook)), ScoreKind.VA, source="BA")

    assert response.context["form"].errors["file"] == [
        "Baru, sel A3: Kode “1.1” sudah ada di Lama, sel A2."
    ]


def test_a_new_official_result_shows_the_former_one_and_takes_its_place(sheets, year):
    for points in ("10", "30"):
        file = table(f"1.1;{points}")
        page = previewed(sheets, upload(sheets, year, file, ScoreKind.VF, source="BA"))
        confirm(sheets, page)

    [change] = page.context["preview"].changes
    assert (change.compared.site.points, change.compared.result.points) == (10, 30)
    assert [row.points for row in StageScore.objects.all()] == [30]


def test_an_official_sheet_says_where_it_comes_from(sheets, year):
    response = upload(sheets, year, table("1.1;6"), ScoreKind.VF)

    assert list(response.context["form"].errors) == ["source"]
    assert not SheetImport.objects.exists()


@pytest.mark.parametrize("kind", ["evidenced", "lain", ""])
def test_only_claims_and_official_results_are_imported(sheets, year, kind):
    before = everything()

    response = upload(sheets, year, table("1.1;30"), kind)

    assert list(response.context["form"].errors) == ["kind"]
    assert everything() == before


@pytest.mark.parametrize(
    ("head", "lines", "faults"),
    [
        (
            "kode;va",
            ["9.9;1", "1.1;31", "2a;1", "2a;2", "1.2;x"],
            [
                "baris 2: Kode “9.9” tidak ada dalam instrumen.",
                "baris 3: Nilai 31 melebihi maksimum pertanyaan 1.1, yaitu 30 poin.",
                "baris 5: Kode “2a” sudah ada di baris 4.",
                "baris 6: Poin “x” bukan angka.",
            ],
        ),
        ("nama;va", ["a;1"], ["baris 1: Kolom pertanyaan atau indikator atau kode tidak ada."]),
        ("kode;vl", ["1.1;1"], ["baris 1: Kolom va tidak ada."]),
        ("indikator;va", ["1.1;1"], ["baris 2: Kode “1.1” tidak ada dalam instrumen."]),
        ("question;va", ["2a;1"], ["baris 2: Kode “2a” tidak ada dalam instrumen."]),
        ("kode;va", [";3"], ["baris 2: Ada poin tanpa kode."]),
    ],
)
def test_every_fault_of_an_official_table_is_named(sheets, year, head, lines, faults):
    before = everything()

    response = upload(sheets, year, table(*lines, head=head), ScoreKind.VA, source="BA")

    assert response.context["form"].errors["file"] == faults
    assert everything() == before


def test_very_many_faults_are_counted(sheets, year):
    response = upload(sheets, year, table(*(f"x{n};1" for n in range(150))), ScoreKind.CLAIMED)

    told = response.context["form"].errors["file"]
    assert (len(told), told[-1]) == (101, "dan 50 kesalahan lainnya.")


# --- Hostile and broken, through the form -----------------------------------------------------


def worksheet_with(year, change):
    """The year's own sheet after `change` has been at its first cluster."""
    workbook = opened(exported(year))
    change(workbook.worksheets[1])
    return saved(workbook)


def doubled(sheet):
    sheet.append([cell.value for cell in sheet[7]])


def set_to(cell, value):
    def change(sheet):
        sheet[cell] = value

    return change


PART = "xl/worksheets/sheet2.xml"
HOSTILE = {
    "no bytes": lambda _year: b"",
    "text": lambda _year: b"kode,klaim\n1.1,3\n",
    "PDF": lambda _year: b"%PDF-1.7\n1 0 obj\n",
    "old XLS": lambda _year: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "locked": lambda _year: books.encrypted_package(),
    "locked ZIP": lambda year: books.encrypted_in_zip(exported(year)),
    "macro": lambda year: books.with_macro(exported(year)),
    "XLSM": lambda year: books.macro_enabled(books.with_macro(exported(year))),
    "external link": lambda year: books.with_external_link(
        worksheet_with(year, set_to("D7", "=[1]Rekap!A1"))
    ),
    "nested archive": lambda year: books.with_nested_archive(exported(year)),
    "zip bomb": lambda year: books.zip_bomb(exported(year), megabytes=60),
    "lying size": lambda year: books.lying_size(exported(year), PART),
    "entities": lambda year: books.with_entities(exported(year), PART),
    "broken XML": lambda year: books.changed(exported(year), PART, old=b"</row>", new=b"</ro>"),
    "last row": lambda year: books.with_cell(exported(year), LAST_ROW, 4, part=PART),
    "merged": lambda year: worksheet_with(year, books.merged("D6:D7")),
    "formula": lambda year: worksheet_with(year, set_to("D7", "=1+1")),
    "number as grouped text": lambda year: worksheet_with(year, set_to("D7", "1.000,5")),
    "text for a number": lambda year: worksheet_with(year, set_to("D7", "lima")),
    "date for a number": lambda year: worksheet_with(year, set_to("D7", date(2026, 5, 1))),
    "duplicate": lambda year: worksheet_with(year, doubled),
    "unknown code": lambda year: worksheet_with(year, set_to("A7", "99.9")),
    "above the maximum": lambda year: worksheet_with(year, set_to("D7", 21)),
    "other workbook": lambda _year: book([["Kode", "Klaim"], ["1.1", 3]]),
}
WITHOUT_SHEET = "baris 1: “lembar.xlsx” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
LOCKED = "baris 1: Berkas terkunci kata sandi; simpan tanpa kata sandi."
MACRO = "berkas: Berkas membawa makro; simpan sebagai XLSX tanpa makro."
FIRST = "Kelembagaan"
TOLD = {
    "no bytes": ["Berkas yang dikirimkan kosong."],
    "text": [WITHOUT_SHEET],
    "PDF": [WITHOUT_SHEET],
    "old XLS": [WITHOUT_SHEET],
    "locked": [LOCKED],
    "locked ZIP": [LOCKED],
    "macro": [MACRO],
    "XLSM": [MACRO],
    "external link": [
        "berkas: Berkas menautkan berkas atau data lain; putuskan tautannya, lalu simpan.",
        f"{FIRST}, sel D7: Rumus mengambil dari berkas lain; ganti dengan nilainya.",
    ],
    "nested archive": [
        (
            "berkas: Berkas membawa berkas lain, “xl/embeddings/lampiran.xlsx”; hapus sisipan "
            "itu, lalu simpan."
        )
    ],
    "zip bomb": [
        (
            "baris 1: Isi berkas terlalu besar untuk sebuah tabel; hapus baris dan kolom kosong "
            "yang berformat, gambar, dan lembar lain."
        )
    ],
    "lying size": [WITHOUT_SHEET],
    "entities": [WITHOUT_SHEET],
    "broken XML": [WITHOUT_SHEET],
    "last row": [
        f"{FIRST}, sel D1048576: Baris terlalu banyak: paling banyak 5000. Hapus isi di bawahnya."
    ],
    "merged": [f"{FIRST}, sel D6: Sel digabung; pisahkan (unmerge) dan isi setiap baris."],
    "formula": [
        (
            f"{FIRST}, sel D7: Rumus belum dihitung; buka dan simpan ulang di pengolah lembar, "
            "atau tulis angka."
        )
    ],
    "number as grouped text": [f"{FIRST}, sel D7: Tulis poin “1.000,5” tanpa pemisah ribuan."],
    "text for a number": [f"{FIRST}, sel D7: Poin “lima” bukan angka."],
    "date for a number": [
        f"{FIRST}, sel D7: Poin berubah menjadi tanggal; format kolomnya sebagai angka."
    ],
    "duplicate": [f"{FIRST}, sel A9: Pertanyaan “1.2” sudah ada di {FIRST}, sel A7."],
    "unknown code": [f"{FIRST}, sel A7: Kode “99.9” tidak ada dalam instrumen."],
    "above the maximum": [
        f"{FIRST}, sel D7: Nilai 21 melebihi maksimum pertanyaan 1.2, yaitu 20 poin."
    ],
    "other workbook": ["berkas: Bukan lembar kerja dari situs ini: sampulnya tidak ada."],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_working_sheet_is_told_every_fault_and_changes_nothing(sheets, year, what):
    file = sent(HOSTILE[what](year))
    before = everything()

    response = upload(sheets, year, file)

    assert response.status_code == 200
    assert response.context["form"].errors["file"] == TOLD[what]
    assert everything() == before


ROWS = [["question", "points"], ["1.1", 3], ["1.2", 4]]
TABLES = {
    "macro": books.with_macro(book(ROWS)),
    "locked": books.encrypted_in_zip(book(ROWS)),
    "external link": books.with_external_link(book([*ROWS, ["2b.1", "=[1]Rekap!A1"]])),
    "nested archive": books.with_nested_archive(book(ROWS)),
    "zip bomb": books.zip_bomb(book(ROWS), megabytes=60),
    "last row": books.with_cell(book(ROWS), LAST_ROW, 2),
    "merged": book([*ROWS, ["2b.1", 3]], change=books.merged("A3:A4")),
    "formula": book([*ROWS, ["2b.1", "=1+1"]]),
    "date": book([*ROWS, ["2b.1", date(2026, 1, 1)]]),
    "all at once": book(
        [*ROWS, ["1.1", 3], ["9.9", "x"], [date(2026, 1, 1), -1], ["2b.1", "1.234,5"]]
    ),
}
TOLD_OF_TABLES = {
    "macro": [MACRO],
    "locked": [LOCKED],
    "external link": [
        TOLD["external link"][0],
        "isi, sel B4: Rumus mengambil dari berkas lain; ganti dengan nilainya.",
    ],
    "nested archive": TOLD["nested archive"],
    "zip bomb": TOLD["zip bomb"],
    "last row": [
        "isi, sel B1048576: Baris terlalu banyak: paling banyak 5000. Hapus isi di bawahnya."
    ],
    "merged": [
        "isi, sel A3: Sel digabung; pisahkan (unmerge) dan isi setiap baris.",
        "isi, sel B4: Ada poin tanpa kode.",
    ],
    "formula": [
        (
            "isi, sel B4: Rumus belum dihitung; buka dan simpan ulang di pengolah lembar, "
            "atau tulis angka."
        )
    ],
    "date": ["isi, sel B4: Poin berubah menjadi tanggal; format kolomnya sebagai angka."],
    "all at once": [
        "isi, sel A4: Kode “1.1” sudah ada di isi, sel A2.",
        "isi, sel A5: Kode “9.9” tidak ada dalam instrumen.",
        "isi, sel B5: Poin “x” bukan angka.",
        "isi, sel A6: Kode berubah menjadi tanggal; format kolomnya sebagai teks.",
        "isi, sel B6: Poin “-1” kurang dari nol.",
        "isi, sel B7: Tulis poin “1.234,5” tanpa pemisah ribuan.",
    ],
}


@pytest.mark.parametrize("kind", [ScoreKind.CLAIMED, ScoreKind.VA])
@pytest.mark.parametrize("what", TABLES)
def test_a_hostile_table_is_told_every_fault_and_changes_nothing(sheets, year, what, kind):
    before = everything()

    response = upload(sheets, year, sent(TABLES[what]), kind, source="BA")

    assert response.context["form"].errors["file"] == TOLD_OF_TABLES[what]
    assert everything() == before


def test_a_million_empty_rows_are_no_obstacle(sheets, year):
    content = edited(exported(year), {"1.1": {CLAIM: 3}})
    content = books.with_formatted_rows(content, part=PART)

    page = previewed(sheets, upload(sheets, year, sent(content)))

    assert [row.key for row in page.context["preview"].changes] == ["question:1.1"]


def test_numbers_as_text_and_decimal_commas_are_read_where_they_mean_one_thing(sheets, year):
    content = edited(exported(year), {"1.1": {CLAIM: "7"}, "1.2": {CLAIM: "7,5"}})

    page = previewed(sheets, upload(sheets, year, sent(content)))

    changes = {row.key: row.compared.result.points for row in page.context["preview"].changes}
    assert changes == {"question:1.1": 7, "question:1.2": Decimal("7.5")}


def test_a_file_that_is_too_large_is_not_even_read(sheets, year):
    before = everything()

    response = upload(sheets, year, sent(b"x" * 5_000_001))

    [sentence] = response.context["form"].errors["file"]
    assert sentence.startswith("Lembar ini 5.000.001\xa0byte, paling besar 5.000.000\xa0byte.")
    assert everything() == before


def test_a_note_that_looks_like_a_formula_stays_the_text_that_it_is(sheets, year):
    Answer.objects.filter(pk=answer_of(year, "1.2").pk).update(note="=SUM(A1)")
    content = edited(exported(year), {"1.1": {NOTE: "-lihat lampiran"}})

    confirm(sheets, previewed(sheets, upload(sheets, year, sent(content))))

    assert answer_of(year, "1.1").note == "-lihat lampiran"
    assert answer_of(year, "1.2").note == "=SUM(A1)"
