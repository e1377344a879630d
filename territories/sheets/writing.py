"""Writes the sheet of reports, filled with what is known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from territories.choices import CriterionKind, CriterionLevel
from territories.criteria import CriteriaSet, Criterion, Said
from territories.sheets.layout import (
    CODE,
    DISTRICT,
    MARK,
    NAME,
    NIL,
    SHEETS,
    SOURCE,
    FigureColumn,
    Identity,
    figure_columns,
    mark_of,
)
from workbooks.writing import Value, inert

FIXED = (CODE, NAME, DISTRICT, SOURCE)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with what is known to each criterion of its level, in their order."""

    code: str
    name: str
    district: str
    said: Sequence[Said]


def header_of(criteria: Sequence[Criterion]) -> list[str]:
    return [*FIXED, *(column.title for column in figure_columns(criteria)), MARK]


def lines_of(
    units: Sequence[UnitLine], criteria: Sequence[Criterion], identity: Identity
) -> Iterator[list[Value]]:
    """A line for each unit, its mark in the last cell."""
    for unit in units:
        known = dict(zip((one.code for one in criteria), unit.said, strict=True))
        figures = [
            _shown(column, known[column.criterion.code]) for column in figure_columns(criteria)
        ]
        mark = mark_of(identity, unit.code, unit.said)
        yield [unit.code, unit.name, unit.district, None, *figures, mark]


def sheet_file(
    units: Mapping[CriterionLevel, Sequence[UnitLine]],
    criteria: CriteriaSet,
    identity: Identity,
) -> IO[bytes]:
    """A workbook with a sheet for each level that has units, in a temporary file, rewound."""
    book = Workbook(write_only=True)
    guide = book.create_sheet(_("Petunjuk"))
    guide.column_dimensions["A"].width = 100
    for sentence in _guide(criteria, identity):
        guide.append([inert(sentence)])
    for level, lines in units.items():
        if lines:
            _fill(book, str(SHEETS[level]), lines, criteria.of(level), identity)
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def _fill(
    book: Any,
    title: str,
    units: Sequence[UnitLine],
    criteria: Sequence[Criterion],
    identity: Identity,
) -> None:
    sheet, figures = book.create_sheet(title), figure_columns(criteria)
    sheet.freeze_panes = "C3"
    for letter, width in zip("ABCD", (16, 26, 20, 26), strict=True):
        sheet.column_dimensions[letter].width = width
    last = get_column_letter(len(FIXED) + len(figures) + 1)
    sheet.column_dimensions[last].hidden = True
    for at, column in enumerate(figures, len(FIXED) + 1):
        if column.criterion.kind == CriterionKind.YES_NO:
            letter = get_column_letter(at)
            rule = DataValidation(type="list", formula1='"ya,tidak"', allow_blank=True)
            rule.add(f"{letter}3:{letter}{len(units) + 2}")
            sheet.data_validations.append(rule)
    sheet.append([None] * len(FIXED) + [inert(column.criterion.text) for column in figures])
    sheet.append([inert(title) for title in header_of(criteria)])
    for line in lines_of(units, criteria, identity):
        sheet.append([inert(value) for value in line])


def _shown(column: FigureColumn, said: Said) -> Value:
    value = getattr(said, column.figure)
    if column.figure == "yes":
        return {True: _("ya"), False: _("tidak"), None: None}[value]
    if said.nil:
        return NIL
    return value


def _guide(criteria: CriteriaSet, identity: Identity) -> Iterator[str]:
    yield _("Laporan wilayah, data tahun %(year)d: %(title)s") % {
        "year": identity.year,
        "title": criteria.title,
    }
    yield _("Isi satu baris untuk setiap wilayah; jangan ubah kode wilayah dan judul kolom.")
    yield _("Ya atau tidak: tulis ya atau tidak. Jumlah: bilangan bulat tanpa titik.")
    yield _("Bila memang tidak ada kejadian, tulis nihil. Sel kosong tidak mengubah apa pun.")
    yield _("Kolom sumber: nomor surat atau nama data. Jangan tulis nama atau NIK anak.")
    yield _("Unggah kembali di halaman yang sama; yang berubah ditampilkan sebelum disimpan.")
