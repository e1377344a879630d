"""Reads the filled cells of an untrusted XLSX file.

Values are what the spreadsheet showed last: of a formula the stored result, and nothing is
ever computed here. A formula without a stored result is `Uncomputed`, for the caller to name.
Rows are read as a stream, so a million empty ones cost time and no memory.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601

from texts.folding import composed
from workbooks.faults import SheetFault, UnreadableError, not_a_table, shown
from workbooks.packages import CHUNK, WORKSHEET, Limits, judge

__all__ = [
    "Area",
    "Cell",
    "Limits",
    "Sheet",
    "SheetFault",
    "SheetLine",
    "Twofold",
    "Uncomputed",
    "UnreadableError",
    "is_empty",
    "plain",
    "read_workbook",
    "shown",
]

WHOLE = re.compile(r"-?[0-9]{1,300}")
OF_ANOTHER_FILE = re.compile(r"\[[^\]]*\](?:[^!\[\]]*)!")
# What a format writes as it stands: "kira-kira 100%", \%, and what stands in brackets
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
FRACTION = re.compile(r"[?#0]\s*/\s*[?#0-9]")
MAX_TOLD = 50
LONGEST_TEXT = 32_767  # no spreadsheet keeps more in a cell


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose result the file does not contain."""


@dataclass(frozen=True, slots=True)
class Twofold:
    """A number whose format shows another one: 0.75 as 75% or as 3/4.

    Nobody can tell which of the two was meant, so whoever wants a number names both.
    """

    value: Decimal
    as_shown: str  # 75%, or "" where only the spreadsheet knows how it rounds the fraction

    def __str__(self) -> str:
        return self.as_shown or plain(self.value)

    @property
    def fault(self) -> str:
        """The sentence that says so."""
        stored = plain(self.value).replace(".", ",")
        if not self.as_shown:
            message = _(
                "Sel berformat pecahan: %(stored)s tampil sebagai pecahan yang dibulatkan. "
                "Format selnya sebagai angka, lalu tulis ulang nilainya."
            )
            return message % {"stored": stored}
        message = _(
            "%(shown)s bisa berarti %(stored)s atau %(number)s. Format selnya sebagai angka, "
            "lalu tulis ulang nilainya."
        )
        number = self.as_shown.removesuffix("%").strip()
        shown_as = self.as_shown.replace("%", " %")
        return message % {"shown": shown_as, "stored": stored, "number": number}


Cell = str | Decimal | Twofold | bool | date | time | timedelta | Uncomputed | None

# A numbered line and everything that stands in it
SheetLine = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells; lines count from 1 and columns from 0, the last ones included."""

    first_line: int
    last_line: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the lines with something in them, and which cells are merged."""

    name: str
    rows: list[SheetLine] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)

    def fault(self, line: int, column: int | None, message: str) -> SheetFault:
        return SheetFault(line, message, self.name, column)

    def merged_below(self, line: int, columns: Sequence[int]) -> Iterator[SheetFault]:
        """A fault for each merged area below that line that has one of the columns.

        Of merged cells only the first has a value, so nobody can tell to which rows it belongs.
        """
        for area in self.merged:
            within = [one for one in columns if area.first_column <= one <= area.last_column]
            if area.last_line > line and within:
                message = _("Sel digabung; pisahkan (unmerge) dan isi setiap baris.")
                yield self.fault(max(area.first_line, line + 1), area.first_column, message)


