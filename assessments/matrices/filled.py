"""Checks a filled MATRIKS, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from assessments.matrices.specs import HEADER_ROW, Heading, MatrixSpec, Years, headings
from clusters.spec import plain_number
from texts.folding import as_title
from texts.languages import in_indonesian
from workbooks.faults import UnreadableError, shown
from workbooks.packages import MAX_BYTES
from workbooks.reading import Cell, Sheet, SheetLine, Twofold, Uncomputed, is_empty, read_workbook

MAX_TOLD = 20
NUMBER_AS_TEXT = re.compile(r"-?[0-9][0-9.,\s]*%?")


@dataclass(frozen=True, slots=True)
class MatrixFault:
    """What is wrong in which cell."""

    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}"


@in_indonesian
def check_matrix(content: bytes, name: str, spec: MatrixSpec, years: Years) -> list[MatrixFault]:
    """Every fault of a filled table with its cell; none when it can be used as it is."""
    columns = headings(spec, years)
    try:
        if len(content) > MAX_BYTES:
            return [_too_large()]
        worksheets = read_workbook(content, name)
    except UnreadableError as error:
        return _carried(error) or [_unreadable()]
    lines, header = _header(worksheets, columns)
    if header is None:
        return [_without_header()]
    return list(_faults(lines, header, columns, spec))


@dataclass(frozen=True, slots=True)
class _Header:
    line: int
    column_indexes: dict[str, int]  # the column of each title that was found, counted from 0


def _header(
    worksheets: list[Sheet], columns: list[Heading]
) -> tuple[Sequence[SheetLine], _Header | None]:
    """The line with most of the titles, and the lines below it in the same sheet."""
    wanted = {_folded(column.title) for column in columns}
    best: tuple[Sequence[SheetLine], _Header | None] = ((), None)
    most = 1  # one word that is the same makes no table
    for sheet in worksheets:
        for index, (number, cells) in enumerate(sheet.rows):
            titles = [_folded(cell) for cell in cells]
            column_indexes = {title: titles.index(title) for title in wanted.intersection(titles)}
            if len(column_indexes) > most:
                most = len(column_indexes)
                best = sheet.rows[index + 1 :], _Header(number, column_indexes)
    return best


def _faults(
    lines: Sequence[SheetLine], header: _Header, columns: list[Heading], spec: MatrixSpec
) -> Iterator[MatrixFault]:
    placed = [(column, header.column_indexes.get(_folded(column.title))) for column in columns]
    for expected, (column, index) in enumerate(placed):
        if index is None:
            message = _("kolom %(title)s tidak ada.") % {"title": shown(column.title)}
            yield MatrixFault(_cell(expected, header.line), message)
    present = [(column, index) for column, index in placed if index is not None]
    rows = list(_data_rows(lines, present, spec))
    if not rows:
        yield MatrixFault(_cell(0, header.line + 1), _("belum ada baris yang terisi."))
    for number, cells in rows:
        yield from _row_faults(number, cells, present, columns[0])


def _data_rows(
    lines: Sequence[SheetLine], present: list[tuple[Heading, int]], spec: MatrixSpec
) -> Iterator[SheetLine]:
    """The filled rows down to the first empty line; below it people sign."""
    last = None
    for number, cells in lines:
        if last is not None and number > last + 1:
            return
        filled = [index for _column, index in present if not is_empty(_at(cells, index))]
        if not filled:
            continue
        is_prepared = len(filled) == 1 and _at(cells, filled[0]) in spec.rows
        last = number
        if not is_prepared:
            yield number, cells


def _row_faults(
    number: int, cells: Sequence[Cell], present: list[tuple[Heading, int]], first: Heading
) -> Iterator[MatrixFault]:
    for column, index in present:
        cell = _at(cells, index)
        message = None
        if column.is_number:
            message = _number_fault(cell)
        elif column is first and is_empty(cell):
            message = _("%(title)s kosong.") % {"title": column.title}
        if message:
            yield MatrixFault(_cell(index, number), message)


def _number_fault(cell: Cell) -> str | None:
    if is_empty(cell):
        return _("kosong; isi dengan angka, 0 bila tidak ada.")
    if isinstance(cell, Uncomputed):
        return _("rumus belum dihitung; buka dan simpan ulang di pengolah lembar.")
    if isinstance(cell, str):
        return _text_fault(cell.strip())
    if not isinstance(cell, Decimal):
        return cell.fault if isinstance(cell, Twofold) else _("bukan angka.")
    if cell < 0:
        return _("%(number)s kurang dari nol.") % {"number": plain_number(cell)}
    return None


def _text_fault(text: str) -> str:
    if NUMBER_AS_TEXT.fullmatch(text):
        message = _("%(text)s tersimpan sebagai teks; ketik ulang sebagai angka.")
    else:
        message = _("%(text)s bukan angka.")
    return message % {"text": shown(text)}


def refusal(faults: Sequence[MatrixFault]) -> list[str]:
    """A sentence for each fault; where they are very many, the first of them and a count."""
    sentences = [str(fault) for fault in faults[:MAX_TOLD]]
    if len(faults) > MAX_TOLD:
        sentences.append(_("dan %(count)d lainnya.") % {"count": len(faults) - MAX_TOLD})
    return sentences


def _folded(cell: Cell) -> str:
    return as_title(cell) if isinstance(cell, str) else ""


def _at(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _cell(index: int, line: int) -> str:
    return f"{get_column_letter(index + 1)}{line}"


def _too_large() -> MatrixFault:
    message = _("berkas terlalu besar untuk sebuah matriks; hapus gambar, atau unggah PDF.")
    return MatrixFault("A1", message)


def _unreadable() -> MatrixFault:
    message = _("isi berkas tidak terbaca sebagai tabel; simpan ulang, atau unggah PDF.")
    return MatrixFault("A1", message)


def _carried(error: UnreadableError) -> list[MatrixFault]:
    """What the file carries besides its table, such as links to other files."""
    told = [fault for fault in error.faults if fault.cell or not fault.line]
    return [MatrixFault(fault.cell or fault.place, fault.message) for fault in told]


def _without_header() -> MatrixFault:
    message = _(
        "judul kolom tidak ditemukan. Isi format yang diunduh dari halaman pertanyaan ini, "
        "atau unggah format lain sebagai PDF."
    )
    return MatrixFault(_cell(0, HEADER_ROW), message)
