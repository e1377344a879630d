"""The filled matrix of a register's answer to print: A4 on its side, every page numbered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Paragraph, Spacer

from figures.numbers import format_points
from figures.pdf_pages import numbered_page
from figures.pdf_styles import MARGIN, TITLE, printable
from figures.pdf_tables import LongList, Row, pdf_table
from figures.values import ChartColumn
from registers.contract import RegisterAnswer
from registers.matrix import Matrix, count_columns, counts, lines, names_header, summary
from registers.wording import count_told

LONG = A4[1] - 2 * MARGIN
HEAD = (50 * mm, LONG - 50 * mm)
NAMES = (12, 34, 60, 44, 42, 32)  # shares of the width for the columns of `names_header`
COUNT = 46  # and for each count with its sexes


def matrix_paper(matrix: Matrix) -> IO[bytes]:
    """The matrix as PDF in a temporary file, rewound; a few rows are laid out at a time."""
    title = _("Matriks dari register: %(title)s") % {"title": matrix.answer.title}
    # Closed with the document that is made of it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    paper = BaseDocTemplate(file, title=title, author=matrix.city, lang="id", invariant=1)
    foot = f"{matrix.question[:90]} \N{EN DASH} {matrix.city}, {matrix.moment}"
    paper.addPageTemplates([numbered_page("matrix", landscape(A4), foot)])
    columns = _columns(matrix.answer)
    paper.build(
        [
            Paragraph(printable(title), TITLE),
            Spacer(0, 3 * mm),
            _head(matrix),
            Spacer(0, 5 * mm),
            LongList(columns, _rows(matrix.answer), _widths(len(columns) - len(NAMES))),
        ]
    )
    file.seek(0)
    return file


def _head(matrix: Matrix) -> Flowable:
    return pdf_table(
        [ChartColumn(_("Uraian")), ChartColumn(_("Isi"))],
        [(name, _told(value)) for name, value in summary(matrix)],
        HEAD,
    )


def _columns(answer: RegisterAnswer) -> list[ChartColumn]:
    titles = [f"{what} {year}" for year, what, _side in count_columns(answer)]
    return [ChartColumn(title) for title in (*names_header(), *titles)]


def _rows(answer: RegisterAnswer) -> Iterator[Row]:
    for told, years in lines(answer):
        counted = (count_told(one) if one else "" for one in counts(answer, years))
        yield (*map(_told, told), *counted)


def _told(value: str | int) -> str:
    return value if isinstance(value, str) else format_points(value)


def _widths(count: int) -> list[float]:
    shares = [*NAMES, *[COUNT] * count]
    return [LONG * share / sum(shares) for share in shares]
