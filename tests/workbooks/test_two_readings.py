"""What can be read in two ways is a fault at its cell; what is certain is read."""

from decimal import Decimal

import openpyxl
import pytest

from tests.workbooks.books import book, saved
from workbooks.codes import CellError, UnknownCodeError, codes_by_number, read_code
from workbooks.faults import UnreadableError
from workbooks.reading import Twofold, read_workbook
from workbooks.tables import read_table

COLUMNS = ("kode pertanyaan", "nilai")
TOO_MANY = (
    "baris 2: Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
    "bila desimal ditulis dengan koma."
)


def read(content):
    table = read_table(content, "lembar", columns=COLUMNS)
    return [row.cells for row in table.rows], [str(fault) for fault in table.faults]


def formatted(value, code):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = value
    workbook.active["A1"].number_format = code
    [sheet] = read_workbook(saved(workbook), "lembar.xlsx")
    [(_line, [cell])] = sheet.rows
    return cell


def test_a_decimal_comma_without_quotes_is_a_fault_even_before_an_empty_cell():
    header = b"kode pertanyaan,nilai,keterangan\n"

    assert read(header + b"1.2a,0,75,\n") == ([], [TOO_MANY])
    assert read(header + b'1.2a,"0,75",\n') == ([("1.2a", "0,75")], [])
    assert read(header.replace(b",", b";") + b"1.2a;0,75;;\n") == ([("1.2a", "0,75")], [])


@pytest.mark.parametrize("code", ["0%", "0.00%", "0%;[Red]-0%"])
def test_a_percent_cell_has_two_meanings(code):
    cell = formatted(0.75, code)

    assert cell == Twofold(Decimal("0.75"), "75%")
    assert cell.fault == (
        "75 % bisa berarti 0,75 atau 75. Format selnya sebagai angka, lalu tulis ulang nilainya."
    )


@pytest.mark.parametrize("code", ["General", "0.00", '0" dari 100%"', '0" 1/2"', "[$%-421]0"])
def test_signs_that_a_format_only_writes_change_no_number(code):
    assert formatted(0.75, code) == Decimal("0.75")


def test_a_fraction_is_told_and_a_whole_number_in_its_format_is_read():
    assert formatted(0.66, "# ?/?").fault.startswith("Sel berformat pecahan: 0,66 ")
    assert formatted(3, "# ?/?") == 3
    assert formatted(0, "0%") == 0


@pytest.mark.parametrize(
    ("codes", "number", "told"),
    [
        (("1.1", "1.10"), Decimal("1.1"), "Angka 1.1 bisa berarti 1.1 atau 1.10; "),
        (("7", "07"), Decimal(7), "Angka 7 bisa berarti 7 atau 07; "),
        (("18.72", "18.720"), Decimal("18.72"), "Angka 18.72 bisa berarti 18.72 atau 18.720; "),
    ],
)
def test_a_number_that_may_be_two_codes_names_both(codes, number, told):
    with pytest.raises(CellError) as caught:
        read_code(number, codes, codes_by_number(codes))

    assert str(caught.value) == f"{told}format kolomnya sebagai teks lalu tulis ulang kodenya."
    assert read_code(codes[1], codes, codes_by_number(codes)) == codes[1]


def test_a_number_that_is_one_code_is_that_code_and_any_other_is_unknown():
    assert read_code(Decimal(7), ["07"], codes_by_number(["07"])) == "07"
    with pytest.raises(UnknownCodeError):
        read_code(Decimal(8), ["07"], codes_by_number(["07"]))


@pytest.mark.parametrize(
    "title",
    ["Kode\u00a0Pertanyaan", "kode\npertanyaan", "Ko\u200bde  Pertanyaan", "KODE PERTANYAAN\ufeff"],
)
def test_a_title_is_read_through_what_nobody_sees(title):
    rows = [[title, "Nilai"], ["1.2a", 0.5]]

    assert read(book(rows))[0] == [("1.2a", Decimal("0.5"))]
    text = "\n".join(f'"{one}";{two}' for one, two in rows)
    assert read(text.encode())[0] == [("1.2a", "0.5")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_every_encoding_that_is_certain(encoding):
    content = "kode pertanyaan;nilai\r\nCafé – “x”;1\r\n".encode(encoding)

    assert read(content)[0] == [("Café – “x”", "1")]


@pytest.mark.parametrize(
    "content",
    [
        "Cafã©;1".encode("cp1252") + b"\x81",
        b"Caf\xc3\xa9 \xe9;1",
        b"Caf\xd7;1",
        "Café;1".encode("utf-16")[:-1],
    ],
)
def test_text_in_a_doubtful_encoding_says_how_to_save(content):
    if not content.startswith(b"\xff\xfe"):
        content = b"kode pertanyaan;nilai\n" + content

    with pytest.raises(UnreadableError) as caught:
        read(content)

    assert "Teks bukan UTF-8; simpan sebagai “CSV UTF-8”." in str(caught.value)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_first_line_may_say_what_separates(mark):
    text = f"sep={mark}\r\nkode pertanyaan{mark}nilai\r\n1.1{mark}2\r\n"

    assert read(text.encode("utf-8-sig"))[0] == [("1.1", "2")]


def test_decomposed_text_is_stored_composed():
    assert read("kode pertanyaan;nilai\nCafe\u0301;1\n".encode())[0] == [("Café", "1")]
    assert read(book([["Kode pertanyaan", "nilai"], ["Cafe\u0301", 1]]))[0][0][0] == "Café"
