"""Reads rows of named columns from an untrusted CSV or XLSX file.

The content decides what the file is. Sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from texts.folding import as_title, composed
from workbooks.faults import SheetFault, UnreadableError, not_a_table
from workbooks.packages import OLD_OFFICE, ZIP_SIGNATURE, Limits
from workbooks.reading import Cell, Sheet, SheetLine, is_empty, read_workbook

HEADING_LINES = 20  # how far down the titles of the columns are looked for
DELIMITERS = ",;\t"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATOR = re.compile(r"sep=([,;\t])[,;\t]*\r?(?:\n|\Z)", re.IGNORECASE)
# Marks beside letters and figures in what Windows wrote before UTF-8
WINDOWS_MARKS = frozenset("‘’‚“”„–—…•€°²³½¼¾§«»·™©®\u00a0")
# What UTF-8 looks like when it was read as Windows' own
MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
# ="1.10" keeps a text a text when a spreadsheet opens a CSV; we write it so ourselves
KEPT_TEXT = re.compile(r'="([^"]*)"')


# Where each wanted column stands; None for one that the table does without
ColumnIndexes = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column by the names that people give it; of several in a table the first name counts."""

    names: tuple[str, ...]  # as `as_title` gives them; the first one is told to people
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """The wanted cells of one row, in the order in which the columns were asked for."""

    line: int
    cells: tuple[Cell, ...]
    sheet: str = ""
    indexes: ColumnIndexes = ()  # of a workbook: where each cell stands, counted from 0

    def fault(self, which: int, message: str) -> SheetFault:
        """A fault of one of the wanted cells."""
        return SheetFault(
            self.line, message, self.sheet, self.indexes[which] if self.indexes else None
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """The titles above a table, those that nobody asked for included."""

    line: int
    cells: Sequence[Cell]
    sheet: str = ""

    def fault(self, column: int, message: str) -> SheetFault:
        return SheetFault(self.line, message, self.sheet, column if self.sheet else None)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, the faults that did not stop the reading, and each header."""

    rows: list[Row] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)


class _NoTableError(UnreadableError):
    """A sheet without the columns, or without a row: another sheet may have them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are wanted; of those in `one_of` at least one has to be there."""

    wanted: Sequence[TableColumn]
    one_of: Sequence[int] = ()

    def matches(self, header: Sequence[Cell]) -> int:
        """How many of them a header has."""
        titles = set(_titles(header))
        return sum(not titles.isdisjoint(column.names) for column in self.wanted)

    def header_in(self, lines: Sequence[SheetLine]) -> int:
        """Which of the first lines has the titles: above them there may be a heading."""
        near = range(min(len(lines), HEADING_LINES))
        return max(near, key=lambda at: self.matches(lines[at][1]))


def read_table(
    content: bytes,
    name: str,
    *,
    columns: Columns | Sequence[str],
    limits: Limits | None = None,
) -> Table:
    """The named columns of every row below the header; plain names are all needed.

    Of a workbook those are the rows of every worksheet that has the columns. Raises
    UnreadableError when there is no such table: nothing in it can be looked at.
    """
    if not isinstance(columns, Columns):
        columns = Columns([TableColumn((title,)) for title in columns])
    limits = limits or Limits()
    if content.startswith((ZIP_SIGNATURE, OLD_OFFICE)):
        return _table_of_sheets(read_workbook(content, name, limits=limits), columns)
    if not content.strip():
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    if len(content) > limits.bytes:
        raise UnreadableError(SheetFault(1, _("Berkas terlalu besar untuk sebuah tabel.")))
    return _table_of_text(_decoded(content, name), columns, limits)


def _table_of_sheets(sheets: Sequence[Sheet], columns: Columns) -> Table:
    whole, refusals = Table(), {}
    for sheet in sheets:
        try:
            one = _table_of_sheet(sheet, columns)
        except _NoTableError as error:
            refusals[sheet.name] = error
            continue
        whole.rows.extend(one.rows)
        whole.faults.extend(one.faults)
        whole.headings.extend(one.headings)
    if len(refusals) < len(sheets):
        return whole
    nearest = max(sheets, key=lambda sheet: _best_match(sheet, columns))
    raise refusals[nearest.name]


def _best_match(sheet: Sheet, columns: Columns) -> int:
    return columns.matches(sheet.rows[columns.header_in(sheet.rows)][1]) if sheet.rows else 0


def _table_of_sheet(sheet: Sheet, columns: Columns) -> Table:
    if not sheet.rows:
        raise _NoTableError(SheetFault(1, _("Berkas kosong."), sheet.name))
    at = columns.header_in(sheet.rows)
    line, header = sheet.rows[at]
    indexes = _column_indexes(line, header, columns, sheet.name)
    rows = [
        Row(number, _at(cells, indexes), sheet.name, indexes)
        for number, cells in sheet.rows[at + 1 :]
    ]
    used = [index for index in indexes if index is not None]
    table = Table(rows, list(sheet.merged_below(line, used)), [Heading(line, header, sheet.name)])
    return _filled(table, line, sheet.name)


def _table_of_text(text: str, columns: Columns, limits: Limits) -> Table:
    told = SEPARATOR.match(text)
    delimiter = told[1] if told else _delimiter(text, columns)
    lines = _filled_lines(text, delimiter, limits, skipped=1 if told else 0)
    if not lines:
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    at = columns.header_in(lines)
    header_line, header = lines[at]
    indexes = _column_indexes(header_line, header, columns)
    table = Table(headings=[Heading(header_line, header)])
    for line, cells in lines[at + 1 :]:
        # 0,75 without quotes falls apart into two cells where commas separate the columns,
        # and the last cell of the row is then one further right, though it may be empty
        more = cells[len(header) :]
        if more and (delimiter == "," or not all(is_empty(cell) for cell in more)):
            table.faults.append(SheetFault(line, _too_many_cells()))
            continue
        table.rows.append(Row(line, _at(cells, indexes)))
    return _filled(table, header_line)


def _filled_lines(text: str, delimiter: str, limits: Limits, *, skipped: int) -> list[SheetLine]:
    filled = []
    for line, cells in _lines(text, delimiter):
        if line <= skipped or all(is_empty(cell) for cell in cells):
            continue
        if line > limits.rows:
            raise UnreadableError(SheetFault(line, _("Baris terlalu banyak.")))
        filled.append((line, cells))
    return filled


def _filled(table: Table, header: int, sheet: str = "") -> Table:
    if not table.rows and not table.faults:
        message = _("Tidak ada baris di bawah judul kolom.")
        raise _NoTableError(SheetFault(header, message, sheet))
    return table


def _at(cells: Sequence[Cell], indexes: ColumnIndexes) -> tuple[Cell, ...]:
    return tuple(
        cells[index] if index is not None and index < len(cells) else None for index in indexes
    )


def _too_many_cells() -> str:
    return _(
        "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
        "bila desimal ditulis dengan koma."
    )


def _column_indexes(
    line: int, header: Sequence[Cell], columns: Columns, sheet: str = ""
) -> ColumnIndexes:
    """Where each wanted column stands in the header."""
    titles = _titles(header)
    indexes: list[int | None] = []
    missing, double = [], []
    for column in columns.wanted:
        name = next((name for name in column.names if name in titles), None)
        indexes.append(None if name is None else titles.index(name))
        if name is None and column.is_needed:
            missing.append(column.names[0])
        elif name is not None and titles.count(name) > 1:
            double.append(name)
    if columns.one_of and all(indexes[one] is None for one in columns.one_of):
        missing.append(_(" atau ").join(columns.wanted[one].names[0] for one in columns.one_of))
    told = [
        *(_("Kolom %(name)s tidak ada.") % {"name": name} for name in missing),
        *(_("Kolom %(name)s ada lebih dari satu.") % {"name": name} for name in double),
    ]
    if told:
        refusal = _NoTableError if missing else UnreadableError
        raise refusal(*(SheetFault(line, message, sheet) for message in told))
    return tuple(indexes)


def _titles(header: Sequence[Cell]) -> list[str]:
    return [as_title(cell) if isinstance(cell, str) else "" for cell in header]


def _decoded(content: bytes, name: str) -> str:
    if content.startswith(UTF_16):
        return _decoded_utf_16(content)
    if BINARY.search(content) or content.startswith(b"%PDF"):
        raise not_a_table(name)
    try:
        return composed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if (text := _decoded_windows(content)) is not None:
            return text
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(SheetFault(line, _wrong_encoding())) from error


def _decoded_utf_16(content: bytes) -> str:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableError(SheetFault(1, _wrong_encoding())) from error
    if "\x00" in text:
        raise UnreadableError(SheetFault(1, _wrong_encoding()))
    return composed(text)


def _decoded_windows(content: bytes) -> str | None:
    """The text in Windows' own encoding where nothing else can be meant, otherwise None.

    Every byte beyond ASCII has to be a Latin letter or a usual mark, and none of them may look
    like UTF-8 that a program broke.
    """
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    foreign = {char for char in text if not char.isascii()}
    if MISREAD.search(text) or not all(c.isalpha() or c in WINDOWS_MARKS for c in foreign):
        return None
    return text


def _wrong_encoding() -> str:
    return _("Teks bukan UTF-8; simpan sebagai “CSV UTF-8”.")


def _delimiter(text: str, columns: Columns) -> str:
    """What separates the titles that are wanted."""
    near = [line for line in text.splitlines() if line.strip(f" {DELIMITERS}")][:HEADING_LINES]
    return max(
        DELIMITERS,
        key=lambda mark: max((columns.matches(line.split(mark)) for line in near), default=0),
    )


def _lines(text: str, delimiter: str) -> Iterator[SheetLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [KEPT_TEXT.sub(r"\1", cell) if cell[:2] == '="' else cell for cell in cells]
            line = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        message = _("Tanda petik tidak berpasangan atau sel terlalu panjang.")
        raise UnreadableError(SheetFault(line, message)) from error
