"""Rows of a table as text by field: spellings, faults with their cells, nothing twice."""

from decimal import Decimal

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from tests.workbooks.books import book
from workbooks.codes import CellError
from workbooks.faults import UnreadableError
from workbooks.reading import Twofold
from workbooks.records import (
    Record,
    RecordColumn,
    choice_cell,
    figure,
    figure_cell,
    fingerprint,
    joined,
    percent_cell,
    read_records,
    rupiah_cell,
    text_cell,
    whole_cell,
)

COLUMNS = (
    RecordColumn("number", "No", whole_cell, ("nomor",), is_needed=True),
    RecordColumn("name", "Nama", text_cell, longest=10),
    RecordColumn("money", "Pagu", rupiah_cell),
)


TWO_READINGS = (
    "“1,25 M” dapat dibaca lebih dari satu cara. Tulis rupiah penuh, misalnya 1.250.000.000."
)


class Colour(models.TextChoices):
    RED = "red", "Merah"


def read(rows, columns=COLUMNS):
    return read_records(book(rows), "isi.xlsx", columns, None, keys=("number",))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Decimal("12.500"), "12.5"),
        (Decimal("1E+2"), "100"),
        ("12,5", "12.5"),
        ("-3", "-3"),
        (" 7 ", "7"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_figure_has_one_spelling(cell, text):
    assert figure_cell(cell, None) == text


@pytest.mark.parametrize(
    "cell",
    ["1.250", "1,2345", "dua", "1,2,3", Decimal("0.0001"), Decimal(10) ** 12, "9" * 40, True],
)
def test_a_figure_with_two_readings_or_too_many_digits_is_refused(cell):
    with pytest.raises(CellError):
        figure_cell(cell, None)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_a_stored_figure_is_spelt_as_it_is_read(number):
    assert figure_cell(number, None) == figure(number)
    assert Decimal(figure(number)) == number


@pytest.mark.parametrize("cell", [Decimal("100.01"), Decimal(-1), "7,555"])
def test_a_percentage_ends_at_a_hundred_and_has_two_decimals(cell):
    with pytest.raises(CellError, match="0 sampai 100"):
        percent_cell(cell, None)
    assert percent_cell(Decimal(100), None) == "100"


@pytest.mark.parametrize("cell", [Decimal(0), Decimal("1.5"), Decimal(100_000), "-1"])
def test_a_number_of_something_is_whole_and_begins_at_one(cell):
    with pytest.raises(CellError, match="mulai 1"):
        whole_cell(cell, None)
    assert whole_cell(Decimal(99_999), None) == "99999"


def test_a_cell_whose_format_shows_another_number_is_refused():
    with pytest.raises(CellError, match="bisa berarti"):
        figure_cell(Twofold(Decimal("0.75"), "75%"), None)


def test_a_choice_is_told_by_its_label_or_its_value_in_any_case():
    read_colour = choice_cell(Colour)

    assert [read_colour(text, None) for text in ("merah", "RED", "")] == ["red", "red", ""]
    with pytest.raises(CellError, match="Pilih: Merah"):
        read_colour("biru", None)


def test_several_codes_are_one_text_in_order_each_once():
    assert joined(["b", "a", "b"]) == "a; b"
    assert joined([]) == ""


def test_a_line_becomes_a_record_of_what_it_says():
    rows = [["Nomor", "Pagu", "Nama"], [1, 1_250_000, "  Satu  aksi "], [2, None, None]]

    reading = read(rows)

    assert reading.faults == []
    assert reading.rows == [
        Record(2, "isi", ("1",), {"money": "1250000", "name": "Satu aksi"}),
        Record(3, "isi", ("2",), {}),
    ]


def test_a_record_survives_being_kept():
    [row] = read([["No", "Nama"], [1, "Satu"]]).rows

    assert Record.of_json(row.as_json()) == row


def test_a_line_with_a_fault_is_left_out_and_its_cell_is_named():
    rows = [["No", "Nama", "Pagu"], [1, "x" * 11, "1,25 M"], [None, "Dua", 5], [3, "Tiga", 6]]

    reading = read(rows)

    assert [row.key for row in reading.rows] == [("3",)]
    assert reading.faults == [
        "isi, sel B2: Nama: Teks 11 huruf, paling panjang 10.",
        f"isi, sel C2: Pagu: {TWO_READINGS}",
        "isi, sel A3: No kosong.",
    ]


def test_a_key_that_comes_twice_counts_once_and_is_told():
    reading = read([["No", "Nama"], [1, "Satu"], [1, "Lagi"]])

    assert [row.values["name"] for row in reading.rows] == ["Satu"]
    assert reading.faults == ["isi, baris 3: Baris ini mengulang baris 2."]


def test_a_table_without_a_needed_column_is_refused():
    with pytest.raises(UnreadableError, match="Kolom no tidak ada"):
        read([["Nama"], ["Satu"]])


def test_a_fingerprint_changes_with_anything_that_was_shown():
    assert fingerprint([1, "a"]) == fingerprint([1, "a"])
    assert fingerprint([1, "a"]) != fingerprint([1, "b"])
