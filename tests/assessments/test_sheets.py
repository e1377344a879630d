import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kla
from assessments.scoring import score
from assessments.sheets import SheetError, read_sheet
from clusters.library import packaged
from tests.factories.clusters import small_spec
from workbooks.packages import MAX_BYTES, Limits

LIMITS = Limits()

SPEC = small_spec()
KLA = packaged("kla-2023")
MAXIMA = {question.code: question.max_points for question in SPEC.questions()}
DEMO = Path(kla.__file__).parent / "demo" / "sheet-kabupaten-a-2024.csv"


def read(data, spec=SPEC):
    return read_sheet(data if isinstance(data, bytes) else data.encode(), "lembar", spec)


def faults_of(data, spec=SPEC):
    with pytest.raises(SheetError) as caught:
        read(data, spec)
    return [str(fault) for fault in caught.value.faults]


def csv_of(rows, delimiter=",", encoding="utf-8", lineterminator="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=lineterminator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(rows, *, before=()):
    workbook = openpyxl.Workbook()
    workbook.active.title = "isi"
    for row in rows:
        workbook.active.append(row)
    for index, title in enumerate(before):
        workbook.create_sheet(title, index).append([title])
    return saved(workbook)


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def zip_of(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_the_real_sheet_is_read_whole():
    with DEMO.open("rb") as file:
        points = read_sheet(file, DEMO.name, KLA)

    result = score(KLA, points)

    assert (result.total, result.predikat, result.unanswered) == (Decimal("771.81"), "Nindya", 0)


@pytest.mark.parametrize(
    "text",
    [
        "question,points\n1.1,12.5\n1.2,0\n",
        "question,points\r\n1.1,12.5\r\n1.2,0\r\n",
        "question,points\r1.1,12.5\r1.2,0",
        "question;points\n1.1;12.5\n1.2;0\n",
        "question;points\n1.1;12,5\n1.2;0\n",
        "question\tpoints\n1.1\t12,5\n1.2\t0\n",
        'question,points\n1.1,"12,5"\n1.2,0\n',
        '"question","points"\n"1.1","12.5"\n"1.2","0"\n',
        "\ufeffquestion,points\n1.1,12.5\n1.2,0\n",
        "\n\nquestion,points\n\n1.1,12.5\n,\n1.2,0\n",
        " Question , POINTS \n 1.1 , 12.5 \n1.2,0\n",
        "points,name,question\n12.5,Perda,1.1\n0,APBD,1.2\n",
        "question,max_points,points\n1.1,30,12.5\n1.2,20,0\n2a.1,15,\n2a.2,15\n",
        "question;points\n1.1;12.5;;\n1.2;-0\n",
        'question,points,note\n1.1,12.5,"satu\ndua"\n1.2,.0,\n',
    ],
)
def test_every_way_of_writing_the_same_table_gives_the_same_points(text):
    points = read(text)

    assert points == {"1.1": Decimal("12.5"), "1.2": Decimal(0)}
    assert not points["1.2"].is_signed()


def sheets():
    """Valid points, some of them left open."""
    one = {
        code: st.none()
        | st.integers(0, int(maximum * 1000)).map(lambda units: Decimal(units) / 1000)
        for code, maximum in MAXIMA.items()
    }
    return st.fixed_dictionaries(one)


def as_rows(points, *, decimal="."):
    texts = {
        code: "" if value is None else str(value).replace(".", decimal)
        for code, value in points.items()
    }
    return [["question", "points"], *map(list, texts.items())]


@given(sheets())
@settings(max_examples=50)
def test_points_survive_every_dialect_of_csv(points):
    answered = {code: value for code, value in points.items() if value is not None}

    for delimiter in (",", ";", "\t"):
        for decimal in (".", ","):
            for encoding in ("utf-8", "utf-8-sig"):
                data = csv_of(as_rows(points, decimal=decimal), delimiter, encoding)
                assert read(data) == answered


@given(sheets())
@settings(max_examples=15)
def test_points_survive_a_workbook(points):
    numbers = [[code, None if value is None else float(value)] for code, value in points.items()]
    answered = {code: value for code, value in points.items() if value is not None}

    assert read(xlsx_of([["question", "points"], *numbers])) == answered
    assert read(xlsx_of(as_rows(points, decimal=","))) == answered


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9.9;1", "Kode “9.9” tidak ada dalam instrumen."),
        ("1,1;1", "Kode “1,1” tidak ada dalam instrumen."),
        (";1", "Ada poin tanpa kode."),
        ("1.1;dua", "Poin “dua” bukan angka."),
        ("1.1;1e1", "Poin “1e1” bukan angka."),
        ("1.1;+1", "Poin “+1” bukan angka."),
        ("1.1;12.", "Poin “12.” bukan angka."),
        (
            "1.1;50%",
            "50 % bisa berarti 0,5 atau 50. Format selnya sebagai angka, lalu tulis ulang nilainya.",
        ),
        ("1.1;3/4", "“3/4” bisa berarti pecahan atau tanggal; tulis sebagai desimal."),
        ("1.1;=1+1", "Poin “=1+1” bukan angka."),
        ("1.1;١٢", "Poin “١٢” bukan angka."),
        (f"1.1;{'0' * 41}", f"Poin “{'0' * 39}…” bukan angka."),
        ("1.1;-1", "Poin “-1” kurang dari nol."),
        ("1.1;-0,001", "Poin “-0,001” kurang dari nol."),
        (
            "1.1;30,001",
            "Nilai 30,001 melebihi maksimum pertanyaan 1.1, yaitu 30 poin.",
        ),
        ("1.1;NaN", "Poin “NaN” bukan bilangan yang dapat dijumlahkan."),
        ("1.1;inf", "Poin “inf” bukan bilangan yang dapat dijumlahkan."),
        ("1.1;-Infinity", "Poin “-Infinity” bukan bilangan yang dapat dijumlahkan."),
        ("1.1;1.234,5", "Tulis poin “1.234,5” tanpa pemisah ribuan."),
        ("1.1;1,234.5", "Tulis poin “1,234.5” tanpa pemisah ribuan."),
        ("1.1;1.234.567", "Tulis poin “1.234.567” tanpa pemisah ribuan."),
        ("1.1;1 234", "Tulis poin “1 234” tanpa pemisah ribuan."),
        ("1.1;1'234,5", "Tulis poin “1'234,5” tanpa pemisah ribuan."),
        (
            "1.1;1;2",
            (
                "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
                "bila desimal ditulis dengan koma."
            ),
        ),
        ("1.1\x85[31m;1", "Kode “1.1 [31m” tidak ada dalam instrumen."),
    ],
)
def test_a_fault_is_named_with_its_line(row, message):
    assert faults_of(f"question;points\n1.2;1\n{row}\n") == [f"baris 3: {message}"]


