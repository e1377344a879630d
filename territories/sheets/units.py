"""The sheet of the units themselves: a line a unit, with its kecamatan, head and contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext as _

from territories.choices import UnitLevel
from texts.days import day_from
from texts.languages import in_indonesian
from workbooks.codes import CellError
from workbooks.faults import shown
from workbooks.reading import Cell
from workbooks.records import RecordColumn, Records, choice_cell, read_records, text_cell

LONGEST_CODE = 13


class SheetUnit(Protocol):
    """What a line tells of a unit."""

    code: str
    name: str
    level: str
    head: str
    contact: str
    active_from: date | None


def code_cell(cell: Cell, known: object) -> str:
    """An official code, digits and points. Raises CellError."""
    text = text_cell(cell, known)
    if text and not text.replace(".", "").isdecimal():
        raise CellError(
            _("%(text)s bukan kode wilayah. Tulis seperti 72.01.01.1001.") % {"text": shown(text)}
        )
    return text


def day_cell(cell: Cell, known: object) -> str:
    """As in ISO 8601. Raises CellError."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = text_cell(cell, known)
    day = day_from(text) if text else None
    if text and day is None:
        raise CellError(_("Tulis tanggal sebagai hari-bulan-tahun, misalnya 21-11-2026."))
    return day.isoformat() if day else ""


COLUMNS: tuple[RecordColumn, ...] = (
    RecordColumn(
        "code", "Kode", code_cell, ("kode wilayah",), is_needed=True, longest=LONGEST_CODE
    ),
    RecordColumn("name", "Nama", text_cell, ("nama wilayah",), longest=100),
    RecordColumn("level", "Tingkat", choice_cell(UnitLevel)),
    RecordColumn("parent", "Kode kecamatan", code_cell, longest=LONGEST_CODE),
    RecordColumn("head", "Kepala", text_cell, ("camat, lurah, atau kepala desa",), longest=150),
    RecordColumn("contact", "Kontak kantor", text_cell, ("kontak",), longest=100),
    RecordColumn("active_from", "Ada sejak", day_cell),
)


@in_indonesian
def read_units(content: bytes, name: str) -> Records:
    """Raises UnreadableError."""
    return read_records(content, name, COLUMNS, None, keys=["code"])


def unit_rows(
    units: Iterable[tuple[SheetUnit, str]],
) -> tuple[list[str], Iterator[Sequence[str]]]:
    """Header and lines of units, each with the code of its kecamatan."""
    lines = (
        [
            unit.code,
            unit.name,
            str(UnitLevel(unit.level).label),
            parent,
            unit.head,
            unit.contact,
            unit.active_from.strftime("%d-%m-%Y") if unit.active_from else "",
        ]
        for unit, parent in units
    )
    return [column.title for column in COLUMNS], lines
