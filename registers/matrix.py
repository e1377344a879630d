"""The filled matrix of a register's answer, as a workbook that is filed as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _

from figures.numbers import format_date
from registers.contract import RegisterAnswer, RegisterRow
from workbooks.writing import Sheet, xlsx_book


def matrix_file(answer: RegisterAnswer, *, question: str, city: str) -> IO[bytes]:
    """Two sheets, what was counted and every row of it, in a temporary file."""
    header = [_("No."), _("Kode"), _("Nama"), _("Kecamatan"), _("Isian"), _("Terhitung")]
    return xlsx_book(
        [
            Sheet(_("Ringkasan"), [_("Uraian"), _("Isi")], _summary(answer, question, city)),
            Sheet(_("Rincian"), header, _rows(answer.rows, answer.silence)),
        ]
    )


def _summary(answer: RegisterAnswer, question: str, city: str) -> Iterator[Sequence[str | int]]:
    yield _("Kabupaten/kota"), city
    yield _("Pertanyaan"), question
    yield _("Yang dihitung"), answer.title
    yield _("Tanggal acuan"), format_date(answer.as_of)
    yield _("Memenuhi"), answer.numerator
    yield _("Seluruhnya"), answer.denominator
    yield _("Persen"), answer.share
    yield answer.silence.capitalize(), len(answer.missing)


def _rows(rows: Sequence[RegisterRow], silence: str) -> Iterator[Sequence[str | int]]:
    words = {True: _("ya"), False: _("tidak"), None: silence}
    for number, row in enumerate(rows, 1):
        yield number, row.code, row.name, row.group, row.says, words[row.counts]