def plain(number: Decimal) -> str:
    """12.500 as 12.5 and 1E+2 as 100."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_workbook(content: bytes, name: str, *, limits: Limits | None = None) -> list[Sheet]:
    """Every worksheet of an XLSX file, in the order of its tabs.

    What the file is, is decided from its content; `name` only appears in the sentences.
    Raises UnreadableError with every fault of a file that cannot be taken as it is: no
    workbook, broken, locked, too large, with macros, or with links to other files.
    """
    limits = limits or Limits()
    faults = judge(content, name, limits)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles that it leaves out
            sheets, foreign = _read(content, limits)
    except UnreadableError:
        raise
    except Exception as error:  # a broken workbook breaks openpyxl in any of a dozen ways
        raise UnreadableError(*faults, *not_a_table(name).faults) from error
    if not sheets:
        raise UnreadableError(*faults, *not_a_table(name).faults)
    if faults or foreign:
        raise UnreadableError(*faults, *foreign[:MAX_TOLD])
    return sheets


def _read(content: bytes, limits: Limits) -> tuple[list[Sheet], list[SheetFault]]:
    """The sheets, and the cells whose formulas ask another file."""
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        _refuse_disguise(reader)
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        found = _worksheets(reader)
        if len(found) > limits.sheets:
            message = _("Lembar terlalu banyak: paling banyak %(limit)d.")
            raise UnreadableError(SheetFault(1, message % {"limit": limits.sheets}))
        sheets, foreign = [], []
        for entry, link in found:
            parser = _Parser(Sheet(entry.name), _Values(reader), limits)
            with reader.archive.open(link.target) as part:
                parser.read(part)
            sheets.append(parser.sheet)
            foreign += parser.foreign
    return sheets, foreign


def _refuse_disguise(reader: ExcelReader) -> None:
    """Only worksheets are read as a stream, so only they may be as large as worksheets are."""
    for part in reader.package.Override:
        if WORKSHEET.fullmatch(part.PartName.lstrip("/")) and "worksheet" not in part.ContentType:
            raise ValueError(f"{part.PartName} is {part.ContentType}")


def _worksheets(reader: ExcelReader) -> list[tuple[Any, Any]]:
    """Each worksheet's entry in the workbook with the link to its part; no sheets of charts."""
    found = [
        (entry, link)
        for entry, link in reader.parser.find_sheets()
        if "chartsheet" not in link.Type and link.target in reader.valid_files
    ]
    if len({link.target for _entry, link in found}) < len(found):
        raise ValueError("two sheets share a part")  # a large one could be read many times
    return found


class _Values:
    """What a cell's text means: a shared string, a date, a number."""

    def __init__(self, reader: ExcelReader) -> None:
        self.strings = reader.shared_strings
        book: Any = reader.wb  # openpyxl tells in no public attribute which styles show dates
        self.epoch = book.epoch
        self.dates = frozenset(book._date_formats)  # noqa: SLF001
        self.spans = frozenset(book._timedelta_formats)  # noqa: SLF001
        formats = [LITERAL.sub("", _format_of(book, s.numFmtId)) for s in book._cell_styles]  # noqa: SLF001
        self.percents = frozenset(n for n, code in enumerate(formats) if "%" in code)
        self.fractions = frozenset(n for n, code in enumerate(formats) if FRACTION.search(code))

    def value(self, kind: str, style: int, text: str) -> Cell:
        if kind == "s":
            return composed(self.shared(int(text)))
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return _moment(from_ISO8601(text))
        if kind != "n":
            return composed(text)
        if style in self.dates:
            return self.day(style, text)
        return self.number(style, text)

    def shared(self, place: int) -> str:
        """The text kept apart in that place; counted from the end it would be another one."""
        if place < 0:
            raise ValueError(f"shared text {place}")
        return str(self.strings[place])

    def number(self, style: int, text: str) -> Cell:
        number = _number(text)
        if isinstance(number, Decimal) and number:  # nothing is nothing in every format
            if style in self.percents:
                return Twofold(number, f"{plain(number * 100)}%".replace(".", ","))
            if style in self.fractions and number % 1:
                return Twofold(number, "")
        return number

    def day(self, style: int, text: str) -> Cell:
        try:
            return _moment(from_excel(float(text), self.epoch, timedelta=style in self.spans))
        except (OverflowError, ValueError):
            return "#VALUE!"  # as the spreadsheet shows a number that no calendar has


def _format_of(book: Any, number: int) -> str:
    """How numbers of that format are written, in the spreadsheet's own signs."""
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "")
    own = book._number_formats  # noqa: SLF001
    index = number - BUILTIN_FORMATS_MAX_SIZE
    return str(own[index]) if index < len(own) else ""


