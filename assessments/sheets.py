"""A filled sheet as points: CSV or XLSX with the columns `question` and `points`.

Every fault is collected with its line, so that a sheet is mended in one go. Nothing is
guessed where a guess could change a score: what can be read in two ways is a fault.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from clusters.spec import InstrumentSpec, plain_number
from workbooks.reading import (
    Cell,
    Row,
    SheetFault,
    Uncomputed,
    UnreadableError,
    is_empty,
    read_table,
    shown,
)

QUESTION, POINTS = "question", "points"
NUMBER = re.compile(r"-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")
# 1.234,5 · 1,234.5 · 1.234.567 · 1 234 · 1'234: more than one mark, or a mark that only groups
GROUPED = re.compile(
    r"-?[0-9]+(?:[.,][0-9]+){2,}|-?[0-9]+(?:[ '’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?"
)
NOT_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
LONGEST_NUMBER = 40


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
    faults = sorted([*table.faults, *reader.faults], key=lambda fault: fault.line)
    if faults:
        raise SheetError(faults)
    return points


class _Reader:
    def __init__(self, spec: InstrumentSpec) -> None:
        self.maxima = {question.code: question.max_points for question in spec.questions()}
        self.by_number = _codes_by_number(self.maxima)
        self.lines: dict[str, int] = {}
        self.faults: list[SheetFault] = []

    def fault(self, line: int, message: str, **params: object) -> None:
        self.faults.append(SheetFault(line, message % params if params else message))

    def answers(self, rows: list[Row]) -> Iterator[tuple[str, Decimal]]:
        for row in rows:
            code_cell, points_cell = row.cells
            if is_empty(code_cell):
                if not is_empty(points_cell):
                    self.fault(row.line, _("Ada poin tanpa kode pertanyaan."))
                continue
            code = self.code(code_cell, row.line)
            points = self.points(points_cell, row.line)
            if code is None:
                continue
            self.note_code(code, row.line)
            if points is not None:
                self.check_maximum(code, points, row.line)
                yield code, points

    def code(self, cell: Cell, line: int) -> str | None:
        if isinstance(cell, str):
            code = cell.strip()
            if code in self.maxima:
                return code
            self.fault(line, _("Pertanyaan %(code)s tidak ada dalam instrumen."), code=shown(code))
        elif isinstance(cell, date | time | timedelta):
            self.fault(
                line,
                _("Kode pertanyaan berubah menjadi tanggal; format kolom question sebagai teks."),
            )
        elif isinstance(cell, Decimal):
            return self.code_from_number(cell, line)
        else:
            self.fault(line, _("Kode pertanyaan tidak terbaca; tulis sebagai teks."))
        return None

    def code_from_number(self, number: Decimal, line: int) -> str | None:
        """A spreadsheet makes one number of the codes 14.1 and 14.10; one code is no guess."""
        codes = self.by_number.get(number, [])
        if len(codes) == 1:
            return codes[0]
        if codes:
            self.fault(
                line,
                _(
                    "Angka %(number)s bisa berarti pertanyaan %(codes)s; "
                    "format kolom question sebagai teks lalu tulis ulang kodenya."
                ),
                number=plain_number(number),
                codes=_(" atau ").join(codes),
            )
        else:
            self.fault(
                line,
                _("Pertanyaan %(code)s tidak ada dalam instrumen."),
                code=shown(plain_number(number)),
            )
        return None

    def note_code(self, code: str, line: int) -> None:
        if code in self.lines:
            self.fault(
                line,
                _("Pertanyaan %(code)s sudah ada di baris %(first)d."),
                code=shown(code),
                first=self.lines[code],
            )
        self.lines.setdefault(code, line)

    def points(self, cell: Cell, line: int) -> Decimal | None:
        if is_empty(cell):
            return None
        if isinstance(cell, Decimal):
            text = plain_number(cell)
        elif isinstance(cell, str):
            text = cell.strip()
        else:
            self.fault(line, _not_points(cell))
            return None
        points = self.number(text, line)
        if points is not None and points < 0:
            self.fault(line, _("Poin %(points)s kurang dari nol."), points=shown(text))
            return None
        return points

    def number(self, text: str, line: int) -> Decimal | None:
        if NUMBER.fullmatch(text) and len(text) <= LONGEST_NUMBER:
            points = Decimal(text.replace(",", "."))
            return points or points.copy_abs()  # -0 is a zero like any other
        if GROUPED.fullmatch(text):
            message = _("Tulis poin %(text)s tanpa pemisah ribuan.")
        elif NOT_FINITE.fullmatch(text):
            message = _("Poin %(text)s bukan bilangan yang dapat dijumlahkan.")
        else:
            message = _("Poin %(text)s bukan angka.")
        self.fault(line, message, text=shown(text))
        return None

    def check_maximum(self, code: str, points: Decimal, line: int) -> None:
        if points > self.maxima[code]:
            self.fault(
                line,
                _("Poin %(points)s melebihi maksimum pertanyaan %(code)s, yaitu %(maximum)s."),
                points=shown(plain_number(points)),
                code=shown(code),
                maximum=plain_number(self.maxima[code]),
            )


def _codes_by_number(codes: Mapping[str, object]) -> dict[Decimal, list[str]]:
    by_number: dict[Decimal, list[str]] = {}
    for code in codes:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", code):
            by_number.setdefault(Decimal(code), []).append(code)
    return by_number


def _not_points(cell: Cell) -> str:
    if isinstance(cell, Uncomputed):
        return _("Rumus di kolom points belum dihitung; buka dan simpan ulang di pengolah lembar.")
    if isinstance(cell, date | time | timedelta):
        return _("Poin berubah menjadi tanggal; format kolom points sebagai angka.")
    return _("Poin bukan angka.")
