"""The filled matrix of a register's answer, as a workbook that is filed as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Literal

from django.utils.translation import gettext as _

from figures.numbers import format_date
from registers.contract import AnswerKind, RegisterAnswer, YearCount
from registers.wording import year_line
from workbooks.writing import Sheet, xlsx_book

Side = Literal["counted", "whole"]


def matrix_file(answer: RegisterAnswer, *, question: str, city: str) -> IO[bytes]:
    """Two sheets, what was counted and every row of it, in a temporary file."""
    return xlsx_book(
        [
            Sheet(_("Ringkasan"), [_("Uraian"), _("Isi")], summary(answer, question, city)),
            Sheet(_("Rincian"), header(answer), rows_of(answer)),
        ]
    )


def summary(answer: RegisterAnswer, question: str, city: str) -> Iterator[Sequence[str | int]]:
    yield _("Kabupaten/kota"), city
    yield _("Pertanyaan"), question
    yield _("Yang dihitung"), answer.title
    yield _("Tanggal acuan"), format_date(answer.as_of)
    yield (_("Memenuhi") if not answer.years else _("Jumlah")), answer.numerator
    if answer.denominator is not None:
        yield _("Seluruhnya"), answer.denominator
    if answer.kind == AnswerKind.SHARE:
        yield _("Persen"), answer.shown
    yield answer.silence.capitalize(), len(answer.missing)
    for one in answer.years:
        yield _("Tahun %(year)d") % {"year": one.year}, year_line(one)
    if answer.note:
        yield _("Catatan"), answer.note


def header(answer: RegisterAnswer) -> list[str]:
    """The columns of the rows; of each year L, P and together, and the same of the whole."""
    titles = [_("No."), _("Kode"), _("Nama"), _("Kecamatan"), _("Isian"), _("Terhitung")]
    for year, what, _one in _columns(answer):
        titles += [f"{what} {_('L')} {year}", f"{what} {_('P')} {year}", f"{what} {year}"]
    return titles


def rows_of(answer: RegisterAnswer) -> Iterator[Sequence[str | int]]:
    """Every row, and below rows with counts their sum as the answer tells it."""
    words = {True: _("ya"), False: _("tidak"), None: answer.silence}
    for number, row in enumerate(answer.rows, 1):
        told = (number, row.code, row.name, row.group, row.says, words[row.counts])
        yield (*told, *_counts(answer, row.years))
    if answer.years:
        yield ("", "", _("Jumlah"), "", "", "", *_counts(answer, answer.years))


def _columns(answer: RegisterAnswer) -> Iterator[tuple[int, str, Side]]:
    for one in answer.years:
        yield one.year, _("Jumlah"), "counted"
        if one.whole is not None:
            yield one.year, _("Seluruhnya"), "whole"


def _counts(answer: RegisterAnswer, years: Sequence[YearCount]) -> Iterator[str | int]:
    """Three cells a column; empty where a sex, or the year, is not known."""
    known = {one.year: one for one in years}
    for year, _what, side in _columns(answer):
        count = getattr(known[year], side) if year in known else None
        cells = (count.male, count.female, count.total) if count else (None, None, None)
        yield from ("" if cell is None else cell for cell in cells)
