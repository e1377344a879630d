"""Rows of a few named columns out of a CSV or XLSX file that may be anything.

The content decides what the file is. Sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workbooks.faults import SheetFault, UnreadableError, not_a_table
from workbooks.packages import OLD_OFFICE, ZIP_SIGNATURE, Limits
from workbooks.reading import Cell, Line, Sheet, is_empty, read_workbook

DELIMITERS = ",;\t"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """The wanted cells of one row, in the order in which the columns were asked for."""

    line: int
    cells: tuple[Cell, ...]
    sheet: str = ""
    places: tuple[int, ...] = ()  # of a workbook: where each cell stands, counted from 0

    def fault(self, which: int, message: str) -> SheetFault:
        """A fault of one of the wanted cells."""
        return SheetFault(
            self.line, message, self.sheet, self.places[which] if self.places else None
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, and the faults that did not stop the reading."""

    rows: list[Row]
    faults: list[SheetFault]


def read_table(content: bytes, name: str, *, columns: tuple[str, ...]) -> Table:
    """The named columns of every row below the header.

    Of a workbook that is the worksheet with most of the columns. Raises UnreadableError when
    there is no such table: nothing in it can be looked at.
    """
    limits = Limits()
    if content.startswith((ZIP_SIGNATURE, OLD_OFFICE)):
        sheets = read_workbook(content, name, limits=limits)
        sheet = max(sheets, key=lambda one: _matches(_header(one), columns))
        return _table_of_sheet(sheet, columns)
    if not content.strip():
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    if len(content) > limits.bytes:
        raise UnreadableError(SheetFault(1, _("Berkas terlalu besar untuk sebuah tabel.")))
    return _table_of_text(_decoded(content, name), columns, limits)


def _header(sheet: Sheet) -> Sequence[Cell]:
    return sheet.rows[0][1] if sheet.rows else ()


def _table_of_sheet(sheet: Sheet, columns: tuple[str, ...]) -> Table:
    if not sheet.rows:
        raise UnreadableError(SheetFault(1, _("Berkas kosong."), sheet.name))
    (line, header), *below = sheet.rows
    places = tuple(_places(line, header, columns, sheet.name))
    rows = [Row(number, _at(cells, places), sheet.name, places) for number, cells in below]
    return _filled(Table(rows, list(sheet.merged_below(line, places))), line, sheet.name)


def _table_of_text(text: str, columns: tuple[str, ...], limits: Limits) -> Table:
    filled = (line for line in _lines(text, columns) if not all(is_empty(c) for c in line[1]))
    header_line, header = next(filled, (1, ()))
    if not header:
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    places = _places(header_line, header, columns)
    table = Table([], [])
    for line, cells in filled:
        if line > limits.rows:
            raise UnreadableError(SheetFault(line, _("Baris terlalu banyak.")))
        # 0,75 without quotes falls apart into two cells where commas separate the columns
        if not all(is_empty(cell) for cell in cells[len(header) :]):
            table.faults.append(SheetFault(line, _too_many_cells()))
            continue
        table.rows.append(Row(line, _at(cells, places)))
    return _filled(table, header_line)


def _filled(table: Table, header_line: int, sheet: str = "") -> Table:
    if not table.rows and not table.faults:
        message = _("Tidak ada baris di bawah judul kolom.")
        raise UnreadableError(SheetFault(header_line, message, sheet))
    return table


def _at(cells: Sequence[Cell], places: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(cells[place] if place < len(cells) else None for place in places)


def _too_many_cells() -> str:
    return _(
        "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
        "bila desimal ditulis dengan koma."
    )


def _places(
    line: int, header: Sequence[Cell], columns: tuple[str, ...], sheet: str = ""
) -> list[int]:
    """Where each wanted column stands in the header."""
    names = _names(header)
    faults = []
    for column in columns:
        if column not in names:
            message = _("Kolom %(name)s tidak ada.") % {"name": column}
            faults.append(SheetFault(line, message, sheet))
        elif names.count(column) > 1:
            message = _("Kolom %(name)s ada lebih dari satu.") % {"name": column}
            faults.append(SheetFault(line, message, sheet))
    if faults:
        raise UnreadableError(*faults)
    return [names.index(column) for column in columns]


def _names(header: Sequence[Cell]) -> list[str]:
    return [cell.strip(' "').casefold() if isinstance(cell, str) else "" for cell in header]


def _matches(header: Sequence[Cell], columns: tuple[str, ...]) -> int:
    """How many of the wanted columns a header has."""
    return len(set(columns).intersection(_names(header)))


def _decoded(content: bytes, name: str) -> str:
    if content.startswith(UTF_16):
        raise UnreadableError(SheetFault(1, _wrong_encoding()))
    if BINARY.search(content) or content.startswith(b"%PDF"):
        raise not_a_table(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(SheetFault(line, _wrong_encoding())) from error


def _wrong_encoding() -> str:
    return _("Teks bukan UTF-8; simpan sebagai “CSV UTF-8”.")


def _lines(text: str, columns: tuple[str, ...]) -> Iterator[Line]:
    lines = text.splitlines()
    header = next((line for line in lines if line.strip(f" {DELIMITERS}")), "")
    delimiter = max(DELIMITERS, key=lambda mark: _matches(header.split(mark), columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        message = _("Tanda petik tidak berpasangan atau sel terlalu panjang.")
        raise UnreadableError(SheetFault(line, message)) from error
