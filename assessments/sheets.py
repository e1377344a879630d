"""A filled sheet as points: CSV or XLSX with the columns `question` and `points`.

Every fault is collected with its line, so that a sheet is mended in one go. Nothing is
guessed where a guess could change a score: what can be read in two ways is a fault.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from clusters.spec import InstrumentSpec, plain_number
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.reading import Cell, Uncomputed, is_empty
from workbooks.tables import Row, read_table

QUESTION, POINTS = "question", "points"
CODE_CELL, POINTS_CELL = 0, 1
NUMBER = re.compile(r"-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")
# 1.234,5 · 1,234.5 · 1.234.567 · 1 234 · 1'234: more than one mark, or a mark that only groups
GROUPED = re.compile(
    r"-?[0-9]+(?:[.,][0-9]+){2,}|-?[0-9]+(?:[ '’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?"
)
NOT_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
LONGEST_NUMBER = 40


class CellError(Exception):
    """What a cell says cannot be taken; the message is the sentence for people."""


class SheetError(Exception):
    """A sheet that is not scored, with every reason why."""

    def __init__(self, faults: list[SheetFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_sheet(data: bytes | BinaryIO, name: str, spec: InstrumentSpec) -> dict[str, Decimal]:
    """The points of every answered question; raises SheetError with every fault.

    What the file is, is decided from its content; `name` only appears in the sentences.
    """
    content = data if isinstance(data, bytes) else data.read()
    try:
        table = read_table(content, name, columns=(QUESTION, POINTS))
    except UnreadableError as error:
        raise SheetError(error.faults) from error
    reader = _Reader(spec)
    points = dict(reader.answers(table.rows))
    faults = sorted(
        [*table.faults, *reader.faults], key=lambda fault: (fault.line, fault.column or 0)
    )
    if faults:
        raise SheetError(faults)
    return points


class _Reader:
    def __init__(self, spec: InstrumentSpec) -> None:
        self.maxima = {question.code: question.max_points for question in spec.questions()}
        self.by_number = codes_by_number(self.maxima)
        self.lines: dict[str, int] = {}
        self.faults: list[SheetFault] = []

    def answers(self, rows: list[Row]) -> Iterator[tuple[str, Decimal]]:
        for row in rows:
            code_cell, points_cell = row.cells
            if is_empty(code_cell):
                if not is_empty(points_cell):
                    self.faults.append(row.fault(CODE_CELL, _("Ada poin tanpa kode pertanyaan.")))
                continue
            code = self.code(row)
            points = self.points(row)
            if code is None:
                continue
            self.note_code(code, row)
            if points is not None:
                self.check_maximum(code, points, row)
                yield code, points

    def code(self, row: Row) -> str | None:
        try:
            return read_code(row.cells[CODE_CELL], self.maxima, self.by_number)
        except CellError as error:
            self.faults.append(row.fault(CODE_CELL, str(error)))
            return None

    def note_code(self, code: str, row: Row) -> None:
        if code in self.lines:
            message = _("Pertanyaan %(code)s sudah ada di baris %(first)d.")
            facts = {"code": shown(code), "first": self.lines[code]}
            self.faults.append(row.fault(CODE_CELL, message % facts))
        self.lines.setdefault(code, row.line)

    def points(self, row: Row) -> Decimal | None:
        try:
            return read_points(row.cells[POINTS_CELL])
        except CellError as error:
            self.faults.append(row.fault(POINTS_CELL, str(error)))
            return None

    def check_maximum(self, code: str, points: Decimal, row: Row) -> None:
        if points > self.maxima[code]:
            message = over_maximum(code, points, self.maxima[code])
            self.faults.append(row.fault(POINTS_CELL, message))


def read_code(cell: Cell, known: Container[str], by_number: Mapping[Decimal, list[str]]) -> str:
    """The question, or whatever else has a code, that a cell names.

    Raises CellError with the sentence that says why it names none.
    """
    if isinstance(cell, str):
        code = cell.strip()
        if code in known:
            return code
        raise CellError(_unknown(code))
    if isinstance(cell, date | time | timedelta):
        raise CellError(_("Kode berubah menjadi tanggal; format kolomnya sebagai teks."))
    if isinstance(cell, Decimal):
        return _code_from_number(cell, by_number)
    raise CellError(_("Kode tidak terbaca; tulis sebagai teks."))


def _code_from_number(number: Decimal, by_number: Mapping[Decimal, list[str]]) -> str:
    """A spreadsheet makes one number of the codes 14.1 and 14.10; one code is no guess."""
    codes = by_number.get(number, [])
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise CellError(_unknown(plain_number(number)))
    message = _(
        "Angka %(number)s bisa berarti %(codes)s; "
        "format kolomnya sebagai teks lalu tulis ulang kodenya."
    )
    facts = {"number": plain_number(number), "codes": _(" atau ").join(codes)}
    raise CellError(message % facts)


def codes_by_number(codes: Iterable[str]) -> dict[Decimal, list[str]]:
    """The codes that a spreadsheet may take for each number."""
    by_number: dict[Decimal, list[str]] = {}
    for code in codes:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", code):
            by_number.setdefault(Decimal(code), []).append(code)
    return by_number


def _unknown(code: str) -> str:
    return _("Kode %(code)s tidak ada dalam instrumen.") % {"code": shown(code)}


def read_points(cell: Cell) -> Decimal | None:
    """The points of a cell, None where it is empty.

    Raises CellError with the sentence that says why it has none, or may have two.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, Uncomputed):
        raise CellError(
            _("Rumus belum dihitung; buka dan simpan ulang di pengolah lembar, atau tulis angka.")
        )
    if isinstance(cell, date | time | timedelta):
        raise CellError(_("Poin berubah menjadi tanggal; format kolomnya sebagai angka."))
    if isinstance(cell, Decimal):
        text = plain_number(cell)
    elif isinstance(cell, str):
        text = cell.strip()
    else:
        raise CellError(_("Poin bukan angka."))
    points = _number(text)
    if points < 0:
        raise CellError(_("Poin %(points)s kurang dari nol.") % {"points": shown(text)})
    return points


def _number(text: str) -> Decimal:
    if NUMBER.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        points = Decimal(text.replace(",", "."))
        return points or points.copy_abs()  # -0 is a zero like any other
    if GROUPED.fullmatch(text):
        message = _("Tulis poin %(text)s tanpa pemisah ribuan.")
    elif NOT_FINITE.fullmatch(text):
        message = _("Poin %(text)s bukan bilangan yang dapat dijumlahkan.")
    else:
        message = _("Poin %(text)s bukan angka.")
    raise CellError(message % {"text": shown(text)})


def over_maximum(code: str, points: Decimal, maximum: Decimal) -> str:
    message = _("Poin %(points)s melebihi maksimum %(code)s, yaitu %(maximum)s.")
    return message % {
        "points": shown(plain_number(points)),
        "code": shown(code),
        "maximum": plain_number(maximum),
    }
