"""Codes of programme, activity and sub-activity, such as 2.08.07.2.01.0003. Knows no database.

The codes themselves come from a file that the city imports, for decrees change and delete them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from workbooks.codes import CellError
from workbooks.faults import shown
from workbooks.reading import Cell, is_empty

CODE = re.compile(r"[0-9X]{1,2}\.[0-9X]{1,2}(?:\.[0-9X]{1,4}){0,4}")
SEVERAL = re.compile(r"[;,\n]")


class CodeState(StrEnum):
    """What the nomenclature in force says of a code."""

    UNKNOWN = "unknown"  # no nomenclature was imported, or none ever had the code
    VALID = "valid"
    RENAMED = "renamed"
    REPLACED = "replaced"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code under one decree; `previous` are the codes whose place it took."""

    code: str
    name: str
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBook:
    """The codes of one decree."""

    decree: str
    valid_from: date
    entries: Mapping[str, CodeEntry]


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What became of a code; `successors` where another one took its place."""

    state: CodeState
    name: str = ""
    before: str = ""  # the name under the decree before
    decree: str = ""
    successors: tuple[CodeEntry, ...] = ()

    @property
    def is_gone(self) -> bool:
        return self.state in (CodeState.REPLACED, CodeState.DELETED)

    @property
    def change(self) -> str:
        """What became of the code, as a sentence; empty where nothing did or nothing is known."""
        told = "; ".join(f"{one.code} {one.name}" for one in self.successors)
        facts = {"decree": self.decree, "successors": told, "name": self.before}
        words = {
            CodeState.RENAMED: _("Nama sebelumnya: %(name)s."),
            CodeState.REPLACED: _("Diganti oleh %(decree)s: %(successors)s."),
            CodeState.DELETED: _("Dihapus oleh %(decree)s."),
        }
        return words.get(self.state, "") % facts


def look_up(code: str, books: Sequence[CodeBook], *, on: date) -> CodeAnswer:
    """What the newest decree that holds on that day says of a code."""
    holding = sorted((b for b in books if b.valid_from <= on), key=lambda book: book.valid_from)
    if not code or not holding:
        return CodeAnswer(CodeState.UNKNOWN)
    newest, older = holding[-1], holding[:-1]
    known = next((b.entries[code] for b in reversed(older) if code in b.entries), None)
    entry = newest.entries.get(code)
    before = known.name if known else ""
    if entry is not None:
        is_same = known is None or known.name.casefold() == entry.name.casefold()
        state = CodeState.VALID if is_same else CodeState.RENAMED
        return CodeAnswer(state, entry.name, "" if is_same else before, newest.decree)
    successors = tuple(one for one in newest.entries.values() if code in one.previous)
    if successors:
        return CodeAnswer(CodeState.REPLACED, before, before, newest.decree, successors)
    if known is None:
        return CodeAnswer(CodeState.UNKNOWN, decree=newest.decree)
    return CodeAnswer(CodeState.DELETED, before, before, newest.decree)


def look_up_in(code: str, books: Sequence[CodeBook], *, year: int) -> CodeAnswer:
    """What became of a code for the budget of a year: it has to hold on some day of that year.

    A budget is written with the codes of the year's beginning, and a decree that comes later in it is
    for the next budget; yet a code that the year itself brings may be planned with.
    """
    at_first = look_up(code, books, on=date(year, 1, 1))
    if at_first.state in (CodeState.VALID, CodeState.RENAMED):
        return at_first
    return look_up(code, books, on=date(year, 12, 31))


def level_of(code: str) -> str:
    """What a code names, by how many parts it has."""
    names = {2: _("bidang"), 3: _("program"), 5: _("kegiatan"), 6: _("sub-kegiatan")}
    return names.get(code.count(".") + 1, "")


def read_nomenclature_code(cell: Cell) -> str:
    """A code as text; empty of an empty cell. Raises CellError where a spreadsheet changed it."""
    if is_empty(cell):
        return ""
    if isinstance(cell, date | time | timedelta | Decimal):
        raise CellError(
            _(
                "Kode berubah menjadi angka atau tanggal. Format kolomnya sebagai teks, lalu isi lagi."
            )
        )
    text = "".join(str(cell).split()).upper() if isinstance(cell, str) else ""
    if not CODE.fullmatch(text):
        raise CellError(
            _("%(text)s bukan kode nomenklatur. Tulis seperti 2.08.07.2.01.0003.")
            % {"text": shown(str(cell))}
        )
    return text


def read_previous(cell: Cell) -> tuple[str, ...]:
    """The codes whose place one took, separated by a semicolon, a comma or a new line."""
    parts: Iterable[Cell] = SEVERAL.split(cell) if isinstance(cell, str) else (cell,)
    return tuple(code for part in parts if (code := read_nomenclature_code(part)))
