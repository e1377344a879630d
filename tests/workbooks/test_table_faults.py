"""Tables out of CSV and XLSX that are empty, endless, torn or in a doubtful encoding."""

import codecs
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbooks.books import book, saved
from workbooks.codes import CellError, UnknownCodeError, codes_by_number, read_code
from workbooks.faults import SheetFault, UnreadableError, not_a_table, shown
from workbooks.packages import MAX_BYTES
from workbooks.reading import Twofold, Uncomputed, read_workbook
from workbooks.tables import Columns, TableColumn, read_table
from workbooks.writing import csv_lines, inert, xlsx_file

HEAD = b"kode;nilai\n"
ENCODING = "baris 1: Teks bukan UTF-8; simpan sebagai “CSV UTF-8”."
NOT_A_TABLE = "baris 1: “daftar” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
QUOTES = "Tanda petik tidak berpasangan atau sel terlalu panjang."
TOO_MANY = (
    "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
    "bila desimal ditulis dengan koma."
)


def read(content, columns=("kode", "nilai")):
    return read_table(content, "daftar", columns=columns)


def rows_of(content):
    table = read(content)
    assert table.faults == []
    return [row.cells for row in table.rows]


def faults_of(content, columns=("kode", "nilai")):
    with pytest.raises(UnreadableError) as caught:
        read(content, columns)
    return [str(fault) for fault in caught.value.faults]


# --- Nothing and too much -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n\t",
        codecs.BOM_UTF8,
        codecs.BOM_UTF8 + b"\n",
        b"sep=;\n",
    ],
)
def test_a_file_in_which_nothing_is_written_is_empty(content):
    assert faults_of(content) == ["baris 1: Berkas kosong."]


@pytest.mark.parametrize("content", [HEAD, HEAD + b";\n \n", b"\n\n" + HEAD])
def test_titles_without_a_row_below_are_told_with_their_line(content):
    line = content[: content.index(b"kode")].count(b"\n") + 1

    assert faults_of(content) == [f"baris {line}: Tidak ada baris di bawah judul kolom."]


def test_the_last_row_that_is_read_is_the_five_thousandth_line():
    rows = b"1;2\n" * 4999

    assert len(rows_of(HEAD + rows)) == 4999
    assert rows_of(HEAD + rows + b"\n" * 10) == rows_of(HEAD + rows)  # empty lines are no rows
    assert faults_of(HEAD + rows + b"1;2\n") == ["baris 5001: Baris terlalu banyak."]


def test_a_file_is_as_large_as_the_limit_and_not_one_byte_larger():
    row = b"1;" + b"x" * 997 + b"\n"
    content = HEAD + row * 4998
    content += b"1;" + b"x" * (MAX_BYTES - len(content) - 3) + b"\n"

    assert len(content) == MAX_BYTES
    assert len(rows_of(content)) == 4999
    assert faults_of(content + b"\n") == ["baris 1: Berkas terlalu besar untuk sebuah tabel."]


# --- Torn ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEAD + b'1;"2\n3;4\n', 2),
        (HEAD + b'1;"2"x\n', 2),
        (HEAD + b'1;2\n3;"' + b"x" * 131_073 + b'"\n', 3),
        (HEAD + b'"a\nb";2\n1;"\n', 4),
    ],
)
def test_a_quote_that_never_ends_and_a_cell_beyond_bearing_are_told_with_their_line(content, line):
    assert faults_of(content) == [f"baris {line}: {QUOTES}"]


def test_a_row_that_is_too_long_is_told_and_the_others_are_read():
    table = read(HEAD + b"1;2\n3;4;5\n6\n7;8;;\n")

    assert [row.cells for row in table.rows] == [("1", "2"), ("6", None), ("7", "8")]
    assert [str(fault) for fault in table.faults] == [f"baris 3: {TOO_MANY}"]


