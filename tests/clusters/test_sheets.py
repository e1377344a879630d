import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given

from clusters.choices import ClusterKind
from clusters.library import DRAFT_FAULTS, checksum, packaged, packaged_codes
from clusters.services import load_instrument, spec_of
from clusters.sheets import draw, read_sheets
from clusters.writing import mark_of
from tests.clusters.instruments import EXAMPLES, instruments
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec
from workbooks.reading import UnreadableError


def edited(*changes, spec=None, touch=None):
    """The workbook of the small instrument, after somebody wrote into (sheet, cell, value)."""
    book = openpyxl.load_workbook(io.BytesIO(draw(spec or small_spec())))
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    if touch:
        touch(book)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content, **options):
    return read_sheets(content, "instrumen.xlsx", **options).spec


def faults_of(content):
    with pytest.raises(UnreadableError) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


def cells_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[c.value for c in row] for row in sheet.rows] for sheet in book}


# --- There and back -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", packaged_codes())
def test_a_packaged_instrument_survives_a_workbook_without_loss(code):
    spec = packaged(code)

    reading = read_sheets(draw(spec), "instrumen.xlsx")

    assert reading.spec == spec
    assert checksum(reading.spec) == checksum(spec)
    assert reading.exported == mark_of(spec)


@pytest.mark.django_db
@pytest.mark.parametrize("code", packaged_codes())
def test_from_workbook_through_the_database_to_workbook_nothing_changes(code):
    first = draw(packaged(code))

    second = draw(spec_of(make_instrument(read(first))))

    assert cells_of(second) == cells_of(first)


@EXAMPLES
@given(instruments())
def test_any_instrument_survives_a_workbook_without_loss(spec):
    assert read(draw(spec)) == spec


@pytest.mark.django_db
@EXAMPLES
@given(instruments())
def test_any_instrument_survives_database_and_workbook(spec):
    spec = replace(spec, code=f"x{checksum(spec)[:40]}")
    stored = spec_of(load_instrument(spec=spec, at=PUBLISHED_AT).instrument)

    assert read(draw(stored)) == spec


# --- The workbook -------------------------------------------------------------------------------


def test_a_cover_comes_first_and_then_a_sheet_for_each_cluster():
    book = openpyxl.load_workbook(io.BytesIO(draw(packaged("kla-2023"))))

    assert book.sheetnames == [
        "Sampul",
        "Kelembagaan",
        "Klaster I",
        "Klaster II",
        "Klaster III",
        "Klaster IV",
        "Klaster V",
        "Kecamatan dan desa kelurahan",
    ]
    assert [cell.value for cell in book["Klaster IV"][3]][:7] == [
        "Indikator",
        "18",
        18,
        "Wajib Belajar 12 Tahun",
        "Twelve-year compulsory education",
        24,
        "ya",
    ]


def test_the_structure_is_locked_and_the_rows_are_open():
    book = openpyxl.load_workbook(io.BytesIO(draw(small_spec())))
    sheet = book["Klaster I"]

    assert book.security.lockStructure
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows
    assert sheet["A1"].protection.locked
    assert not sheet["D2"].protection.locked
    assert not sheet.column_dimensions["D"].protection.locked
    assert [sheet.column_dimensions[letter].number_format for letter in "BF"] == ["@", "General"]


def test_columns_of_words_offer_them_and_agencies_come_from_the_cover():
    book = openpyxl.load_workbook(io.BytesIO(draw(small_spec())))
    rules = {
        str(rule.sqref): (rule.formula1, bool(rule.showErrorMessage))
        for rule in book["Klaster I"].data_validations.dataValidation
    }

    assert rules == {
        "A2:A2000": ('"Klaster,Indikator,Pertanyaan"', True),
        "G2:G2000": ('"ya,tidak"', True),
        "H2:H2000": (
            '"kelembagaan,klaster hak anak,kewilayahan,pilihan,persentase,jumlah,uraian"',
            True,
        ),
        "K2:K2000": ('"makin rendah makin baik"', True),
        "M2:M2000": ("'Sampul'!$B$20:$B$21", False),
        "N2:N2000": ("'Sampul'!$B$17:$B$19", False),
    }


@pytest.mark.parametrize("text", ["=1+1", "+62", "-3", "@SUM(A1)", "=cmd|' /C calc'!A0", "#N/A"])
def test_a_text_that_begins_like_a_formula_stays_a_text(text):
    spec = replace(small_spec(), title=text)
    book = openpyxl.load_workbook(io.BytesIO(draw(spec)))
    cell = next(row[2] for row in book["Sampul"].rows if row[1].value == "Judul")

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert read(draw(spec)) == spec


