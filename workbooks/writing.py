"""Tables for people's spreadsheets, made row by row.

A spreadsheet runs as a formula whatever begins like one, and what people typed in here would
then run on the desk of whoever opens the export. So such a text gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO

from django.conf import settings
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# With their full-width forms, which some spreadsheets take for the same.
STARTS_A_FORMULA = tuple("=+-@|%＝＋－＠")
# A code 1.10 opens as ten past one where a point separates hours, and 007 as 7.
# A date as we write it is meant to become one.
LOOKS_LIKE_A_NUMBER = re.compile(
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}\Z)[0-9][0-9.,:/ +-]*(?:[eE][0-9]+)?"
)
# Excel takes a CSV file for UTF-8 only with this in front.
BYTE_ORDER_MARK = "\ufeff"

Value = str | int | Decimal | date | None


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def inert(value: Value) -> Value:
    """The value as no spreadsheet runs it."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if text.lstrip().startswith(STARTS_A_FORMULA) or text[:1] in ("\t", "\r", "\n"):
        return f"'{text}"
    return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The table as CSV, line by line: every CSV of the site, decision 0028."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BYTE_ORDER_MARK
    yield writer.writerow([inert(title) for title in header])
    for row in rows:
        yield writer.writerow([_in_csv(value) for value in row])


def _in_csv(value: Value) -> str:
    """The value as an Excel with Indonesian settings opens it by double click."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = str(inert(value))
        return f'="{text}"' if LOOKS_LIKE_A_NUMBER.fullmatch(text) else text
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook; its rows are read when they are written."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """The table as a workbook in a temporary file, rewound; memory does not grow with it."""
    return xlsx_book([Sheet(title, header, rows)])


def xlsx_book(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The tables as one workbook, a sheet each, in the same way."""
    book = Workbook(write_only=True)
    for table in sheets:
        sheet = book.create_sheet(table.title)
        sheet.freeze_panes = "A2"
        sheet.append(list(table.header))
        for row in table.rows:
            sheet.append([inert(value) for value in row])
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file
