"""What is read of a workbook, and what every hostile one is told."""

import datetime as dt
import tracemalloc
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks import books
from tests.workbooks.books import book, changed, packed, parts_of, saved, with_part
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.packages import Limits
from workbooks.reading import Area, Sheet, Uncomputed, read_workbook

ROWS = [["kode", "nilai"], ["1.1", 12]]
GOOD = book(ROWS)
NOT_A_TABLE = "baris 1: “lembar.xlsx” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
TOO_LARGE = (
    "baris 1: Isi berkas terlalu besar untuk sebuah tabel; hapus baris dan kolom kosong yang "
    "berformat, gambar, dan lembar lain."
)
LOCKED = "baris 1: Berkas terkunci kata sandi; simpan tanpa kata sandi."
MACRO = "berkas: Berkas membawa makro; simpan sebagai XLSX tanpa makro."
CARRIED = "berkas: Berkas membawa berkas lain, “%s”; hapus sisipan itu, lalu simpan."
LINK = "berkas: Berkas menautkan berkas atau data lain; putuskan tautannya, lalu simpan."


def read(content, **limits):
    return read_workbook(content, "lembar.xlsx", limits=Limits(**limits))


def rows_of(content):
    [sheet] = read(content)
    return [(line, list(cells)) for line, cells in sheet.rows]


def faults_of(content, **limits):
    with pytest.raises(UnreadableError) as caught:
        read(content, **limits)
    return [str(fault) for fault in caught.value.faults]


# --- What is read -----------------------------------------------------------------------------


def test_every_sheet_is_read_with_its_name_and_the_numbers_of_its_lines():
    workbook = openpyxl.Workbook()
    workbook.active.title = "Sampul"
    second = workbook.create_sheet("Klaster I")
    second["B3"] = "1.1"
    second["D5"] = 2

    assert read(saved(workbook)) == [
        Sheet("Sampul"),
        Sheet("Klaster I", [(3, [None, "1.1"]), (5, [None, None, None, Decimal(2)])]),
    ]


def test_a_value_is_what_the_spreadsheet_shows():
    moment = dt.datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 -- spreadsheets know no zones
    row = ["teks", 7, 0.1 + 0.2, -1.5, True, False, moment, dt.time(8, 15), None, "=1+1"]

    [(_line, cells)] = rows_of(book([row]))

    assert cells == [
        "teks",
        Decimal(7),
        Decimal("0.3"),
        Decimal("-1.5"),
        True,
        False,
        moment,
        dt.time(8, 15),
        None,
        Uncomputed(),
    ]


def test_a_date_beyond_every_calendar_is_no_number():
    content = book([["x", dt.date(2026, 1, 1)]])
    sheet = parts_of(content)[books.SHEET_PART]
    serial = sheet.partition(b'r="B1"')[2].partition(b"<v>")[2].partition(b"</v>")[0]

    assert rows_of(changed(content, old=b"<v>" + serial, new=b"<v>9e99")) == [(1, ["x", "#VALUE!"])]


def test_the_result_of_a_formula_counts_and_is_never_computed_here():
    content = book([["=1+1"]])

    assert rows_of(books.computed(content, "1+1", "5")) == [(1, [Decimal(5)])]


def test_a_formula_may_have_an_empty_text_for_its_result():
    content = changed(book([["x", "=A2"]]), old=b'<c r="B1"', new=b'<c r="B1" t="str"')

    assert rows_of(content) == [(1, ["x", None])]


def test_texts_kept_apart_are_read_in_their_place():
    shared = books.with_shared_strings(book([["x", 1]]), "satu", "dua &amp; tiga")
    number = cell_of(shared, "B1")

    content = changed(shared, old=number, new=b'<c r="B1" t="s"><v>1</v></c>')
    assert rows_of(content) == [(1, ["x", "dua & tiga"])]
    beyond = changed(shared, old=number, new=b'<c r="B1" t="s"><v>2</v></c>')
    assert faults_of(beyond) == [NOT_A_TABLE]


def test_a_text_is_read_without_how_to_pronounce_it():
    cell = (
        b'<c r="A1" t="inlineStr"><is><r><t>satu </t></r><r><t>dua</t></r>'
        b"<rPh><t>ucap</t></rPh></is></c>"
    )
    content = changed(book([["x"]]), old=cell_of(book([["x"]]), "A1"), new=cell)

    assert rows_of(content) == [(1, ["satu dua"])]


def cell_of(content, place):
    sheet = parts_of(content)[books.SHEET_PART]
    start = sheet.index(f'<c r="{place}"'.encode())
    return sheet[start : sheet.index(b"</c>", start) + 4]


def test_cells_far_to_the_right_belong_to_the_person():
    row = ["1.1", *[None] * 50, "catatan"]

    assert rows_of(book([row])) == [(1, ["1.1"])]


def test_a_sheet_that_understates_its_size_is_read_whole():
    assert rows_of(changed(GOOD, old=b'ref="A1:B2"', new=b'ref="A1"')) == rows_of(GOOD)