def test_a_decimal_comma_between_commas_is_not_half_read():
    assert faults_of("question,points\n1.1,0,75\n") == [
        (
            "baris 2: Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
            "bila desimal ditulis dengan koma."
        )
    ]


def test_every_fault_is_reported_in_the_order_of_the_lines():
    text = "question,points\n9.9,-1\n1.1,1\n1.1,2\n1.2,0,5\n2a.1,x\n1.1,99\n"

    assert faults_of(text) == [
        "baris 2: Kode “9.9” tidak ada dalam instrumen.",
        "baris 2: Poin “-1” kurang dari nol.",
        "baris 4: Kode “1.1” sudah ada di baris 3.",
        (
            "baris 5: Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
            "bila desimal ditulis dengan koma."
        ),
        "baris 6: Poin “x” bukan angka.",
        "baris 7: Kode “1.1” sudah ada di baris 3.",
        "baris 7: Nilai 99 melebihi maksimum pertanyaan 1.1, yaitu 30 poin.",
    ]


def test_a_question_is_named_twice_even_if_one_of_the_two_is_empty():
    assert faults_of("question,points\n1.1,\n1.1,2\n") == [
        "baris 3: Kode “1.1” sudah ada di baris 2."
    ]


def test_lines_are_counted_through_cells_of_several_lines():
    text = 'question,note,points\n1.1,"satu\ndua\ntiga",1\n9.9,,1\n'

    assert faults_of(text) == ["baris 5: Kode “9.9” tidak ada dalam instrumen."]


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ("", ["baris 1: Berkas kosong."]),
        (" \n\n", ["baris 1: Berkas kosong."]),
        ("\ufeff", ["baris 1: Berkas kosong."]),
        (",,\n", ["baris 1: Berkas kosong."]),
        ("question,points\n", ["baris 1: Tidak ada baris di bawah judul kolom."]),
        ("\nquestion,points\n,\n\n", ["baris 2: Tidak ada baris di bawah judul kolom."]),
        ("question\n1.1\n", ["baris 1: Kolom poin tidak ada."]),
        ("points\n1\n", ["baris 1: Kolom pertanyaan tidak ada."]),
        ("question,points,points\n1.1,1,1\n", ["baris 1: Kolom points ada lebih dari satu."]),
        (
            "1.1,12\n1.2,3\n",
            ["baris 1: Kolom pertanyaan tidak ada.", "baris 1: Kolom poin tidak ada."],
        ),
        (
            "<!doctype html>\n<p>Halo</p>",
            ["baris 1: Kolom pertanyaan tidak ada.", "baris 1: Kolom poin tidak ada."],
        ),
        (
            'question,points\n1.1,"1\n1.2,2\n',
            ["baris 2: Tanda petik tidak berpasangan atau sel terlalu panjang."],
        ),
        (
            f"question,points\n1.1,{'1' * 200_000}\n",
            ["baris 2: Tanda petik tidak berpasangan atau sel terlalu panjang."],
        ),
        (
            "question,points\n" + "\n" * LIMITS.rows + "1.1,1\n",
            [f"baris {LIMITS.rows + 2}: Baris terlalu banyak."],
        ),
    ],
)
def test_text_that_is_no_such_table_is_refused(data, faults):
    assert faults_of(data) == faults


