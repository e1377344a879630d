"""A CSV that an Excel with Indonesian settings opens right, and that we read again."""

import datetime as dt
from decimal import Decimal

import pytest

from workbooks.tables import read_table
from workbooks.writing import csv_lines


def written(*rows, header=("kode", "nilai")):
    return "".join(csv_lines(header, rows)).encode()


def test_columns_decimals_and_lines_are_as_an_indonesian_excel_has_them():
    rows = [("A", Decimal("76.940")), ("B; C", 1000), ("D", dt.date(2026, 3, 2)), ("E", None)]

    assert written(*rows) == (
        b'\xef\xbb\xbfkode;nilai\r\nA;76,940\r\n"B; C";1000\r\nD;2026-03-02\r\nE;\r\n'
    )


@pytest.mark.parametrize("code", ["1.10", "07", "14.1", "1/2", "1-2", "1e5", "12:30"])
def test_a_code_stays_a_text_and_is_read_again(code):
    content = written((code, Decimal("0.75")))

    assert content.decode("utf-8-sig").splitlines()[1] == f'"=""{code}""";0,75'
    [row] = read_table(content, "kirim.csv", columns=("kode", "nilai")).rows
    assert row.cells == (code, "0,75")


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1 orang", "@a", "\t=1", "＝1"])
def test_what_people_typed_never_runs(text):
    line = written((text, 1), header=("=x", "nilai")).decode("utf-8-sig").splitlines()

    assert line[0].startswith("'=x")
    assert line[1].strip('"').startswith("'")