def test_merged_cells_are_known():
    [sheet] = read(book(ROWS, change=books.merged("A1:B1", "A3:A5")))

    assert sheet.merged == [Area(1, 1, 0, 1), Area(3, 5, 0, 0)]
    assert [str(fault) for fault in sheet.merged_below(1, (0, 1))] == [
        "isi, sel A3: Sel digabung; pisahkan (unmerge) dan isi setiap baris."
    ]
    assert list(sheet.merged_below(1, (1,))) == []


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20),
)


@settings(max_examples=40)
@given(st.lists(st.lists(cells, max_size=6), max_size=8))
def test_whatever_is_written_is_read_again(rows):
    def change(sheet):
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # nothing here is a formula

    [sheet] = read(book(rows, change=change))

    found = [(line, trimmed(cells)) for line, cells in sheet.rows]
    assert found == [(n, cells) for n, row in enumerate(rows, 1) if (cells := trimmed(row))]


def trimmed(row):
    """The cells as plain values, without the empty ones at the end."""
    values = [plain(cell) for cell in row]
    while values and values[-1] is None:
        values.pop()
    return values


def plain(cell):
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, Decimal):
        return float(cell)
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


# --- A million rows ---------------------------------------------------------------------------


def test_a_million_formatted_empty_rows_change_nothing():
    assert rows_of(books.with_formatted_rows(GOOD)) == rows_of(GOOD)


def test_empty_rows_cost_no_memory():
    content = books.with_formatted_rows(GOOD, last=50_000)

    tracemalloc.start()
    rows = rows_of(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rows == rows_of(GOOD)
    assert peak < 3_000_000  # a tree of them would take ten times as much


def test_something_in_the_very_last_row_is_named_with_its_cell():
    assert faults_of(books.with_cell(GOOD, books.LAST_ROW, 3)) == [
        "isi, sel C1048576: Baris terlalu banyak: paling banyak 5000. Hapus isi di bawahnya."
    ]


def test_a_sheet_that_boasts_of_a_million_rows_is_read_as_it_is():
    assert rows_of(changed(GOOD, old=b'ref="A1:B2"', new=b'ref="A1:XFD1048576"')) == rows_of(GOOD)


# --- Hostile and broken -----------------------------------------------------------------------


def without(content, *names):
    return packed({name: data for name, data in parts_of(content).items() if name not in names})


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        pytest.param(b"", ["baris 1: Berkas kosong."], id="no bytes"),
        pytest.param(b" \n", ["baris 1: Berkas kosong."], id="only spaces"),
        pytest.param(b"kode,nilai\n1.1,2\n", [NOT_A_TABLE], id="CSV called XLSX"),
        pytest.param(b"%PDF-1.7\n", [NOT_A_TABLE], id="PDF called XLSX"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(900), [NOT_A_TABLE], id="old XLS"),
        pytest.param(b"PK\x03\x04rusak", [NOT_A_TABLE], id="a ZIP that is none"),
        pytest.param(GOOD[:-200], [NOT_A_TABLE], id="cut off"),
        pytest.param(b"x" * 5_000_001, ["baris 1: Berkas terlalu besar untuk sebuah tabel."]),
        pytest.param(books.encrypted_package(), [LOCKED], id="locked by an office program"),
        pytest.param(books.encrypted_in_zip(GOOD), [LOCKED], id="locked ZIP"),
        pytest.param(books.with_macro(GOOD), [MACRO], id="macro"),
        pytest.param(books.macro_enabled(books.with_macro(GOOD)), [MACRO], id="XLSM called XLSX"),
        pytest.param(
            with_part(GOOD, "xl/macrosheets/sheet1.xml", b"<a/>"), [MACRO], id="macro sheet"
        ),
        pytest.param(books.with_external_link(GOOD), [LINK], id="link to another file"),
        pytest.param(with_part(GOOD, "xl/connections.xml", b"<a/>"), [LINK], id="data link"),
        pytest.param(
            books.with_nested_archive(GOOD),
            [CARRIED % "xl/embeddings/lampiran.xlsx"],
            id="an archive inside",
        ),
        pytest.param(
            with_part(GOOD, "xl/media/gambar.png", b"MZ\x90\x00"),
            [CARRIED % "xl/media/gambar.png"],
            id="a program inside",
        ),
        pytest.param(books.zip_bomb(GOOD), [TOO_LARGE], id="zip bomb"),
        pytest.param(
            packed(parts_of(GOOD) | {f"x{n}": b"" for n in range(201)}), [TOO_LARGE], id="many"
        ),
        pytest.param(books.lying_size(GOOD), [NOT_A_TABLE], id="a size that lies"),
        pytest.param(books.with_entities(GOOD), [NOT_A_TABLE], id="entities in a sheet"),
        pytest.param(
            books.with_entities(GOOD, "xl/styles.xml"), [NOT_A_TABLE], id="entities in styles"
        ),
        pytest.param(
            changed(
                GOOD,
                whole=(
                    "<?xml version='1.0' encoding='utf-16'?>"
                    "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>"
                ).encode("utf-16"),
            ),
            [NOT_A_TABLE],
            id="entities in another encoding",
        ),
        pytest.param(
            changed(GOOD, whole=b" " * 70_000 + books.BOMB + b"<worksheet/>"),
            [NOT_A_TABLE],
            id="entities far behind",
        ),
        pytest.param(changed(GOOD, old=b"</row>", new=b"</wor>"), [NOT_A_TABLE], id="broken XML"),
        pytest.param(
            changed(GOOD, "xl/workbook.xml", whole=b"<rusak"), [NOT_A_TABLE], id="broken workbook"
        ),
        pytest.param(without(GOOD, "xl/workbook.xml"), [NOT_A_TABLE], id="no workbook"),
        pytest.param(without(GOOD, books.SHEET_PART), [NOT_A_TABLE], id="no sheet"),
        pytest.param(
            changed(GOOD, old=b'<row r="2"', new=b'<row r="1"'), [NOT_A_TABLE], id="a row twice"
        ),
        pytest.param(changed(GOOD, old=b'r="B2"', new=b'r="A2"'), [NOT_A_TABLE], id="a cell twice"),
        pytest.param(
            changed(GOOD, old=b'r="B2"', new=b'r="B9"'), [NOT_A_TABLE], id="a cell elsewhere"
        ),
        pytest.param(changed(GOOD, old=b"<v>12</v>", new=b"<v>dua</v>"), [NOT_A_TABLE]),
        pytest.param(packed({"catatan.txt": b"halo"}), [NOT_A_TABLE], id="another ZIP"),
    ],
)
def test_what_cannot_be_taken_is_told_with_every_reason(content, faults):
    assert faults_of(content) == faults