TOO_MANY = f"Baris terlalu banyak: paling banyak {LIMITS.rows}. Hapus isi di bawahnya."
NOT_A_TABLE = "baris 1: “lembar” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
TOO_LARGE = (
    "baris 1: Isi berkas terlalu besar untuk sebuah tabel; hapus baris dan kolom kosong yang "
    "berformat, gambar, dan lembar lain."
)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"%PDF-1.7\n1 0 obj\n", NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", NOT_A_TABLE),
        (b"question,points\n1.1,\x001\n", NOT_A_TABLE),
        (b"PK\x03\x04rusak", NOT_A_TABLE),
        (zip_of({"catatan.txt": "halo"}), NOT_A_TABLE),
        (zip_of({"xl/workbook.xml": "<rusak", "[Content_Types].xml": "<Types/>"}), NOT_A_TABLE),
        (xlsx_of([["question", "points"], ["1.1", 1]])[:-200], NOT_A_TABLE),
        (zip_of({"isi": b"0" * (LIMITS.unpacked + 1)}), TOO_LARGE),
        (zip_of({str(n): b"" for n in range(LIMITS.members + 1)}), TOO_LARGE),
        (
            b"question,points\n1.1,1\nCaf\x81,1\n",
            "baris 3: Teks bukan UTF-8; simpan sebagai “CSV UTF-8”.",
        ),
        (
            "question,points\n1.1,1\n".encode("utf-16")[:-1],
            "baris 1: Teks bukan UTF-8; simpan sebagai “CSV UTF-8”.",
        ),
        (
            b"1" * (MAX_BYTES + 1),
            "baris 1: Berkas terlalu besar untuk sebuah tabel.",
        ),
    ],
)
def test_bytes_that_are_no_table_are_refused(data, fault):
    assert faults_of(data) == [fault]


def test_a_workbook_of_another_kind_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_of([["a"]]))) as source, zipfile.ZipFile(file, "w") as to:
        for name in source.namelist():
            if not name.startswith("xl/worksheets/"):
                to.writestr(name, source.read(name))

    assert faults_of(file.getvalue()) == [NOT_A_TABLE]


