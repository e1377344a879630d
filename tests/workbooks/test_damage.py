"""Workbooks that are damaged, cut off or odd in one place: told apart from those that are read."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workbooks import books
from tests.workbooks.books import book, changed, packed, parts_of, saved, with_part
from workbooks.faults import UnreadableError
from workbooks.packages import OLD_OFFICE, Limits
from workbooks.reading import read_workbook

GOOD = book([["kode", "nilai"], ["1.1", 12]])
BROKEN = ["baris 1: “lembar.xlsx” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."]
TOO_LARGE = [
    (
        "baris 1: Isi berkas terlalu besar untuk sebuah tabel; hapus baris dan kolom kosong yang "
        "berformat, gambar, dan lembar lain."
    )
]
MACRO = ["berkas: Berkas membawa makro; simpan sebagai XLSX tanpa makro."]
LINK = ["berkas: Berkas menautkan berkas atau data lain; putuskan tautannya, lalu simpan."]


def read(content, **limits):
    return read_workbook(content, "lembar.xlsx", limits=Limits(**limits))


def faults_of(content, **limits):
    with pytest.raises(UnreadableError) as caught:
        read(content, **limits)
    return [str(fault) for fault in caught.value.faults]


def cell_of(xml):
    """What is read of one cell, as it stands in the file."""
    [sheet] = read(changed(GOOD, old=b'<c r="B2" t="n"><v>12</v></c>', new=xml))
    return sheet.rows[1][1][1]


def sheet_of(rows):
    """The workbook with these rows, as they stand in the file."""
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    xml = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, rows)
    return changed(GOOD, whole=xml)


# --- Cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (b'<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        (b'<c r="B2" t="e"><v>#REF!</v></c>', "#REF!"),
        (b'<c r="B2" t="b"><v>1</v></c>', True),
        (b'<c r="B2" t="b"><v>true</v></c>', True),
        (b'<c r="B2" t="b"><v>0</v></c>', False),
        (b'<c r="B2" t="b"><v>false</v></c>', False),
        (b'<c r="B2"><v> 12 </v></c>', Decimal(12)),
        (b'<c r="B2"><v>-0.30000000000000004</v></c>', Decimal("-0.3")),
        (b'<c r="B2"><v>1.5E3</v></c>', Decimal(1500)),
        (b'<c r="B2"><v>1e400</v></c>', "1e400"),  # more than any spreadsheet has
        (b'<c r="B2"><v>nan</v></c>', "nan"),
        (b'<c r="B2"><v>%s</v></c>' % (b"9" * 400), "9" * 400),
        (b'<c r="B2" s="99"><v>0.75</v></c>', Decimal("0.75")),  # a format that is not there
        (b'<c r="B2" t="d"><v>2026-03-02</v></c>', dt.date(2026, 3, 2)),
        (b'<c r="B2" t="inlineStr"><is><t>satu</t></is></c>', "satu"),
        (b'<c r="B2" t="inlineStr"><is><r><t>sa</t></r><r><t>tu</t></r></is></c>', "satu"),
        (b'<c r="B2" t="inlineStr"><is></is></c><c r="C2"><v>1</v></c>', None),
        (b'<c r="B2" t="str"><v>Cafe\xcc\x81</v></c>', "Café"),
        (b'<c r="B2"/><c r="C2"><v>1</v></c>', None),
    ],
)
def test_a_cell_is_what_the_spreadsheet_shows_however_it_is_written(xml, value):
    cell = cell_of(xml)

    assert (cell, type(cell)) == (value, type(value))


@pytest.mark.parametrize(
    "xml",
    [
        b'<c r="B2" t="s"><v>99</v></c>',  # of texts that are kept apart, one that is not there
        b'<c r="B2" t="s"><v>-1</v></c>',
        b'<c r="B2" t="s"><v>satu</v></c>',
        b'<c r="B2" t="d"><v>kemarin</v></c>',
        b'<c r="B2"><v>12,5</v></c>',
        b'<c r="B2"><v>0x10</v></c>',
        b'<c r="B2" s="dua"><v>1</v></c>',
        b'<c r="2B"><v>1</v></c>',
        b'<c r="B"><v>1</v></c>',
        b'<c r="B0"><v>1</v></c>',
        b'<c r="AAAAA2"><v>1</v></c>',
    ],
)
def test_a_cell_that_cannot_be_read_is_no_guess(xml):
    content = changed(GOOD, old=b'<c r="B2" t="n"><v>12</v></c>', new=xml)

    assert faults_of(content) == BROKEN


def test_a_text_that_is_kept_apart_is_counted_from_the_first_one():
    """Counted from the last one it would be another text."""
    content = books.with_shared_strings(GOOD, "satu", "dua")
    cell = b'<c r="B2" t="n"><v>12</v></c>'

    [sheet] = read(changed(content, old=cell, new=b'<c r="B2" t="s"><v>1</v></c>'))

    assert sheet.rows[1][1][1] == "dua"
    assert faults_of(changed(content, old=cell, new=b'<c r="B2" t="s"><v>-1</v></c>')) == BROKEN


def test_rows_and_cells_without_their_places_stand_in_their_order():
    """As some programs write them."""
    [sheet] = read(
        sheet_of(
            b'<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
            b'<row/><row><c r="C3" t="str"><v>c</v></c><c t="str"><v>d</v></c></row>'
        )
    )

    assert sheet.rows == [(1, ["a", "b"]), (3, [None, None, "c", "d"])]


@pytest.mark.parametrize("line", [b"0", b"-1", b"satu", b"1.5", b""])
def test_a_row_without_a_sensible_number_is_no_guess(line):
    cell = b'<c t="str"><v>a</v></c>'

    assert faults_of(sheet_of(b'<row r="%s">%s</row>' % (line, cell))) == BROKEN


def test_a_row_beyond_all_rows_is_named_with_its_first_cell():
    rows = b'<row r="99999999999"><c t="str"><v></v></c><c t="str"><v>a</v></c></row>'

    assert faults_of(sheet_of(rows)) == [
        "isi, sel A99999999999: Baris terlalu banyak: paling banyak 5000. Hapus isi di bawahnya."
    ]


@pytest.mark.parametrize("reference", [b"", b"A:B", b"1:2", b"A1:", b"satu", b"A1:B2:C3"])
def test_merged_cells_that_nobody_can_place_are_no_guess(reference):
    merged = b'</sheetData><mergeCells><mergeCell ref="%s"/></mergeCells>' % reference

    assert faults_of(changed(GOOD, old=b"</sheetData>", new=merged)) == BROKEN


def test_days_are_counted_from_where_the_workbook_counts():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = dt.date(2026, 3, 2)

    [sheet] = read(saved(workbook))

    assert sheet.rows == [(1, [dt.datetime(2026, 3, 2)])]  # noqa: DTZ001


def test_sheets_that_are_hidden_are_read_and_pages_of_charts_are_not():
    """What a person cannot see could still be applied: so it is read, and told."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["a"])
    for state in ("hidden", "veryHidden"):
        sheet = workbook.create_sheet(state)
        sheet.append([state])
        sheet.sheet_state = state
    workbook.create_chartsheet("Grafik").add_chart(openpyxl.chart.BarChart())

    assert [sheet.name for sheet in read(saved(workbook))] == ["Sheet", "hidden", "veryHidden"]


