"""A filled table as points: CSV or XLSX with columns such as `question` and `points`.

Every fault is collected with its line, so that a sheet is mended in one go. Nothing is
guessed where a guess could change a score: what can be read in two ways is a fault.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO

from django.utils.translation import gettext as _

from clusters.spec import InstrumentSpec, plain_number
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.reading import Cell, Uncomputed, is_empty
from workbooks.tables import Column, Columns, Row, read_table

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


class Scope(StrEnum):
    """Of what a row tells the points."""

    QUESTION = "question"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A row that names points, and where it stands."""

    scope: Scope
    code: str
    points: Decimal
    sheet: str
    line: int


QUESTION_NAMES = ("question", "pertanyaan", "kode pertanyaan")
INDICATOR_NAMES = ("indicator", "indikator", "kode indikator")
CODE_NAMES = ("kode", "code", "nomor")
POINTS_NAMES = ("points", "poin", "nilai", "skor")


def read_sheet(data: bytes | BinaryIO, name: str, spec: InstrumentSpec) -> dict[str, Decimal]:
    """The points of every answered question; raises SheetError with every fault."""
    content = data if isinstance(data, bytes) else data.read()
    return {row.code: row.points for row in read_rows(content, name, spec)}


def read_rows(content: bytes, name: str, spec: InstrumentSpec) -> list[PointsRow]:
    """Every row with points of a question; raises SheetError with every fault.

    What the file is, is decided from its content; `name` only appears in the sentences.
    """
    questions = {question.code: question.max_points for question in spec.questions()}
    columns = Columns([Column((*QUESTION_NAMES, *CODE_NAMES)), Column(POINTS_NAMES)])
    return _read(content, name, columns, [_Codes({Scope.QUESTION: questions})])


def read_official(
    content: bytes, name: str, spec: InstrumentSpec, *, stage: str
) -> list[PointsRow]:
    """Like `read_rows`, of questions and of indicators, whichever each row names.

    The points stand in a column named for the stage (VA), or for points.
    """
    questions = {question.code: question.max_points for question in spec.questions()}
    indicators = {indicator.code: indicator.max_points for indicator in spec.indicators()}
    codes_in = (QUESTION_NAMES, INDICATOR_NAMES, CODE_NAMES)
    columns = Columns(
        [
            *(Column(names, is_needed=False) for names in codes_in),
            Column((stage.casefold(), *POINTS_NAMES)),
        ],
        one_of=range(len(codes_in)),
    )
    codes = [
        _Codes({Scope.QUESTION: questions}),
        _Codes({Scope.INDICATOR: indicators}),
        _Codes({Scope.QUESTION: questions, Scope.INDICATOR: indicators}),
    ]
    return _read(content, name, columns, codes)


class _Codes:
    """What the codes of one column may name, each with its maximum."""

    def __init__(self, maxima: Mapping[Scope, Mapping[str, Decimal]]) -> None:
        self.maxima = maxima
        self.known = list(dict.fromkeys(code for codes in maxima.values() for code in codes))
        self.by_number = codes_by_number(self.known)

    def found(self, cell: Cell) -> tuple[Scope, str]:
        """Raises CellError where the cell names nothing, or two things."""
        code = read_code(cell, self.known, self.by_number)
        scopes = [scope for scope, codes in self.maxima.items() if code in codes]
        if len(scopes) > 1:
            message = _(
                "Kode %(code)s ada sebagai pertanyaan dan sebagai indikator; beri kolomnya "
                "judul question atau indicator."
            )
            raise CellError(message % {"code": shown(code)})
        return scopes[0], code

    def maximum(self, scope: Scope, code: str) -> Decimal:
        return self.maxima[scope][code]


def _read(content: bytes, name: str, columns: Columns, codes: Sequence[_Codes]) -> list[PointsRow]:
    """The rows; the last column has the points, the ones before it the codes."""
    try:
        table = read_table(content, name, columns=columns)
    except UnreadableError as error:
        raise SheetError(error.faults) from error
    reader = _Reader(codes)
    rows = list(reader.answers(table.rows))
    if faults := [*table.faults, *reader.faults]:
        raise SheetError(sorted(faults, key=lambda one: (one.sheet, one.line, one.column or 0)))
    return rows


class _Reader:
    def __init__(self, codes: Sequence[_Codes]) -> None:
        self.codes = codes
        self.found: dict[tuple[Scope, str], str] = {}  # where each was first met
        self.faults: list[SheetFault] = []

    def answers(self, rows: Iterable[Row]) -> Iterator[PointsRow]:
        points_at = len(self.codes)
        for row in rows:
            which = next((n for n in range(points_at) if not is_empty(row.cells[n])), None)
            if which is None:
                if not is_empty(row.cells[points_at]):
                    self.faults.append(row.fault(points_at, _("Ada poin tanpa kode.")))
                continue
            named = self.named(row, which)
            points = self.points(row, points_at)
            if named is not None and points is not None:
                scope, code = named
                maximum = self.codes[which].maximum(scope, code)
                if points > maximum:
                    message = over_maximum(code, points, maximum)
                    self.faults.append(row.fault(points_at, message))
                yield PointsRow(scope, code, points, row.sheet, row.line)

    def named(self, row: Row, which: int) -> tuple[Scope, str] | None:
        """What the row is about; the second row about the same is a fault."""
        try:
            scope, code = self.codes[which].found(row.cells[which])
        except CellError as error:
            self.faults.append(row.fault(which, str(error)))
            return None
        here = row.fault(which, "").place
        first = self.found.setdefault((scope, code), here)
        if first != here:
            message = _("Kode %(code)s sudah ada di %(first)s.")
            facts = {"code": shown(code), "first": first}
            self.faults.append(row.fault(which, message % facts))
        return scope, code

    def points(self, row: Row, which: int) -> Decimal | None:
        try:
            return read_points(row.cells[which])
        except CellError as error:
            self.faults.append(row.fault(which, str(error)))
            return None


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
    if points != round(points, 3):
        message = _("Poin %(points)s memiliki lebih dari tiga angka desimal.")
        raise CellError(message % {"points": shown(text)})
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
