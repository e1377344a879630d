"""Rows of two named columns out of a CSV or XLSX file that may be anything.

The content decides what the file is. Sizes are bounded before anything is unpacked.
"""

import csv
import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 5_000_000
MAX_UNPACKED = 10_000_000
MAX_MEMBERS = 200
MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_WORKSHEETS = 10
LONGEST_SHOWN = 40

DELIMITERS = ",;\t"
ZIP_SIGNATURE = b"PK\x03\x04"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose result the file does not contain."""


Cell = str | Decimal | bool | date | time | timedelta | Uncomputed | None


@dataclass(frozen=True, slots=True)
class Row:
    """The wanted cells of one row, in the order in which the columns were asked for."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SheetFault:
    line: int
    message: str

    def __str__(self) -> str:
        return _("baris %(line)d: %(message)s") % {"line": self.line, "message": self.message}


class UnreadableError(Exception):
    """The file has no rows to look at."""

    def __init__(self, *faults: SheetFault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, and the faults that did not stop the reading."""

    rows: list[Row]
    faults: list[SheetFault]


# A numbered line and everything that stands in it
Line = tuple[int, Sequence[Cell]]


def read_table(content: bytes, name: str, *, columns: tuple[str, ...]) -> Table:
    """The named columns of every row below the header.

    Raises UnreadableError when there is no such table: nothing in it can be looked at.
    """
    if not content.strip():
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    if len(content) > MAX_BYTES:
        raise UnreadableError(SheetFault(1, _("Berkas terlalu besar untuk sebuah lembar nilai.")))
    if content.startswith(ZIP_SIGNATURE):
        return _table(_lines_of_workbook(content, name, columns), columns)
    text = _decoded(content, name)
    return _table(_lines_of_text(text, columns), columns, is_text=True)


def shown(text: str) -> str:
    """Foreign text inside a sentence: quoted, on one line, and of bearable length."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    flat = " ".join(printable.split())
    short = flat if len(flat) <= LONGEST_SHOWN else f"{flat[: LONGEST_SHOWN - 1]}…"
    return f"“{short}”"


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _not_a_table(name: str) -> UnreadableError:
    message = _("%(name)s bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX.")
    return UnreadableError(SheetFault(1, message % {"name": shown(name)}))


def _table(lines: Iterable[Line], columns: tuple[str, ...], *, is_text: bool = False) -> Table:
    """The wanted columns below the first line that is not empty."""
    filled = (line for line in lines if not all(is_empty(cell) for cell in line[1]))
    header_line, header = next(filled, (1, ()))
    if not header:
        raise UnreadableError(SheetFault(1, _("Berkas kosong.")))
    places = _places(header_line, header, columns)
    rows, faults = [], []
    for line, cells in filled:
        if line > MAX_ROWS:
            raise UnreadableError(SheetFault(line, _("Baris terlalu banyak.")))
        # 0,75 without quotes falls apart into two cells where commas separate the columns
        if is_text and not all(is_empty(cell) for cell in cells[len(header) :]):
            faults.append(SheetFault(line, _too_many_cells()))
            continue
        wanted = (cells[place] if place < len(cells) else None for place in places)
        rows.append(Row(line, tuple(wanted)))
    if not rows and not faults:
        message = _("Tidak ada baris di bawah judul kolom.")
        raise UnreadableError(SheetFault(header_line, message))
    return Table(rows, faults)


def _too_many_cells() -> str:
    return _(
        "Sel lebih banyak daripada judul kolom; pisahkan kolom dengan titik koma "
        "bila desimal ditulis dengan koma."
    )


def _places(line: int, header: Sequence[Cell], columns: tuple[str, ...]) -> list[int]:
    """Where each wanted column stands in the header."""
    names = _names(header)
    faults = []
    for column in columns:
        if column not in names:
            faults.append(SheetFault(line, _("Kolom %(name)s tidak ada.") % {"name": column}))
        elif names.count(column) > 1:
            faults.append(
                SheetFault(line, _("Kolom %(name)s ada lebih dari satu.") % {"name": column})
            )
    if faults:
        raise UnreadableError(*faults)
    return [names.index(column) for column in columns]


def _names(header: Sequence[Cell]) -> list[str]:
    return [cell.strip(' "').casefold() if isinstance(cell, str) else "" for cell in header]


def _matches(header: Sequence[Cell], columns: tuple[str, ...]) -> int:
    """How many of the wanted columns a header has."""
    return len(set(columns).intersection(_names(header)))


# --- CSV ------------------------------------------------------------------------------------


def _decoded(content: bytes, name: str) -> str:
    if content.startswith(UTF_16):
        raise UnreadableError(SheetFault(1, _wrong_encoding()))
    if BINARY.search(content) or content.startswith(b"%PDF"):
        raise _not_a_table(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(SheetFault(line, _wrong_encoding())) from error


def _wrong_encoding() -> str:
    return _("Teks bukan UTF-8; simpan sebagai “CSV UTF-8”.")


def _lines_of_text(text: str, columns: tuple[str, ...]) -> Iterator[Line]:
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


# --- XLSX -----------------------------------------------------------------------------------


def read_workbook(content: bytes, name: str) -> list[list[Line]]:
    """The filled lines of every worksheet; raises UnreadableError when it is no workbook."""
    _refuse_bomb(content, name)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles that it leaves out
            worksheets = _worksheets(content)
    except UnreadableError:
        raise
    except Exception as error:  # a broken workbook breaks openpyxl in any of a dozen ways
        raise _not_a_table(name) from error
    if not worksheets:
        raise _not_a_table(name)
    return worksheets


def _lines_of_workbook(content: bytes, name: str, columns: tuple[str, ...]) -> list[Line]:
    """The lines of the worksheet whose header has the wanted columns."""
    worksheets = read_workbook(content, name)
    return max(worksheets, key=lambda lines: _matches(lines[0][1] if lines else (), columns))


def _refuse_bomb(content: bytes, name: str) -> None:
    """A few bytes of archive can unpack to gigabytes; its directory says so beforehand."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _not_a_table(name) from error
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        message = _("Isi berkas terlalu besar untuk sebuah lembar nilai.")
        raise UnreadableError(SheetFault(1, message))


def _worksheets(content: bytes) -> list[list[Line]]:
    """The filled lines of every worksheet."""
    # Twice, because a formula without a stored result reads as an empty cell.
    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in (*values.worksheets, *formulas.worksheets):
        if isinstance(sheet, ReadOnlyWorksheet):
            sheet.reset_dimensions()  # some programs write a size that is too small
    pairs = list(zip(values.worksheets, formulas.worksheets, strict=True))
    return [list(_filled_lines(*pair)) for pair in pairs[:MAX_WORKSHEETS]]


def _filled_lines(values: Worksheet, formulas: Worksheet) -> Iterator[Line]:
    rows = zip(
        values.iter_rows(max_col=MAX_COLUMNS, values_only=True),
        formulas.iter_rows(max_col=MAX_COLUMNS, values_only=True),
        strict=True,
    )
    for line, (row, formula_row) in enumerate(rows, start=1):
        if line > MAX_ROWS:
            raise UnreadableError(SheetFault(line, _("Baris terlalu banyak.")))
        cells = [_cell(*pair) for pair in zip(row, formula_row, strict=True)]
        if not all(is_empty(cell) for cell in cells):
            yield line, cells


def _cell(value: object, formula: object) -> Cell:
    if value is None:
        return None if formula is None else Uncomputed()
    if isinstance(value, str | bool | date | time | timedelta):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float) and math.isfinite(value):
        # What the spreadsheet shows: 0.1 + 0.2 is stored as 0.30000000000000004.
        return Decimal(format(value, ".15g"))
    return str(value)