# --- Packages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("percent", range(1, 100, 3))
def test_a_workbook_cut_off_anywhere_is_told_and_never_half_read(percent):
    assert faults_of(GOOD[: len(GOOD) * percent // 100]) == BROKEN


@given(st.binary(max_size=200))
def test_whatever_follows_the_first_signs_of_a_workbook_is_read_or_told(rest):
    for start in (b"PK\x03\x04", OLD_OFFICE):
        with pytest.raises(UnreadableError):
            read(start + rest)


def repacked(method=zipfile.ZIP_DEFLATED, **changes):
    """The same parts, written in another way."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in (parts_of(GOOD) | changes).items():
            archive.writestr(name, content)
    return file.getvalue()


def with_directory(content, offset, value, size=2):
    """The directory of the package with another number at that place of its first entry."""
    data = bytearray(content)
    at = data.index(b"PK\x01\x02") + offset
    data[at : at + size] = value.to_bytes(size, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(with_directory(GOOD, 10, 99), BROKEN, id="packed in a way nobody knows"),
        pytest.param(with_directory(GOOD, 16, 1, 4), BROKEN, id="a check sum that lies"),
        pytest.param(with_directory(GOOD, 42, 7, 4), BROKEN, id="a part that begins elsewhere"),
        pytest.param(
            with_part(GOOD, books.SHEET_PART.upper(), parts_of(GOOD)[books.SHEET_PART]),
            BROKEN,
            id="two parts of one name",
        ),
        pytest.param(with_part(GOOD, "xl/activeX/a.xml", b"<a/>"), MACRO, id="a control"),
        pytest.param(with_part(GOOD, "XL/VBADATA.xml", b"<a/>"), MACRO, id="macro in capitals"),
        pytest.param(with_part(GOOD, "xl/externalLinks/1.xml", b"<a/>"), LINK, id="a link"),
        pytest.param(with_part(GOOD, "xl/Connections.XML", b"<a/>"), LINK, id="a data link"),
        pytest.param(
            with_part(with_part(GOOD, "xl/vbaProject.bin", b"x"), "xl/connections.xml", b"<a/>"),
            MACRO + LINK,
            id="both",
        ),
        pytest.param(
            with_part(GOOD, "docProps/app.xml", b"<!DOCTYPE x><a/>"), BROKEN, id="a declaration"
        ),
        pytest.param(with_part(GOOD, "xl/a.rels", b"<!DOCTYPE x []><a/>"), BROKEN, id="in a link"),
    ],
)
def test_what_a_package_carries_or_hides_is_told(content, told):
    assert faults_of(content) == told


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\x7fELF", "a program"),
        (b"MZ", "another program"),
        (b"Rar!", "an archive"),
        (b"7z\xbc\xaf", "another archive"),
        (b"\x1f\x8b", "a third one"),
        (b"\xd0\xcf\x11\xe0", "an old office file"),
    ],
)
def test_a_file_inside_is_known_by_its_beginning_whatever_it_is_called(start, name):
    content = with_part(GOOD, "xl/media/foto.png", start + b"x" * 10)

    assert faults_of(content) == [
        "berkas: Berkas membawa berkas lain, “xl/media/foto.png”; hapus sisipan itu, lalu simpan."
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_however_a_package_is_packed_its_sheet_is_the_same(method):
    assert read(repacked(method))[0].rows == read(GOOD)[0].rows


def test_a_package_is_as_large_as_its_limits_and_not_one_byte_larger():
    parts = parts_of(GOOD)
    sheet = len(parts[books.SHEET_PART])
    rest = sum(map(len, parts.values())) - sheet
    exact = {
        "bytes": len(GOOD),
        "unpacked": rest,
        "worksheets": sheet,
        "members": len(parts),
        "sheets": 1,
        "rows": 2,
    }
    assert read(GOOD, **exact)[0].rows == read(GOOD)[0].rows

    told = {name: faults_of(GOOD, **{**exact, name: value - 1}) for name, value in exact.items()}

    assert told == {
        "bytes": ["baris 1: Berkas terlalu besar untuk sebuah tabel."],
        "unpacked": TOO_LARGE,
        "worksheets": TOO_LARGE,
        "members": TOO_LARGE,
        "sheets": ["baris 1: Lembar terlalu banyak: paling banyak 0."],
        "rows": ["isi, sel A2: Baris terlalu banyak: paling banyak 1. Hapus isi di bawahnya."],
    }


def test_a_column_beyond_the_limit_is_not_even_understood():
    far = changed(GOOD, old=b"</row></sheetData>", new=b'<c r="C2"><v>x</v></c></row></sheetData>')

    assert faults_of(far) == BROKEN
    assert read(far, columns=2)[0].rows == read(GOOD)[0].rows


DISPENSABLE = {
    "_rels/.rels",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
}


@pytest.mark.parametrize("gone", sorted(parts_of(GOOD)))
def test_without_any_one_of_its_parts_a_workbook_is_read_as_it_is_or_told(gone):
    content = packed({name: data for name, data in parts_of(GOOD).items() if name != gone})

    if gone in DISPENSABLE:
        [sheet] = read(content)
        assert sheet.rows == [(1, ["kode", "nilai"]), (2, ["1.1", Decimal(12)])]
    else:
        assert faults_of(content) == BROKEN
