"""Writes an empty MATRIKS as XLSX."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments.matrices.specs import HEADER_ROW, Heading, MatrixSpec, Years, headings

PREPARED_ROWS = 500  # as far down as cells refuse what is no number


def empty_matrix(spec: MatrixSpec, years: Years, *, heading: str, assessment: str) -> bytes:
    """The table to fill, with `heading` (the question) and `assessment` (city and year) above it."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 -- a new workbook has one
    columns = headings(spec, years)
    sheet.title = _("Matriks")
    _head(sheet, heading, f"{spec.name} · {assessment}")
    for number, column in enumerate(columns, start=1):
        _column(sheet, number, column)
    for row, name in enumerate(spec.rows, start=HEADER_ROW + 1):
        sheet.cell(row, 1, name)
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    _validate_numbers(sheet, columns)
    _explain(workbook.create_sheet(_("Petunjuk")), columns, years)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, heading: str, subject: str) -> None:
    sheet.cell(1, 1, heading).font = Font(bold=True, size=13)
    sheet.cell(2, 1, subject)
    sheet.cell(3, 1, _("Cara mengisi ada di lembar Petunjuk."))


def _column(sheet: Worksheet, number: int, column: Heading) -> None:
    cell = sheet.cell(HEADER_ROW, number)
    cell.value = column.title
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E3EAF2")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(number)].width = 12 if column.is_number else 28


def _validate_numbers(sheet: Worksheet, columns: list[Heading]) -> None:
    rule = DataValidation(
        type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True
    )
    rule.errorTitle = _("Bukan angka")
    rule.error = _("Isi dengan angka, 0 bila tidak ada.")
    last = HEADER_ROW + PREPARED_ROWS
    for number, column in enumerate(columns, start=1):
        if column.is_number:
            letter = get_column_letter(number)
            rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
    if rule.sqref:
        sheet.add_data_validation(rule)


def _explain(sheet: Worksheet, columns: list[Heading], years: Years) -> None:
    sentences = [
        _("Isi lembar pertama mulai baris %(row)d, satu hal per baris, tanpa baris kosong.")
        % {"row": HEADER_ROW + 1},
        _("Tahun yang dinilai adalah %(first)d dan %(second)d; keduanya diisi.")
        % {"first": years[0], "second": years[1]},
        _("L berarti laki-laki dan P berarti perempuan; keduanya diisi."),
        _("Kolom angka hanya berisi angka, 0 bila tidak ada. Jangan menulis satuan."),
        _("Judul kolom jangan diubah. Yang ada di bawah baris kosong tidak dibaca."),
        _("Bila format lain dipakai, unggah sebagai PDF."),
    ]
    for sentence in sentences:
        sheet.append([sentence])
    sheet.append([])
    sheet.append([_("Kolom"), _("Isi")])
    for column in columns:
        sheet.append([column.title, _("angka") if column.is_number else _("teks")])
    sheet.column_dimensions["A"].width = 40