def test_clusters_with_one_label_or_none_that_fits_get_tabs_of_their_own():
    spec = small_spec()
    first, second = spec.clusters
    labels = ("Sampul", "Bagian: " + "x" * 40, "bagian: " + "x" * 40)
    clusters = [replace(first, label=labels[0])]
    clusters += [
        replace(second, code=f"k-{n}", label=label, kind=ClusterKind.TERRITORIAL, indicators=())
        for n, label in enumerate(labels[1:])
    ]
    spec = replace(spec, clusters=tuple(clusters))

    assert list(cells_of(draw(spec))) == [
        "Sampul",
        "Sampul (2)",
        "Bagian  " + "x" * 23,
        "bagian  " + "x" * 19 + " (2)",
    ]
    assert read(draw(spec), leaving=DRAFT_FAULTS) == spec


# --- What people write into it ------------------------------------------------------------------

READ = [
    ("F4", "12,5", "max_points", Decimal("12.5")),
    ("F4", 12.345, "max_points", Decimal("12.345")),
    ("F4", " 12 ", "max_points", Decimal(12)),
    ("H4", "Persentase", "answer_type", "percent"),
    ("H4", "narrative", "answer_type", "narrative"),
    ("I4", "Ada\n\n Tidak ", "options", ("Ada", "Tidak")),
    ("I4", 2, "options", ("2",)),
    ("J4", "0; 0,25;1", "usual_fractions", (Decimal(0), Decimal("0.25"), Decimal(1))),
    ("J4", 0.5, "usual_fractions", (Decimal("0.5"),)),
    ("K4", "makin rendah makin baik", "direction", "lower_is_better"),
    ("M4", "foto,perda", "evidence", ("perda", "foto")),
    ("N4", "DINKES; DP3A", "agencies", ("DINKES", "DP3A")),
    ("L4", None, "note", ""),
    ("D4", 2024, "text", "2024"),
]


@pytest.mark.parametrize(("cell", "value", "field", "expected"), READ)
def test_what_a_person_types_is_taken_for_what_it_means(cell, value, field, expected):
    changed = next(read(edited(("Kelembagaan", cell, value))).questions())

    assert getattr(changed, field) == expected
    assert changed == replace(next(small_spec().questions()), **{field: expected})


def test_a_row_more_is_a_question_more_and_notes_beside_the_table_are_left_alone():
    def add(book):
        book["Klaster I"].append(["Pertanyaan", "2b.2", None, "Baru?", None, 5, None, "uraian"])
        book["Klaster I"]["P3"] = "catatan saya"

    spec = read(edited(touch=add))

    assert [question.code for question in spec.questions()][-2:] == ["2b.1", "2b.2"]
    assert spec.clusters[0] == small_spec().clusters[0]


FAULTS = [
    ("F4", "dua", ["Kelembagaan, sel F4: Harus angka."]),
    ("F4", "1.000", ["Kelembagaan, sel F4: Harus angka."]),
    ("F4", None, ["Kelembagaan, sel F4: Harus angka."]),
    ("F4", -1, ["Kelembagaan, sel F4: Tidak boleh kurang dari nol."]),
    ("F4", 1.2345, ["Kelembagaan, sel F4: Paling banyak tiga angka di belakang koma."]),
    ("F4", "=10+2", ["Kelembagaan, sel F4: Rumus tanpa hasil; ganti dengan nilainya."]),
    (
        "F4",
        date(2026, 1, 2),
        [
            "Kelembagaan, sel F4: Terbaca sebagai tanggal atau waktu; beri format Teks lalu ketik ulang."
        ],
    ),
    (
        "B4",
        1.1,
        ["Kelembagaan, sel B4: Terbaca sebagai angka; beri sel format Teks lalu ketik ulang."],
    ),
    ("B4", None, ["Kelembagaan, sel B4: Tidak boleh kosong."]),
    (
        "B4",
        "1 1",
        ["Kelembagaan, sel B4: Kode “1 1” memuat karakter yang tidak boleh ada dalam kode."],
    ),
    ("B5", "1.1", ["Kelembagaan, sel B5: “1.1” sudah dipakai di Kelembagaan, sel B4."]),
    ("D4", None, ["Kelembagaan, sel D4: Tidak boleh kosong."]),
    ("G3", "mungkin", ["Kelembagaan, sel G3: Tulis “ya” atau “tidak”."]),
    ("H4", "pilihan ganda", ["Kelembagaan, sel H4: “pilihan ganda” tidak dikenal."]),
    ("I4", "Ada\nAda", ["Kelembagaan, sel I4: “Ada” sudah dipakai di Kelembagaan, sel I4."]),
    ("J4", "1; 0", ["Kelembagaan, sel J4: Bagian poin harus urut naik."]),
    ("N4", "DISHUT", ["Kelembagaan, sel N4: “DISHUT” tidak dikenal."]),
    (
        "G4",
        "ya",
        ["Kelembagaan, sel G4: Kolom ini tidak dipakai di baris “Pertanyaan”; kosongkan."],
    ),
    ("A4", "Soal", ["Kelembagaan, sel A4: Tulis salah satu: Klaster, Indikator, Pertanyaan."]),
    (
        "A3",
        "Pertanyaan",
        ["Kelembagaan, baris 3: Baris “Indikator” harus mendahului pertanyaannya."],
    ),
    ("A2", "Indikator", ["Kelembagaan, baris 2: Baris “Klaster” harus mendahului isinya."]),
    ("A1", "Jenis", ["Kelembagaan, baris 1: Kolom “Baris” harus ada tepat satu kali."]),
]


