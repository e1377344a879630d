"""Rows of a table as plain text by field: each column with its reader, faults with their cells.

Every value is kept as one spelling of it ("1250000000", "12.5", "DINKES"), so that what a table says
and what is stored are compared as text. An empty cell says nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from workbooks.codes import CellError
from workbooks.faults import SheetFault, shown
from workbooks.money import read_rupiah
from workbooks.reading import Cell, Twofold, is_empty, plain
from workbooks.tables import Columns, Row, TableColumn, read_table

JOINT = "; "
NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
LONGEST_FIGURE = Decimal(10) ** 12
SMALLEST_STEP = Decimal("0.001")
MOST_WHOLE = 99_999

# What a cell says in one spelling; the second argument is whatever the table's cells may name.
Reader = Callable[[Cell, Any], str]


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a table: what it is about (`key`) and what it says, field by field."""

    line: int
    sheet: str
    key: tuple[str, ...]
    values: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        key, values = list(self.key), dict(self.values)
        return {"line": self.line, "sheet": self.sheet, "key": key, "values": values}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Record:
        return cls(data["line"], data["sheet"], tuple(data["key"]), data["values"])


@dataclass(frozen=True, slots=True)
class Records:
    """What was read, and a sentence for each line that was left out."""

    rows: list[Record] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """A column by its field and its title; `also` are other titles that people give it.

    `longest` counts letters, 0 for no limit.
    """

    field: str
    title: str
    read: Reader
    also: tuple[str, ...] = ()
    is_needed: bool = False
    longest: int = 0


def fingerprint(rows: Iterable[object]) -> str:
    """SHA-256 of what somebody was shown, in hexadecimal."""
    return hashlib.sha256(json.dumps(list(rows), default=str).encode()).hexdigest()


def joined(values: Iterable[str]) -> str:
    """Several codes as one text: each once, in order."""
    return JOINT.join(sorted(set(values)))


def figure(number: Decimal | None) -> str:
    """A stored number in the spelling of `figure_cell`."""
    return "" if number is None else plain(number)


# --- Cells ------------------------------------------------------------------------------------


def text_cell(cell: Cell, _known: object) -> str:
    if is_empty(cell):
        return ""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, Decimal):
        return plain(cell)
    raise CellError(_("Isi sel tidak terbaca. Tulis sebagai teks."))


def figure_cell(cell: Cell, _known: object) -> str:
    """A number of at most three decimals: 12,5 and 12.5 as a cell; empty of nothing.

    Text with a point (“1.250”) has two readings and is refused. Raises CellError.
    """
    if is_empty(cell):
        return ""
    if isinstance(cell, Twofold):
        raise CellError(cell.fault)
    number = cell if isinstance(cell, Decimal) else None
    if isinstance(cell, str) and NUMBER.fullmatch(cell.strip()):
        number = Decimal(cell.strip().replace(",", "."))
    if number is None:
        raise CellError(
            _("%(text)s bukan angka. Tulis seperti 12,5, tanpa titik.") % {"text": shown(str(cell))}
        )
    try:
        fits = abs(number) < LONGEST_FIGURE and number == number.quantize(SMALLEST_STEP)
    except InvalidOperation:
        fits = False
    if not fits:
        raise CellError(_("Angka paling banyak dua belas digit dengan tiga desimal."))
    return figure(number)


def percent_cell(cell: Cell, _known: object) -> str:
    text = figure_cell(cell, None)
    if text and not (0 <= Decimal(text) <= 100 and Decimal(text) == round(Decimal(text), 2)):
        raise CellError(_("Isi 0 sampai 100, dengan paling banyak dua desimal."))
    return text


def rupiah_cell(cell: Cell, _known: object) -> str:
    amount = read_rupiah(cell)
    return "" if amount is None else str(amount)


def whole_cell(cell: Cell, _known: object) -> str:
    text = figure_cell(cell, None)
    if text and not (text.isdecimal() and 0 < int(text) <= MOST_WHOLE):
        raise CellError(_("Isi dengan bilangan bulat mulai 1."))
    return text


def choice_cell(kind: type[TextChoices]) -> Reader:
    def read(cell: Cell, known: object) -> str:
        text = text_cell(cell, known).casefold()
        if not text:
            return ""
        for one in kind:
            if text in (one.value.casefold(), str(one.label).casefold()):
                return str(one.value)
        told = ", ".join(str(one.label) for one in kind)
        raise CellError(
            _("%(text)s tidak dikenal. Pilih: %(words)s.") % {"text": shown(text), "words": told}
        )

    return read


# --- Tables -----------------------------------------------------------------------------------


def read_records(
    content: bytes,
    name: str,
    columns: Sequence[RecordColumn],
    known: Any,
    *,
    keys: Sequence[str],
) -> Records:
    """The rows below the header; `keys` are the fields that name a row, each once in a table.

    A line with a fault is left out. Raises UnreadableError as `read_table` does.
    """
    wanted = [
        TableColumn((one.title.casefold(), *one.also), is_needed=one.is_needed) for one in columns
    ]
    table = read_table(content, name, columns=Columns(wanted))
    reading = Records(faults=[str(fault) for fault in table.faults])
    places: dict[tuple[str, ...], int] = {}
    for line in table.rows:
        row, faults = _row(line, columns, known, keys)
        if not faults and row.key in places:
            words = _("Baris ini mengulang baris %(line)d.") % {"line": places[row.key]}
            faults = [SheetFault(line.line, words, line.sheet)]
        places.setdefault(row.key, line.line)
        if faults:
            reading.faults.extend(str(fault) for fault in faults)
        else:
            reading.rows.append(row)
    return reading


def _row(
    line: Row, columns: Sequence[RecordColumn], known: Any, keys: Sequence[str]
) -> tuple[Record, list[SheetFault]]:
    values, faults = {}, []
    for which, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        try:
            text = column.read(cell, known)
            _require_length(column, text)
        except CellError as error:
            faults.append(line.fault(which, f"{column.title}: {error}"))
            continue
        if text:
            values[column.field] = text
        elif column.is_needed:
            faults.append(line.fault(which, _("%(column)s kosong.") % {"column": column.title}))
    key = tuple(values.pop(one, "") for one in keys)
    return Record(line.line, line.sheet, key, values), faults


def _require_length(column: RecordColumn, text: str) -> None:
    if column.longest and len(text) > column.longest:
        raise CellError(
            _("Teks %(length)d huruf, paling panjang %(most)d.")
            % {"length": len(text), "most": column.longest}
        )
