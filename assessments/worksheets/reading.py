"""Reads a filled working sheet: the changes it asks for, or every fault with sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.sheets import SheetError, over_maximum, read_points
from assessments.worksheets.layout import (
    CLAIM,
    CODE,
    COVER,
    IDENTITY,
    KIND,
    MARK,
    NOTE,
    QUESTION_ROW,
    READ,
    SEEN_CLAIM,
    SEEN_NOTE,
    Identity,
    WorksheetColumn,
    as_typed,
    mark_of,
    same_text,
)
from assessments.worksheets.rows import FileRow, Held
from clusters.spec import InstrumentSpec
from texts.folding import as_title
from texts.languages import in_indonesian
from workbooks.codes import CellError, codes_by_number, read_code
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.reading import Cell, Limits, Sheet, SheetLine, is_empty, read_workbook

MAX_NOTE = 4_000  # as the form of a claim takes it


@in_indonesian
def read_worksheet(
    content: bytes, name: str, *, identity: Identity, spec: InstrumentSpec
) -> list[FileRow]:
    """Every question of the sheet; raises SheetError with every fault."""
    try:
        sheets = read_workbook(content, name, limits=_limits(spec))
    except UnreadableError as error:
        raise SheetError(error.faults) from error
    reader = _Reader(identity, spec)
    faults = _faults_of_cover(sheets, identity)
    rows = [] if faults else list(reader.rows(sheets))
    faults += reader.faults
    if not faults and not rows:
        faults = [SheetFault(0, _("Tidak ada baris pertanyaan; unduh lembar kerja yang baru."))]
    if faults:
        raise SheetError(faults)
    return rows


def _limits(spec: InstrumentSpec) -> Limits:
    """Room for a sheet of each cluster, and for as many of the person's own."""
    return Limits(sheets=2 * len(spec.clusters) + 10)


# --- The cover --------------------------------------------------------------------------------


def _faults_of_cover(sheets: Sequence[Sheet], identity: Identity) -> list[SheetFault]:
    """Where the cover says that the file belongs to something else."""
    cover = next((sheet for sheet in sheets if sheet.name == COVER), None)
    wanted = {str(label): value for (label, _key), value in _labelled(identity)}
    told = _told(cover, wanted) if cover else {}
    if cover is None or not told:
        return [SheetFault(0, _("Bukan lembar kerja dari situs ini: sampulnya tidak ada."))]
    faults = []
    for label, value in wanted.items():
        line, said = told.get(label, (0, ""))
        if said != value:
            message = _("%(label)s di sini %(said)s, padahal penilaian ini %(wanted)s.")
            facts = {"label": label, "said": shown(said), "wanted": shown(value)}
            faults.append(cover.fault(line, 1 if line else None, message % facts))
    return faults


def _labelled(identity: Identity) -> Iterator[tuple[tuple[object, str], str]]:
    values = identity.values()
    for entry in IDENTITY:
        yield entry, values[entry[1]]


