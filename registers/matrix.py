"""The filled matrix of a register's answer, as a workbook that is filed as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal

from django.utils.translation import gettext as _

from figures.numbers import format_date
from registers.contract import AnswerKind, Count, RegisterAnswer, YearCount
from registers.wording import year_line
from workbooks.writing import Sheet, xlsx_book

Side = Literal["counted", "whole"]


@dataclass(frozen=True, slots=True)
class Matrix:
    """An answer and what it was taken for; `moment` is when, in the city's own time."""

    answer: RegisterAnswer
    question: str
    city: str
    moment: str


def matrix_file(matrix: Matrix) -> IO[bytes]:
    """Two sheets, what was counted and every row of it, in a temporary file."""
    return xlsx_book(
        [
            Sheet(_("Ringkasan"), [_("Uraian"), _("Isi")], summary(matrix)),
            Sheet(_("Rincian"), header(matrix.answer), rows_of(matrix.answer)),
        ]
    )


def summary(matrix: Matrix) -> Iterator[tuple[str, str | int]]:
    answer = matrix.answer
    yield _("Kabupaten/kota"), matrix.city
    yield _("Pertanyaan"), matrix.question
    yield _("Yang dihitung"), answer.title
    yield _("Tanggal acuan"), format_date(answer.as_of)
    yield _("Diambil dari register"), matrix.moment
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
    titles = names_header()
    for year, what, _side in count_columns(answer):
        titles += [f"{what} {_('L')} {year}", f"{what} {_('P')} {year}", f"{what} {year}"]
    return titles


def names_header() -> list[str]:
    return [_("No."), _("Kode"), _("Nama"), _("Kecamatan"), _("Isian"), _("Terhitung")]


def rows_of(answer: RegisterAnswer) -> Iterator[Sequence[str | int]]:
    """Every row, and below rows with counts their sum as the answer tells it."""
    for told, years in lines(answer):
        yield (*told, *_cells(counts(answer, years)))


def lines(answer: RegisterAnswer) -> Iterator[tuple[Sequence[str | int], Sequence[YearCount]]]:
    """The same, with the counts as they are."""
    words = {True: _("ya"), False: _("tidak"), None: answer.silence}
    for number, row in enumerate(answer.rows, 1):
        yield (number, row.code, row.name, row.group, row.says, words[row.counts]), row.years
    if answer.years:
        yield ("", "", _("Jumlah"), "", "", ""), answer.years


def count_columns(answer: RegisterAnswer) -> Iterator[tuple[int, str, Side]]:
    """Year and title of each count: of each year what was counted, and the whole if it has one."""
    for one in answer.years:
        yield one.year, _("Jumlah"), "counted"
        if one.whole is not None:
            yield one.year, _("Seluruhnya"), "whole"


def counts(answer: RegisterAnswer, years: Sequence[YearCount]) -> Iterator[Count | None]:
    """What a row says under each of the `count_columns`; None where it is not known."""
    known = {one.year: one for one in years}
    for year, _what, side in count_columns(answer):
        yield getattr(known[year], side) if year in known else None


def _cells(counted: Iterator[Count | None]) -> Iterator[str | int]:
    """Three cells a column; empty where a sex, or the year, is not known."""
    for count in counted:
        cells = (count.male, count.female, count.total) if count else (None, None, None)
        yield from ("" if cell is None else cell for cell in cells)
