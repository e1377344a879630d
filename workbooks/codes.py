"""Codes in cells: of questions, indicators, agencies, or whatever else a list knows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from workbooks.faults import shown
from workbooks.reading import Cell, plain

NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class CellError(Exception):
    """What a cell says cannot be taken; the message is the sentence for people."""


class UnknownCodeError(CellError):
    """The cell names something that the list does not have."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Kode %(code)s tidak ada dalam instrumen.") % {"code": shown(code)})
        self.code = code


def codes_by_number(codes: Iterable[str]) -> dict[Decimal, list[str]]:
    """The codes that a spreadsheet may take for each number: 1.1 and 1.10, 7 and 07."""
    by_number: dict[Decimal, list[str]] = {}
    for code in codes:
        if NUMBER.fullmatch(code):
            by_number.setdefault(Decimal(code), []).append(code)
    return by_number


def read_code(cell: Cell, known: Container[str], by_number: Mapping[Decimal, list[str]]) -> str:
    """The question, or whatever else has a code, that a cell names.

    Raises CellError with the sentence that says why it names none, or could name two.
    """
    if isinstance(cell, str):
        code = cell.strip()
        if code in known:
            return code
        raise UnknownCodeError(code)
    if isinstance(cell, date | time | timedelta):
        raise CellError(_("Kode berubah menjadi tanggal; format kolomnya sebagai teks."))
    if isinstance(cell, Decimal):
        return code_of_number(cell, by_number)
    raise CellError(_("Kode tidak terbaca; tulis sebagai teks."))


def code_of_number(number: Decimal, by_number: Mapping[Decimal, list[str]]) -> str:
    """A spreadsheet makes one number of the codes 14.1 and 14.10; one code is no guess."""
    codes = by_number.get(number, [])
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise UnknownCodeError(plain(number))
    message = _(
        "Angka %(number)s bisa berarti %(codes)s; "
        "format kolomnya sebagai teks lalu tulis ulang kodenya."
    )
    raise CellError(message % {"number": plain(number), "codes": _(" atau ").join(codes)})