def test_cells_that_ask_another_file_are_named_one_by_one():
    rows = [["kode", "nilai"], ["1.1", "=[1]Lembar1!A1"], ["1.2", "=SUM('[rekap.xlsx]A'!B1:B2)"]]
    content = books.with_macro(books.with_external_link(book(rows)))

    message = "Rumus mengambil dari berkas lain; ganti dengan nilainya."
    assert sorted(faults_of(content)) == sorted(
        [MACRO, LINK, f"isi, sel B2: {message}", f"isi, sel B3: {message}"]
    )


def test_a_formula_within_the_file_asks_no_other():
    assert rows_of(book([["=Tabel1[Nilai]", "=A1"]])) == [(1, [Uncomputed(), Uncomputed()])]


def test_only_worksheets_may_be_as_large_as_worksheets():
    disguised = books.with_shared_strings(GOOD, "a", part="xl/worksheets/kata.xml")

    assert faults_of(disguised) == [NOT_A_TABLE]


def test_one_large_part_is_not_read_as_many_sheets():
    workbook = openpyxl.Workbook()
    workbook.create_sheet("dua")
    links = "xl/_rels/workbook.xml.rels"
    content = changed(saved(workbook), links, old=b"sheet2.xml", new=b"sheet1.xml")

    assert faults_of(content) == [NOT_A_TABLE]


def test_a_cell_has_no_more_text_than_a_spreadsheet_keeps():
    shared = books.with_shared_strings(book([["x", 1]]), "a" * 32_768, "b" * 32_767)
    number = cell_of(shared, "B1")
    longest = changed(shared, old=number, new=b'<c r="B1" t="s"><v>1</v></c>')

    assert rows_of(longest) == [(1, ["x", "b" * 32_767])]
    longer = changed(shared, old=number, new=b'<c r="B1" t="s"><v>0</v></c>')
    assert faults_of(longer) == [NOT_A_TABLE]


def test_too_many_sheets_are_not_passed_over():
    workbook = openpyxl.Workbook()
    workbook.create_sheet("dua")

    assert faults_of(saved(workbook), sheets=1) == [
        "baris 1: Lembar terlalu banyak: paling banyak 1."
    ]


@settings(max_examples=80)
@given(st.data())
def test_no_damage_breaks_the_reader(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        read(bytes(content))


# --- How a fault speaks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (SheetFault(3, "salah."), "baris 3: salah."),
        (SheetFault(14, "salah.", "Klaster I", 3), "Klaster I, sel D14: salah."),
        (SheetFault(14, "salah.", "Klaster I"), "Klaster I, baris 14: salah."),
        (SheetFault(14, "salah.", column=3), "sel D14: salah."),
        (SheetFault(0, "salah.", "Klaster I"), "Klaster I: salah."),
        (SheetFault(0, "salah."), "berkas: salah."),
    ],
)
def test_a_fault_names_its_place(fault, text):
    assert str(fault) == text


def test_foreign_text_is_shown_on_one_bearable_line():
    assert shown("a\x1b\nb" + "c" * 60) == f"“a b{'c' * 36}…”"