def _moment(value: object) -> Cell:
    return value if isinstance(value, datetime | date | time | timedelta) else str(value)


def _number(text: str) -> Cell:
    text = text.strip()
    if WHOLE.fullmatch(text):
        return Decimal(text)
    number = float(text)
    if not math.isfinite(number):
        return text
    # What the spreadsheet shows: 0.1 + 0.2 is stored as 0.30000000000000004.
    return Decimal(format(number, ".15g"))


class _Meaning(Protocol):
    def value(self, kind: str, style: int, text: str) -> Cell: ...


class _Parser:
    """Reads the XML of one worksheet without building a tree."""

    def __init__(self, sheet: Sheet, meaning: _Meaning, limits: Limits) -> None:
        self.sheet, self.meaning, self.limits = sheet, meaning, limits
        self.foreign: list[SheetFault] = []
        self.line = self.column = 0
        self.cells: dict[int, Cell] = {}
        self.kind, self.style = "n", 0
        self.inside: list[str] = []
        self.texts: dict[str, list[str]] = {}

    def read(self, part: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.inside.append(tag)
        if tag == "row":
            self.begin_row(attributes)
        elif tag == "c":
            self.begin_cell(attributes)
        elif tag == "f":
            self.texts.setdefault("f", [])
        elif tag == "mergeCell":
            self.merge(attributes.get("ref", ""))

    def on_text(self, text: str) -> None:
        # Text beside the letters tells how to pronounce them (rPh): no part of the value.
        if "c" in self.inside and "rPh" not in self.inside:
            self.texts.setdefault(self.inside[-1], []).append(text)

    def on_end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        self.inside.pop()
        if tag == "c":
            self.end_cell()
        elif tag == "row":
            self.end_row()

    def begin_row(self, attributes: dict[str, str]) -> None:
        line = int(attributes.get("r", self.line + 1))
        if line <= self.line:
            raise ValueError(f"row {line} after row {self.line}")
        self.line, self.column, self.cells = line, 0, {}

    def end_row(self) -> None:
        if all(is_empty(cell) for cell in self.cells.values()):
            return
        if self.line > self.limits.rows:
            raise UnreadableError(self.sheet.fault(self.line, min(self.cells), self.too_far()))
        width = max(self.cells) + 1
        self.sheet.rows.append((self.line, [self.cells.get(index) for index in range(width)]))

    def too_far(self) -> str:
        message = _("Baris terlalu banyak: paling banyak %(limit)d. Hapus isi di bawahnya.")
        return message % {"limit": self.limits.rows}

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        if coordinate := attributes.get("r"):
            line, self.column = coordinate_to_tuple(coordinate)
            if line != self.line:
                raise ValueError(f"{coordinate} in row {self.line}")
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.texts = {}

    def end_cell(self) -> None:
        index = self.column - 1
        if index >= self.limits.columns:
            return
        formula = "".join(self.texts["f"]) if "f" in self.texts else None
        if formula and OF_ANOTHER_FILE.search(formula):
            message = _("Rumus mengambil dari berkas lain; ganti dengan nilainya.")
            self.foreign.append(self.sheet.fault(self.line, index, message))
        if index in self.cells:
            raise ValueError(f"two cells in column {self.column} of row {self.line}")
        text = "".join(self.texts.get("t" if self.kind == "inlineStr" else "v", ()))
        self.cells[index] = self.meant(text, is_formula=formula is not None)

    def meant(self, text: str, *, is_formula: bool) -> Cell:
        if text:
            value = self.meaning.value(self.kind, self.style, text)
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                raise ValueError(f"{len(value)} characters in a cell")
            return value
        # A formula may well have an empty text for its result, and then says so.
        return Uncomputed() if is_formula and self.kind != "str" else None

    def merge(self, reference: str) -> None:
        left, top, right, bottom = range_boundaries(reference)
        if left is None or top is None or right is None or bottom is None:
            raise ValueError(f"merged {reference}")
        self.sheet.merged.append(Area(top, bottom, left - 1, right - 1))
