"""A filled table as points: CSV or XLSX with columns such as `question` and `points`.

Every fault is collected with its line, so that a sheet is mended in one go. Nothing is
guessed where a guess could change a score: what can be read in two ways is a fault.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO

from django.utils.translation import gettext as _

from clusters.spec import InstrumentSpec, plain_number
from texts.languages import in_indonesian
from workbooks.codes import CellError, codes_by_number, read_code
from workbooks.faults import SheetFault, UnreadableError, shown
from workbooks.reading import Cell, Twofold, Uncomputed, is_empty, plain
from workbooks.tables import Columns, Row, TableColumn, read_table

NUMBER = re.compile(r"-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")
# 1.234,5 · 1,234.5 · 1.234.567 · 1 234 · 1'234: more than one mark, or a mark that only groups
GROUPED = re.compile(
    r"-?[0-9]+(?:[.,][0-9]+){2,}|-?[0-9]+(?:[ '’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?"
)
NOT_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
LONGEST_NUMBER = 40
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
FRACTION = re.compile(r"[0-9]{1,3}(?: [0-9]{1,3})?\s*[/⁄]\s*[0-9]{1,3}")


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


QUESTION_NAMES = ("pertanyaan", "kode pertanyaan", "question", "question code")
INDICATOR_NAMES = ("indikator", "kode indikator", "indicator", "indicator code")
CODE_NAMES = ("kode", "code", "nomor")
POINTS_NAMES = ("poin", "nilai", "skor", "points", "score")


def read_sheet(data: bytes | BinaryIO, name: str, spec: InstrumentSpec) -> dict[str, Decimal]:
    """The points of every answered question; raises SheetError with every fault."""
    content = data if isinstance(data, bytes) else data.read()
    return {row.code: row.points for row in read_rows(content, name, spec)}


def read_rows(content: bytes, name: str, spec: InstrumentSpec) -> list[PointsRow]:
    """Every row with points of a question; raises SheetError with every fault.

    What the file is, is decided from its content; `name` only appears in the sentences.
    """
    questions = {question.code: question.max_points for question in spec.questions()}
    columns = Columns([TableColumn((*QUESTION_NAMES, *CODE_NAMES)), TableColumn(POINTS_NAMES)])
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
            *(TableColumn(names, is_needed=False) for names in codes_in),
            TableColumn((stage.casefold(), *POINTS_NAMES)),
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
                "judul pertanyaan atau indikator."
            )
            raise CellError(message % {"code": shown(code)})
        return scopes[0], code

    def maximum(self, scope: Scope, code: str) -> Decimal:
        return self.maxima[scope][code]


@in_indonesian
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
            maximum = self.codes[which].maximum(*named) if named else None
            points = self.points(row, points_at, maximum)
            if named is not None and points is not None:
                scope, code = named
                if maximum is not None and points > maximum:
                    message = over_maximum(code, points, maximum, scope)
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

    def points(self, row: Row, which: int, maximum: Decimal | None) -> Decimal | None:
        try:
            return read_points(row.cells[which], maximum)
        except CellError as error:
            self.faults.append(row.fault(which, str(error)))
            return None


def read_points(cell: Cell, maximum: Decimal | None = None) -> Decimal | None:
    """The points of a cell, None where it is empty; `maximum` is that of what they are for.

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
    if isinstance(cell, Twofold):
        raise CellError(cell.fault)
    if isinstance(cell, Decimal):
        text = plain_number(cell)
    elif isinstance(cell, str):
        text = cell.strip()
        _refuse_two_readings(text, maximum)
    else:
        raise CellError(_("Poin bukan angka."))
    points = _number(text)
    if points != round(points, 3):
        message = _("Poin %(points)s memiliki lebih dari tiga angka desimal.")
        raise CellError(message % {"points": shown(text)})
    if points < 0:
        raise CellError(_("Poin %(points)s kurang dari nol.") % {"points": shown(text)})
    return points


def _refuse_two_readings(text: str, maximum: Decimal | None) -> None:
    """1.234 may be a thousand and more, where there are that many points; 75% may be 0,75."""
    if THOUSANDS.fullmatch(text) and maximum is not None:
        whole = Decimal(re.sub(r"[.,]", "", text))
        if whole <= maximum:
            message = _("%(text)s bisa berarti %(whole)s atau %(part)s; tulis tanpa titik ribuan.")
            part = plain_number(Decimal(text.replace(",", "."))).replace(".", ",")
            raise CellError(message % {"text": shown(text), "whole": whole, "part": part})
    if NUMBER.fullmatch(text.removesuffix("%").strip()) and text.endswith("%"):
        part = plain(Decimal(text.removesuffix("%").strip().replace(",", ".")) / 100)
        raise CellError(Twofold(Decimal(part), text).fault)
    if FRACTION.fullmatch(text):
        message = _("%(text)s bisa berarti pecahan atau tanggal; tulis sebagai desimal.")
        raise CellError(message % {"text": shown(text)})


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


def over_maximum(
    code: str, points: Decimal, maximum: Decimal, scope: Scope = Scope.QUESTION
) -> str:
    if scope == Scope.INDICATOR:
        message = _(
            "Nilai %(points)s melebihi maksimum indikator %(code)s, yaitu %(maximum)s poin."
        )
    else:
        message = _(
            "Nilai %(points)s melebihi maksimum pertanyaan %(code)s, yaitu %(maximum)s poin."
        )
    return message % {"points": _written(points), "code": code, "maximum": _written(maximum)}


def _written(number: Decimal) -> str:
    return plain_number(number).replace(".", ",")
