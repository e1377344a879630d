"""Tables on paper: columns as wide as what stands in them, long ones made while they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph, TableStyle
from reportlab.platypus.doctemplate import NullActionFlowable

from figures.fonts import printable_text
from figures.pdf_styles import BODY, CELL, HEAD, LINE, RIGHT_HEAD, TINT, printable
from figures.values import Cell, Chart, ChartColumn, Unit, format_cell

PADDING = 3
CHUNK = 100  # rows laid out at once
MOST_CHARACTERS = 60  # a text longer than this does not widen its column further
FEWEST_CHARACTERS = 12
NEVER_FITS = 2**24  # so that the page asks for a part instead

Row = Sequence[Cell]


def pdf_chart_table(chart: Chart, width: float) -> LongTable:
    """The table of a chart, `width` points wide."""
    return pdf_table(chart.columns, chart.rows, column_widths(chart.columns, chart.rows, width))


def pdf_table(
    columns: Sequence[ChartColumn], rows: Iterable[Row], widths: Sequence[float]
) -> LongTable:
    heads = [
        Paragraph(printable(column.name), HEAD if column.unit == Unit.TEXT else RIGHT_HEAD)
        for column in columns
    ]
    body = [
        [
            _cell(value, column.unit, width)
            for value, column, width in zip(row, columns, widths, strict=True)
        ]
        for row in rows
    ]
    table = LongTable([heads, *body], colWidths=list(widths), repeatRows=1)
    table.setStyle(_style(columns))
    return table


def _cell(value: Cell, unit: Unit, width: float) -> Any:
    """Only what is too long is broken into lines; the rest is drawn as it is, many times faster."""
    text = format_cell(value, unit)
    printed = printable_text(text)
    room = width - 2 * PADDING
    if unit != Unit.TEXT or (
        "\n" not in printed and stringWidth(printed, CELL.fontName, CELL.fontSize) <= room
    ):
        return printed
    return Paragraph(printable(text), CELL)


def _style(columns: Sequence[ChartColumn]) -> TableStyle:
    everything = ((0, 0), (-1, -1))
    style: list[tuple[Any, ...]] = [
        ("LINEBELOW", *everything, 0.25, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), TINT),
        ("FONT", *everything, CELL.fontName, CELL.fontSize, CELL.leading),
        ("VALIGN", *everything, "TOP"),
        ("TOPPADDING", *everything, 2),
        ("BOTTOMPADDING", *everything, 2),
        ("LEFTPADDING", *everything, PADDING),
        ("RIGHTPADDING", *everything, PADDING),
    ]
    for number, column in enumerate(columns):
        if column.unit != Unit.TEXT:
            style.append(("ALIGN", (number, 0), (number, -1), "RIGHT"))
    return TableStyle(style)


def column_widths(columns: Sequence[ChartColumn], rows: Sequence[Row], width: float) -> list[float]:
    """The widths in points that fill `width`: numbers get what they need, words share the rest."""
    needed: dict[int, float] = {}
    lengths: dict[int, int] = {}
    for number, column in enumerate(columns):
        cells = [format_cell(row[number], column.unit) for row in rows]
        if column.unit == Unit.TEXT:
            longest = max((len(cell) for cell in (*cells, column.name)), default=0)
            lengths[number] = min(MOST_CHARACTERS, max(FEWEST_CHARACTERS, longest))
        else:
            needed[number] = _widest(column.name.split(), cells) + 2 * PADDING + 1
    rest = width - sum(needed.values())
    share = rest / sum(lengths.values()) if lengths else 0
    return [
        needed[number] if number in needed else lengths[number] * share
        for number in range(len(columns))
    ]


def _widest(words: Iterable[str], cells: Iterable[str]) -> float:
    heads = [stringWidth(word, HEAD.fontName, HEAD.fontSize) for word in words]
    return max([*heads, *(stringWidth(cell, CELL.fontName, CELL.fontSize) for cell in cells)])


class LongList(Flowable):
    """A table too long to lay out at once: the page is given one part after the other."""

    def __init__(
        self, columns: Sequence[ChartColumn], rows: Iterator[Row], widths: Sequence[float]
    ) -> None:
        super().__init__()
        self.columns, self.rows, self.widths = columns, rows, widths
        self.begun = False

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 -- reportlab's names
        return aW, NEVER_FITS

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803
        part = list(islice(self.rows, CHUNK))
        if part:
            self.begun = True
            return [NullActionFlowable(), pdf_table(self.columns, part, self.widths), self]
        if self.begun:
            return [NullActionFlowable()]
        return [NullActionFlowable(), Paragraph(_("Tidak ada."), BODY)]
