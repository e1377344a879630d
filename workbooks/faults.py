"""What is wrong with a sheet, in which cell, in a sentence for the person who made it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class SheetFault:
    """A fault of a line, or of one cell where `column` (counted from 0) says which.

    Line 0 stands for the file as a whole. A CSV has lines and no `sheet`.
    """

    line: int
    message: str
    sheet: str = ""
    column: int | None = None

    @property
    def cell(self) -> str:
        """As the spreadsheet names it: D14; empty where no cell is meant."""
        if self.column is None or not self.line:
            return ""
        return f"{get_column_letter(self.column + 1)}{self.line}"

    @property
    def place(self) -> str:
        if self.cell:
            place = _("sel %(cell)s") % {"cell": self.cell}
        elif self.line:
            place = _("baris %(line)d") % {"line": self.line}
        else:
            place = _("berkas") if not self.sheet else ""
        return ", ".join(part for part in (self.sheet, place) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class UnreadableError(Exception):
    """The file has no rows to look at."""

    def __init__(self, *faults: SheetFault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


def shown(text: str) -> str:
    """Foreign text inside a sentence: quoted, on one line, and of bearable length."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    flat = " ".join(printable.split())
    short = flat if len(flat) <= LONGEST_SHOWN else f"{flat[: LONGEST_SHOWN - 1]}…"
    return f"“{short}”"


def not_a_table(name: str) -> UnreadableError:
    message = _("%(name)s bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX.")
    return UnreadableError(SheetFault(1, message % {"name": shown(name)}))