def test_where_every_row_is_too_long_there_are_faults_and_no_rows():
    table = read(b"kode,nilai\n1.1,0,75\n1.2,0,5\n")

    assert table.rows == []
    assert [str(fault) for fault in table.faults] == [
        f"baris 2: {TOO_MANY}",
        f"baris 3: {TOO_MANY}",
    ]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_lines_end_as_they_do_on_any_system(end):
    assert rows_of(end.join([b"kode;nilai", b"1;2", b"3;4"])) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"kode\n1\n", ["baris 1: Kolom nilai tidak ada."]),
        (b"a;b\n1;2\n", ["baris 1: Kolom kode tidak ada.", "baris 1: Kolom nilai tidak ada."]),
        (
            b"kode;nilai;Kode\n1;2;3\n",
            ["baris 1: Kolom kode ada lebih dari satu."],
        ),
        (
            b"kode;kode\n1;2\n",
            ["baris 1: Kolom nilai tidak ada.", "baris 1: Kolom kode ada lebih dari satu."],
        ),
        (
            b"kode|nilai\n1|2\n",
            ["baris 1: Kolom kode tidak ada.", "baris 1: Kolom nilai tidak ada."],
        ),
        (
            b"sep=|\nkode|nilai\n",
            ["baris 1: Kolom kode tidak ada.", "baris 1: Kolom nilai tidak ada."],
        ),
        (
            b"sep=,\nkode;nilai\n1;2\n",
            ["baris 2: Kolom kode tidak ada.", "baris 2: Kolom nilai tidak ada."],
        ),
    ],
)
def test_columns_that_are_missing_or_stand_twice_are_named(content, told):
    assert faults_of(content) == told


def test_columns_that_nobody_asked_for_belong_to_the_person():
    assert rows_of(b"catatan;nilai;x;kode\nhalo;2;;1\n") == [("1", "2")]


# --- Encodings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ((HEAD + b"1;2\n").decode().encode("utf-32"), ENCODING),
        ((HEAD + b"1;2\n").decode().encode("utf-16")[:-1], ENCODING),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", ENCODING),
        ((HEAD + b"1;2\n").decode().encode("utf-16-le"), NOT_A_TABLE),  # it does not say so
        (HEAD + b"1;\x00\n", NOT_A_TABLE),
        (HEAD + b"1;\x1b[31m\n", NOT_A_TABLE),
        (b"%PDF-1.7\n" + HEAD, NOT_A_TABLE),
        (HEAD + b"1;\x81\n", "baris 2: Teks bukan UTF-8; simpan sebagai “CSV UTF-8”."),
        (HEAD + b"1;\xed\xa0\x80\n", "baris 2: Teks bukan UTF-8; simpan sebagai “CSV UTF-8”."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NOT_A_TABLE),
    ],
)
def test_text_that_could_be_read_in_two_ways_is_not_read(content, told):
    assert faults_of(content) == [told]


def outcome(content):
    """The rows and the faults of a file, however it ends."""
    try:
        table = read(content)
    except UnreadableError as error:
        return [], error.faults
    return table.rows, table.faults


@given(st.binary(max_size=300))
def test_no_file_whatever_breaks_the_reading_of_tables_and_none_ends_in_silence(content):
    for start in (b"", HEAD, codecs.BOM_UTF16_LE, b"sep=;\n", b'kode;nilai\n1;"'):
        rows, faults = outcome(start + content)
        assert rows or faults


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=5))
def test_whatever_stands_in_a_table_of_ours_comes_back_on_as_many_rows(rows):
    """What could run gets its apostrophe; signs that no file may have are gone."""
    filled = [(f"x{code}", value) for code, value in rows]
    content = "".join(csv_lines(("kode", "nilai"), filled)).encode("utf-8", "replace")

    found, faults = outcome(content)

    assert faults == []
    assert [str(row.cells[0])[0] for row in found] == ["x"] * len(rows)


# --- Workbooks ----------------------------------------------------------------------------------


def test_an_empty_workbook_names_its_sheet():
    assert faults_of(saved(openpyxl.Workbook())) == ["Sheet, baris 1: Berkas kosong."]


def test_of_sheets_without_the_columns_the_one_with_the_most_titles_is_told():
    workbook = openpyxl.Workbook()
    workbook.active.append(["x"])
    workbook.create_sheet("Kosong")
    workbook.create_sheet("Dekat").append(["Kode", "catatan"])

    assert faults_of(saved(workbook)) == ["Dekat, baris 1: Kolom nilai tidak ada."]


def test_titles_that_are_numbers_are_no_titles():
    assert faults_of(book([["kode", 2026], [1, 2]])) == ["isi, baris 1: Kolom nilai tidak ada."]


