"""Rows of a few named columns out of a CSV or XLSX file that may be anything.

The content decides what the file is. Sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from workbooks.faults import SheetFault, UnreadableError, not_a_table
from workbooks.packages import OLD_OFFICE, ZIP_SIGNATURE, Limits
from workbooks.reading import Cell, Line, Sheet, is_empty, read_workbook

DELIMITERS = ",;\t"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


# Where each wanted column stands; None for one that the table does without
Places = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the names that people give it; of several in a table the first name counts."""

    names: tuple[str, ...]  # in lower case
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """The wanted cells of one row, in the order in which the columns were asked for."""

    line: int
    cells: tuple[Cell, ...]
    sheet: str = ""
    places: Places = ()  # of a workbook: where each cell stands, counted from 0

    def fault(self, which: int, message: str) -> SheetFault:
        """A fault of one of the wanted cells."""
        return SheetFault(
            self.line, message, self.sheet, self.places[which] if self.places else None
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, and the faults that did not stop the reading."""

    places: Places
    header: int  # the line of the titles
    sheet: str = ""
    rows: list[Row] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


Columns = Sequence[Column]


def read_table(content: bytes, name: str, *, columns: Columns) -> Table:
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


def _table_of_sheet(sheet: Sheet, columns: Columns) -> Table:
    if not sheet.rows:
        raise UnreadableError(SheetFault(1, _("Berkas kosong."), sheet.name))
    (line, header), *below = sheet.rows
    table = Table(_places(line, header, columns, sheet.name), line, sheet.name)
    for number, cells in below:
        table.rows.append(Row(number, _at(cells, table.places), sheet.name, table.places))
    used = [place for place in table.places if place is not None]
    table.faults.extend(sheet.merged_below(line, used))
    return _filled(table)


def _table_of_text(text: str, columns: Columns, limits: Limits) -> Table:
    filled = (line for line in _lines(text, columns) if not all(is_empty(c) for c in line[1]))
    header_line, header = next(filled, (1, ()))
    if not header:
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    table = Table(_places(header_line, header, columns), header_line)
    for line, cells in filled:
        if line > limits.rows:
            raise UnreadableError(SheetFault(line, _("Baris terlalu banyak.")))
        # 0,75 without quotes falls apart into two cells where commas separate the columns
        if not all(is_empty(cell) for cell in cells[len(header) :]):
            table.faults.append(SheetFault(line, _too_many_cells()))
            continue
        table.rows.append(Row(line, _at(cells, table.places)))
    return _filled(table)


def _filled(table: Table) -> Table:
    if not table.rows and not table.faults:
        message = _("Tidak ada baris di bawah judul kolom.")
        raise UnreadableError(SheetFault(table.header, message, table.sheet))
    return table


def _at(cells: Sequence[Cell], places: Places) -> tuple[Cell, ...]:
    return tuple(
        cells[place] if place is not None and place < len(cells) else None for place in places
    )


def _too_many_cells() -> str:
    return _(
        "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
        "bila desimal ditulis dengan koma."
    )


def _places(line: int, header: Sequence[Cell], columns: Columns, sheet: str = "") -> Places:
    """Where each wanted column stands in the header."""
    titles = _titles(header)
    places: list[int | None] = []
    faults = []
    for column in columns:
        name = next((name for name in column.names if name in titles), None)
        places.append(None if name is None else titles.index(name))
        if name is None and column.is_needed:
            message = _("Kolom %(name)s tidak ada.") % {"name": column.names[0]}
            faults.append(SheetFault(line, message, sheet))
        elif name is not None and titles.count(name) > 1:
            message = _("Kolom %(name)s ada lebih dari satu.") % {"name": name}
            faults.append(SheetFault(line, message, sheet))
    if faults:
        raise UnreadableError(*faults)
    return tuple(places)


def _titles(header: Sequence[Cell]) -> list[str]:
    return [cell.strip(' "').casefold() if isinstance(cell, str) else "" for cell in header]


def _matches(header: Sequence[Cell], columns: Columns) -> int:
    """How many of the wanted columns a header has."""
    titles = set(_titles(header))
    return sum(not titles.isdisjoint(column.names) for column in columns)


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


def _lines(text: str, columns: Columns) -> Iterator[Line]:
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
