"""Rows of named columns, out of CSV or of every sheet of a workbook."""

from decimal import Decimal

import openpyxl
import pytest

from tests.workbooks.books import book, merged, saved
from workbooks.faults import UnreadableError
from workbooks.tables import Columns, Row, TableColumn, read_table

NAMES = Columns(
    [
        TableColumn(("nama", "name")),
        TableColumn(("e-mail", "surel"), is_needed=False),
        TableColumn(("opd",), is_needed=False),
    ],
    one_of=(1, 2),
)


def read(content, columns=NAMES):
    return read_table(content, "daftar", columns=columns)


def faults_of(content, columns=NAMES):
    with pytest.raises(UnreadableError) as caught:
        read(content, columns)
    return [str(fault) for fault in caught.value.faults]


def test_plain_names_are_all_needed():
    content = b"nama;opd\nSri;DP3A\n"

    assert read(content, ("opd", "nama")).rows == [Row(2, ("DP3A", "Sri"))]
    assert faults_of(content, ("nama", "e-mail")) == ["baris 1: Kolom e-mail tidak ada."]


@pytest.mark.parametrize(
    "content",
    [
        b"Nama;Surel\nSri;sri@example.id\n",
        b"Name,E-MAIL\nSri,sri@example.id\n",
        b"surel\tnama\nsri@example.id\tSri\n",
    ],
)
def test_a_column_has_several_names_and_may_be_missing(content):
    assert [row.cells for row in read(content).rows] == [("Sri", "sri@example.id", None)]


def test_one_of_several_columns_has_to_be_there():
    assert faults_of(b"nama\nSri\n") == ["baris 1: Kolom e-mail atau opd tidak ada."]


def test_of_two_names_for_one_column_the_first_counts():
    [row] = read(b"name;nama;opd\nSalah;Sri;DP3A\n").rows

    assert row.cells[0] == "Sri"


def test_above_the_titles_there_may_be_a_heading():
    text = "Daftar anggota\n\nTahun 2026;;\nnama;opd\nSri;DP3A\n"

    assert [row.line for row in read(text.encode()).rows] == [5]


def test_titles_too_far_down_are_not_looked_for():
    text = "judul\n" * 20 + "nama;opd\nSri;DP3A\n"

    assert faults_of(text.encode()) == [
        "baris 1: Kolom nama tidak ada.",
        "baris 1: Kolom e-mail atau opd tidak ada.",
    ]


def test_every_sheet_that_has_the_columns_is_read():
    workbook = openpyxl.Workbook()
    workbook.active.title = "Petunjuk"
    workbook.active.append(["Baca dahulu"])
    for title, rows in {
        "A": [["nama", "opd"], ["Sri", "DP3A"]],
        "B": [["catatan", "opd", "nama"], ["-", "DINKES", "Budi"]],
        "C": [["nama", "opd"]],
    }.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)

    rows = read(saved(workbook)).rows

    assert [(row.sheet, row.line, row.cells) for row in rows] == [
        ("A", 2, ("Sri", None, "DP3A")),
        ("B", 2, ("Budi", None, "DINKES")),
    ]
    assert str(rows[1].fault(0, "salah.")) == "B, sel C2: salah."
    assert str(rows[1].fault(1, "salah.")) == "B, baris 2: salah."


def test_where_no_sheet_has_them_the_nearest_one_is_told():
    workbook = openpyxl.Workbook()
    workbook.active.append(["x"])
    workbook.create_sheet("Dekat").append(["nama"])

    assert faults_of(saved(workbook)) == ["Dekat, baris 1: Kolom e-mail atau opd tidak ada."]


def test_a_column_that_stands_twice_is_a_fault_on_whichever_sheet():
    workbook = openpyxl.Workbook()
    for row in (["nama", "opd"], ["Sri", "DP3A"]):
        workbook.active.append(row)
    second = workbook.create_sheet("Dua")
    for row in (["nama", "nama", "opd"], ["Sri", "Budi", "DP3A"]):
        second.append(row)

    assert faults_of(saved(workbook)) == ["Dua, baris 1: Kolom nama ada lebih dari satu."]


def test_only_merged_cells_of_wanted_columns_are_faults():
    rows = [["nama", "opd", "catatan"], ["Sri", "DP3A", "a"], ["Budi", "DINKES", "b"]]
    content = book(rows, change=merged("C2:C3", "A1:A1"))

    assert read(content).faults == []
    told = read(book(rows, change=merged("B2:B3"))).faults
    assert [str(fault) for fault in told] == [
        "isi, sel B2: Sel digabung; pisahkan (unmerge) dan isi setiap baris."
    ]


def test_numbers_come_exactly_as_the_sheet_shows_them():
    [row] = read(book([["nama", "opd"], ["Sri", 0.1 + 0.2]])).rows

    assert row.cells[2] == Decimal("0.3")