def _told(cover: Sheet, labels: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """What stands beside each label, with its line."""
    told: dict[str, tuple[int, str]] = {}
    for line, cells in cover.rows:
        label = str(cells[0]).strip() if cells and not is_empty(cells[0]) else ""
        if label in labels and label not in told:
            told[label] = (line, _text(_at(cells, 1)))
    return told


# --- The clusters -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of questions: where its columns stand, and the lines below them."""

    sheet: Sheet
    column_indexes: Mapping[WorksheetColumn, int]
    header: int
    lines: Sequence[SheetLine]


class _Reader:
    def __init__(self, identity: Identity, spec: InstrumentSpec) -> None:
        self.identity = identity
        self.maxima = {question.code: question.max_points for question in spec.questions()}
        self.by_number = codes_by_number(self.maxima)
        self.found: dict[str, str] = {}  # where each question was first met
        self.faults: list[SheetFault] = []

    def rows(self, sheets: Sequence[Sheet]) -> Iterator[FileRow]:
        for sheet in sheets:
            table = _table(sheet)
            if table is None:
                continue
            self.faults += sheet.merged_below(table.header, [*table.column_indexes.values()])
            for line, cells in table.lines:
                row = self.row(table, line, cells)
                if row is not None:
                    yield row

    def row(self, table: _Table, line: int, cells: Sequence[Cell]) -> FileRow | None:
        """The row of a question; None for sums, for the person's own lines, and for faults."""
        at = {column: _at(cells, index) for column, index in table.column_indexes.items()}
        kind = _text(at[KIND])
        written = [column for column in (CODE, CLAIM, NOTE, MARK) if not is_empty(at[column])]
        if (kind and kind != QUESTION_ROW) or not written:
            return None
        reader = _Row(self, table, line, at)
        code = reader.code()
        maximum = self.maxima.get(code) if code else None
        claim, seen = reader.points(CLAIM, maximum), reader.points(SEEN_CLAIM)
        note, seen_note = reader.note(NOTE), reader.note(SEEN_NOTE)
        if code is None or reader.is_faulty:
            return None
        reader.check(code, claim)
        reader.check_mark(code, seen, seen_note)
        if not same_text(note, seen_note):
            reader.check_note(note)
        given = Held(claim, as_typed(note))
        return FileRow(code, given, table.sheet.name, line, Held(seen, as_typed(seen_note)))


class _Row:
    """One line on its way to a row; its faults go to the reader."""

    def __init__(
        self, reader: _Reader, table: _Table, line: int, at: Mapping[WorksheetColumn, Cell]
    ) -> None:
        self.reader, self.table, self.line, self.at = reader, table, line, at
        self.is_faulty = False

    def fault(self, column: WorksheetColumn, message: str) -> None:
        self.is_faulty = True
        index = self.table.column_indexes[column]
        self.reader.faults.append(self.table.sheet.fault(self.line, index, message))

    def code(self) -> str | None:
        if is_empty(self.at[CODE]):
            self.fault(CODE, _("Baris terisi tanpa kode pertanyaan."))
            return None
        try:
            code = read_code(self.at[CODE], self.reader.maxima, self.reader.by_number)
        except CellError as error:
            self.fault(CODE, str(error))
            return None
        here = self.table.sheet.fault(self.line, self.table.column_indexes[CODE], "").place
        first = self.reader.found.setdefault(code, here)
        if first != here:
            message = _("Pertanyaan %(code)s sudah ada di %(first)s.")
            self.fault(CODE, message % {"code": shown(code), "first": first})
        return code

    def points(self, column: WorksheetColumn, maximum: Decimal | None = None) -> Decimal | None:
        try:
            return read_points(self.at[column], maximum)
        except CellError as error:
            self.fault(column, str(error))
            return None

    def note(self, column: WorksheetColumn) -> str:
        cell = self.at[column]
        if cell is None or isinstance(cell, str | Decimal):
            return _text(cell)
        self.fault(column, _("Catatan bukan teks; format selnya sebagai teks, lalu tulis ulang."))
        return ""

    def check(self, code: str, claim: Decimal | None) -> None:
        if claim is not None and claim > self.reader.maxima[code]:
            self.fault(CLAIM, over_maximum(code, claim, self.reader.maxima[code]))

    def check_note(self, note: str) -> None:
        if len(note) > MAX_NOTE:
            message = _("Catatan %(length)d karakter, paling banyak %(limit)d.")
            self.fault(NOTE, message % {"length": len(note), "limit": MAX_NOTE})

    def check_mark(self, code: str, seen: Decimal | None, note: str) -> None:
        if _text(self.at[MARK]) != mark_of(self.reader.identity, code, seen, note):
            message = _(
                "Tanda versi tidak cocok dengan baris ini: baris dipindahkan atau isi kolom "
                "tersembunyi diubah. Unduh lembar kerja yang baru."
            )
            self.fault(MARK, message)


def _table(sheet: Sheet) -> _Table | None:
    """The columns of a sheet of questions; None for a sheet of the person's own."""
    titles = {as_title(str(column.title)): column for column in READ}
    for index, (line, cells) in enumerate(sheet.rows):
        found: dict[WorksheetColumn, int] = {}
        for column_index, cell in enumerate(cells):
            column = titles.get(as_title(_text(cell)))
            if column is not None:
                found.setdefault(column, column_index)
        if len(found) == len(READ):
            return _Table(sheet, found, line, sheet.rows[index + 1 :])
    return None


def _at(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.strip() if isinstance(cell, str) else ""