def test_a_sheet_with_a_doubled_column_spoils_the_file_even_beside_a_good_one():
    workbook = openpyxl.Workbook()
    for row in (["kode", "nilai"], ["1", "2"]):
        workbook.active.append(row)
    for row in (["kode", "kode", "nilai"], ["1", "2", "3"]):
        (workbook["Dua"] if "Dua" in workbook.sheetnames else workbook.create_sheet("Dua")).append(
            row
        )

    assert faults_of(saved(workbook)) == ["Dua, baris 1: Kolom kode ada lebih dari satu."]


def test_a_choice_of_columns_of_which_none_is_there_names_them_all():
    columns = Columns(
        [TableColumn(("kode",)), TableColumn(("nilai",), False), TableColumn(("poin",), False)],
        one_of=(1, 2),
    )

    assert faults_of(b"kode\n1\n", columns) == ["baris 1: Kolom nilai atau poin tidak ada."]


# --- Codes in cells -----------------------------------------------------------------------------

CODES = ("1.1", "1.10", "7", "A")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1.2", "Kode “1.2” tidak ada dalam instrumen."),
        ("a", "Kode “a” tidak ada dalam instrumen."),
        ("", "Kode “” tidak ada dalam instrumen."),
        ("x\u202e\n" + "y" * 60, f"Kode “x {'y' * 37}…” tidak ada dalam instrumen."),
        (Decimal("2.50"), "Kode “2.5” tidak ada dalam instrumen."),
        (Decimal(-7), "Kode “-7” tidak ada dalam instrumen."),
        (
            Decimal("1.100"),
            (
                "Angka 1.1 bisa berarti 1.1 atau 1.10; "
                "format kolomnya sebagai teks lalu tulis ulang kodenya."
            ),
        ),
        (True, "Kode tidak terbaca; tulis sebagai teks."),
        (None, "Kode tidak terbaca; tulis sebagai teks."),
        (Uncomputed(), "Kode tidak terbaca; tulis sebagai teks."),
        (Twofold(Decimal("0.07"), "7%"), "Kode tidak terbaca; tulis sebagai teks."),
    ],
)
def test_a_cell_that_names_no_code_or_two_says_why(cell, told):
    with pytest.raises(CellError) as caught:
        read_code(cell, CODES, codes_by_number(CODES))

    assert str(caught.value) == told
    assert isinstance(caught.value, UnknownCodeError) == told.startswith("Kode “")


@pytest.mark.parametrize(("cell", "code"), [(" 1.10 ", "1.10"), (Decimal(7), "7"), ("A", "A")])
def test_a_cell_that_can_only_mean_one_code_means_it(cell, code):
    assert read_code(cell, CODES, codes_by_number(CODES)) == code


# --- Written ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\n+62", "'\n+62"),
        ("\tteks", "'\tteks"),
        ("\x0b=1", "'=1"),  # the sign in front goes, and must not have hidden the formula
        ("%a", "'%a"),
        ("|cmd", "'|cmd"),
        ("＋62", "'＋62"),
        ("a=1", "a=1"),
        ("", ""),
        (None, None),
        (Decimal("-1.5"), Decimal("-1.5")),
        (-1, -1),
    ],
)
def test_a_value_never_runs_and_a_number_stays_one(value, written):
    assert inert(value) == written


def test_a_written_workbook_is_read_again_with_every_sign_that_a_file_may_have():
    rows = [["=1+1", "a\x00b", Decimal("0.1")], [None, "Café", 7], ["x" * 40_000, "", "-"]]

    with xlsx_file("isi", ["satu", "dua", "tiga"], rows) as file:
        [sheet] = read_workbook(file.read(), "kirim.xlsx")

    assert sheet.rows == [
        (1, ["satu", "dua", "tiga"]),
        (2, ["'=1+1", "ab", Decimal("0.1")]),
        (3, [None, "Café", Decimal(7)]),
        (4, ["x" * 32_767, None, "'-"]),
    ]


# --- Faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "“”"),
        ("\x00\u202e \n", "“”"),
        ("a" * 40, f"“{'a' * 40}”"),
        ("a" * 41, f"“{'a' * 39}…”"),
        ("<b>&amp;", "“<b>&amp;”"),
    ],
)
def test_foreign_text_never_leaves_its_quotes(text, told):
    assert shown(text) == told
    assert str(not_a_table(text)) == (
        f"baris 1: {told} bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
    )


@pytest.mark.parametrize(
    ("column", "cell"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (16_383, "XFD7"), (None, "")]
)
def test_a_cell_is_named_as_the_spreadsheet_names_it(column, cell):
    assert SheetFault(7, "salah.", column=column).cell == cell
