"""Writes an instrument as a workbook that people can edit and upload again."""

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from clusters.sheets.layout import (
    AGENCY,
    BAND,
    CHOICES,
    CLUSTER,
    COLUMNS,
    COVER,
    COVER_COLUMNS,
    COVER_PARTS,
    EVIDENCE,
    FILE,
    FILE_ITEMS,
    HEAD,
    HEAD_ITEMS,
    INDICATOR,
    LAW,
    NO,
    PARTS,
    QUESTION,
    STAGE,
    YES,
    InstrumentColumn,
    as_cell,
)
from clusters.spec import InstrumentSpec
from clusters.writing import document_of

LAST_LINE = 2000  # to which lists to choose from reach, for rows that people add
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
AS_TEXT = "@"

HEADER_FILL = PatternFill("solid", start_color="FFD9E2EC")
FILLS = {
    CLUSTER: PatternFill("solid", start_color="FFBCCCDC"),
    INDICATOR: PatternFill("solid", start_color="FFF0F4F8"),
}
Value = str | Decimal | None


def draw(spec: InstrumentSpec) -> bytes:
    """The instrument as XLSX; `read_sheets` gives back an equal one."""
    document: Any = document_of(spec)
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)  # noqa: S101 -- narrows for mypy
    _cover(cover, document)
    names = {COVER.casefold()}
    for cluster in document["clusters"]:
        sheet = book.create_sheet(_sheet_name(cluster.get("label", ""), names))
        _cluster_sheet(sheet, cluster, cover)
    book.security = WorkbookProtection(lockStructure=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(label: str, taken: set[str]) -> str:
    """The label as the name of a tab, which may be short only, and used once."""
    plain = NOT_IN_NAMES.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", label.replace("\n", " "))).strip()
    name = plain[:LONGEST_NAME].strip() or CLUSTER
    number = 2
    while name.casefold() in taken:
        ending = f" ({number})"
        name = f"{plain[: LONGEST_NAME - len(ending)].strip() or CLUSTER}{ending}"
        number += 1
    taken.add(name.casefold())
    return name


# --- The cover ----------------------------------------------------------------------------------


def _cover(sheet: Worksheet, document: Any) -> None:
    sheet.title = COVER
    head = document["instrument"]
    rows: list[Sequence[Value]] = [
        *((FILE, item, as_cell(key, document[key])) for key, item in FILE_ITEMS.items()),
        *((HEAD, item, as_cell(key, head.get(key))) for key, item in HEAD_ITEMS.items()),
        *((LAW, None, law) for law in head.get("legal_basis", [])),
        *((BAND, None, b["predikat"], b["min"], b["max"]) for b in head.get("bands", [])),
        *((STAGE, stage["code"], stage["name"]) for stage in head["stages"]),
        *((AGENCY, agency["code"], agency["name"]) for agency in document["agencies"]),
        *((EVIDENCE, kind["code"], kind["name"]) for kind in document["evidence_kinds"]),
    ]
    _table(sheet, COVER_COLUMNS, rows)
    _choose(sheet, "A", COVER_PARTS)


# --- The clusters -------------------------------------------------------------------------------


def _cluster_sheet(sheet: Worksheet, cluster: Any, cover: Worksheet) -> None:
    rows = [_row(CLUSTER, cluster)]
    for indicator in cluster["indicators"]:
        rows.append(_row(INDICATOR, indicator))
        rows += [_row(QUESTION, question) for question in indicator["questions"]]
    _table(sheet, COLUMNS, rows)
    for line, row in enumerate(rows, start=2):
        if row[0] in FILLS:
            for cell in sheet[line]:
                cell.fill = FILLS[str(row[0])]
    _choose(sheet, _letter("code", offset=-1), PARTS)
    _choose(sheet, _letter("counts_among_24"), (YES, NO))
    kinds = [str(label) for key in ("kind", "answer_type") for label in CHOICES[key].labels]
    _choose(sheet, _letter("answer_type"), kinds)
    _choose(sheet, _letter("direction"), [str(label) for label in CHOICES["direction"].labels])
    for part, key in ((AGENCY, "agencies"), (EVIDENCE, "evidence")):
        _suggest(sheet, _letter(key), cover, part)


def _row(part: str, values: Any) -> list[Value]:
    keys = (column.keys.get(part) for column in COLUMNS)
    return [part, *(as_cell(key, values.get(key)) if key else None for key in list(keys)[1:])]


def _letter(key: str, *, offset: int = 0) -> str:
    number = next(i for i, column in enumerate(COLUMNS, 1) if key in column.keys.values())
    return get_column_letter(number + offset)


# --- Cells --------------------------------------------------------------------------------------


def _table(
    sheet: Worksheet, columns: Sequence[InstrumentColumn], rows: Iterable[Sequence[Value]]
) -> None:
    """A locked header and open cells below it, as far as people want to write."""
    for number, column in enumerate(columns, start=1):
        header = sheet.cell(1, number, column.header)
        header.font = Font(bold=True)
        header.fill = HEADER_FILL
        header.alignment = Alignment(wrap_text=True, vertical="top")
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.protection = Protection(locked=False)
        if not column.has_numbers:  # or a new code 1.10 would become 1.1
            dimension.number_format = AS_TEXT
    for line, row in enumerate(rows, start=2):
        for number in range(1, len(columns) + 1):
            value = row[number - 1] if number <= len(row) else None
            _write(sheet.cell(line, number), value)
    sheet.freeze_panes = "C2"
    _protect(sheet)
    _print_setup(sheet)


def _write(cell: Any, value: Value) -> None:
    cell.protection = Protection(locked=False)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # Whatever it begins with, it is a text, here and after the next edit.
        cell.data_type = "s"
        cell.number_format = AS_TEXT
        cell.quotePrefix = True
    elif value is not None:
        cell.value = value


def _protect(sheet: Worksheet) -> None:
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows"):
        setattr(sheet.protection, allowed, False)


def _print_setup(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _choose(sheet: Worksheet, letter: str, words: Iterable[str]) -> None:
    """Only these words may be written in the column."""
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{LAST_LINE}")
    sheet.add_data_validation(rule)


def _suggest(sheet: Worksheet, letter: str, cover: Worksheet, part: str) -> None:
    """The codes of the cover to choose from; several may be written, with commas."""
    lines = [line for line in range(2, cover.max_row + 1) if cover.cell(line, 1).value == part]
    if lines:
        source = f"{quote_sheetname(COVER)}!$B${lines[0]}:$B${lines[-1]}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        rule.showErrorMessage = False
        rule.add(f"{letter}2:{letter}{LAST_LINE}")
        sheet.add_data_validation(rule)