def test_the_worksheet_with_the_columns_is_found_among_others():
    data = xlsx_of([["question", "points"], ["1.1", 2]], before=["petunjuk", "daftar"])

    assert read(data) == {"1.1": 2}


def test_rows_of_a_workbook_keep_their_numbers():
    data = xlsx_of([[], ["question", "points"], [], ["9.9", 1], [None, None], ["1.1", "x"]])

    assert faults_of(data) == [
        "isi, sel A4: Kode “9.9” tidak ada dalam instrumen.",
        "isi, sel B6: Poin “x” bukan angka.",
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (xlsx_of([[]]), "isi, baris 1: Berkas kosong."),
        (
            xlsx_of([["question", "points"]]),
            "isi, baris 1: Tidak ada baris di bawah judul kolom.",
        ),
        (xlsx_of([["question"], ["1.1"]]), "isi, baris 1: Kolom poin tidak ada."),
        (
            xlsx_of([["question", "points"], *[["", None]] * LIMITS.rows, ["1.1", 1]]),
            f"isi, sel A{LIMITS.rows + 2}: {TOO_MANY}",
        ),
        (
            xlsx_of([["question", "points"], ["1.1", dt.date(2024, 1, 2)]]),
            "isi, sel B2: Poin berubah menjadi tanggal; format kolomnya sebagai angka.",
        ),
        (
            xlsx_of([["question", "points"], [dt.date(2024, 1, 1), 1]]),
            "isi, sel A2: Kode berubah menjadi tanggal; format kolomnya sebagai teks.",
        ),
        (xlsx_of([["question", "points"], ["1.1", True]]), "isi, sel B2: Poin bukan angka."),
        (
            xlsx_of([["question", "points"], [True, 1]]),
            "isi, sel A2: Kode tidak terbaca; tulis sebagai teks.",
        ),
        (
            xlsx_of([["question", "points"], ["1.1", "=1+1"]]),
            (
                "isi, sel B2: Rumus belum dihitung; "
                "buka dan simpan ulang di pengolah lembar, atau tulis angka."
            ),
        ),
        (
            xlsx_of([["question", "points"], ["1.1", "#N/A"]]),
            "isi, sel B2: Poin “#N/A” bukan angka.",
        ),
        (
            xlsx_of([["question", "points"], ["1.1", -1]]),
            "isi, sel B2: Poin “-1” kurang dari nol.",
        ),
        (
            xlsx_of([["question", "points"], ["1.1", 30.001]]),
            "isi, sel B2: Nilai 30,001 melebihi maksimum pertanyaan 1.1, yaitu 30 poin.",
        ),
        (
            xlsx_of([["question", "points"], ["1.1", 1e-300]]),
            f"isi, sel B2: Poin “0.{'0' * 37}…” bukan angka.",
        ),
        (
            xlsx_of([["question", "points"], [99, 1]]),
            "isi, sel A2: Kode “99” tidak ada dalam instrumen.",
        ),
    ],
)
def test_a_fault_in_a_workbook_is_named_with_its_row(data, fault):
    assert faults_of(data) == [fault]


def test_a_number_means_the_one_question_that_it_can_mean():
    assert read(xlsx_of([["question", "points"], [1.1, 3], [1.2, 4]])) == {"1.1": 3, "1.2": 4}


def test_a_number_that_could_mean_two_questions_is_not_guessed():
    data = xlsx_of([["question", "points"], [14.1, 1], ["14.10", 1]])

    assert faults_of(data, KLA) == [
        (
            "isi, sel A2: Angka 14.1 bisa berarti 14.1 atau 14.10; "
            "format kolomnya sebagai teks lalu tulis ulang kodenya."
        )
    ]


def test_a_computed_number_is_what_the_spreadsheet_shows():
    assert read(xlsx_of([["question", "points"], ["1.1", 0.1 + 0.2]])) == {"1.1": Decimal("0.3")}


def test_a_workbook_that_understates_its_size_is_read_whole():
    file = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(xlsx_of([["question", "points"], ["1.1", 2]])))
    with source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'ref="A1:B2"', b'ref="A1"'))

    assert read(file.getvalue()) == {"1.1": 2}