@pytest.mark.parametrize(("cell", "value", "expected"), FAULTS)
def test_a_fault_is_named_with_sheet_and_cell(cell, value, expected):
    found = faults_of(edited(("Kelembagaan", cell, value)))

    assert found[: len(expected)] == expected


COVER_FAULTS = [
    ("A4", "Kepala", ("Sampul, sel A4: Tulis salah satu: Berkas, Instrumen, Dasar hukum, "
     "Rentang predikat, Tahap, Perangkat daerah, Jenis dokumen.")),
    ("B4", "Judul", "Sampul, sel B5: Butir ini tertulis dua kali."),
    ("C4", None, "Sampul: Baris “Instrumen”, “Kode” tidak ada atau kosong."),
    ("C4", "Kecil 2026", ("Sampul, sel C4: Kode “Kecil 2026” memuat karakter yang tidak boleh ada "
     "dalam kode.")),
    ("C11", 0, "Sampul, sel C11: Harus lebih dari nol."),
    ("D15", 55, "Sampul, sel C15: Rentang harus urut naik dan tidak bertumpang tindih."),
    ("B18", "DP3A", "Sampul, sel B18: “DP3A” sudah dipakai di Sampul, sel B17."),
    ("C2", 2, "Sampul, sel C2: Hanya skema 1 yang dikenal."),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "expected"), COVER_FAULTS)
def test_a_fault_of_the_cover_is_named_with_its_cell(cell, value, expected):
    assert faults_of(edited(("Sampul", cell, value)))[0] == expected


def test_every_fault_is_told_at_once():
    content = edited(
        ("Kelembagaan", "F4", "dua"), ("Klaster I", "D5", None), ("Sampul", "C17", None)
    )

    assert faults_of(content) == [
        "Sampul, sel C17: Tidak boleh kosong.",
        "Kelembagaan, sel F4: Harus angka.",
        "Klaster I, sel D5: Tidak boleh kosong.",
    ]


def test_merged_cells_missing_covers_and_foreign_sheets_are_faults():
    merged = edited(touch=lambda book: book["Kelembagaan"].merge_cells("D4:D5"))
    coverless = edited(touch=lambda book: book.remove(book["Sampul"]))
    foreign = edited(touch=lambda book: book.create_sheet("Rapat").append(["Notula"]))

    assert faults_of(merged)[0] == (
        "Kelembagaan, sel D4: Sel digabung; pisahkan (unmerge) dan isi setiap baris."
    )
    assert faults_of(coverless) == ["berkas: Lembar “Sampul” tidak ada."]
    assert faults_of(foreign) == ["Rapat: Lembar ini tidak dikenal; pindahkan ke berkas lain."]


def test_an_instrument_without_stages_or_clusters_says_what_is_missing():
    hollow = replace(small_spec(), stages=(), clusters=())

    assert faults_of(draw(hollow)) == [
        "Sampul: Tahap: Daftar ini tidak boleh kosong.",
        "Sampul: Klaster: Daftar ini tidak boleh kosong.",
    ]


def test_what_a_draft_may_have_is_let_pass_on_demand():
    content = edited(("Sampul", "D15", 55), ("Kelembagaan", "I4", "Ada\nAda"))

    spec = read(content, leaving=DRAFT_FAULTS)

    assert [band.minimum for band in spec.bands] == [50, 55]
    assert next(spec.questions()).options == ("Ada", "Ada")


def test_a_file_that_is_no_workbook_is_refused():
    with pytest.raises(UnreadableError):
        read(b"PK\x03\x04 bukan")
