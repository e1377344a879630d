"""Tables on paper: columns as wide as what stands in them, long ones made while they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
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


def chart_paper(chart: Chart, width: float) -> LongTable:
    """The table of a chart, `width` points wide."""
    return table_paper(chart.columns, chart.rows, column_widths(chart.columns, chart.rows, width))


def table_paper(
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
    for place, column in enumerate(columns):
        if column.unit != Unit.TEXT:
            style.append(("ALIGN", (place, 0), (place, -1), "RIGHT"))
    return TableStyle(style)


def column_widths(columns: Sequence[ChartColumn], rows: Sequence[Row], width: float) -> list[float]:
    """Numbers get what they need; words share the rest by their length."""
    needed: dict[int, float] = {}
    lengths: dict[int, int] = {}
    for place, column in enumerate(columns):
        cells = [format_cell(row[place], column.unit) for row in rows]
        if column.unit == Unit.TEXT:
            longest = max((len(cell) for cell in (*cells, column.name)), default=0)
            lengths[place] = min(MOST_CHARACTERS, max(FEWEST_CHARACTERS, longest))
        else:
            needed[place] = _widest(column.name.split(), cells) + 2 * PADDING + 1
    rest = width - sum(needed.values())
    share = rest / sum(lengths.values()) if lengths else 0
    return [
        needed[place] if place in needed else lengths[place] * share
        for place in range(len(columns))
    ]


def _widest(words: Iterable[str], cells: Iterable[str]) -> float:
    heads = [stringWidth(word, HEAD.fontName, HEAD.fontSize) for word in words]
    return max([*heads, *(stringWidth(cell, CELL.fontName, CELL.fontSize) for cell in cells)])


class LongList(Flowable):
    """A table too long to lay out at once: the page is given one part after the other."""

    WIDTHS = (22 * mm, 55 * mm, 92 * mm, 32 * mm, 32 * mm, 28 * mm)  # as document_columns

    def __init__(self, columns: Sequence[ChartColumn], rows: Iterator[Row]) -> None:
        super().__init__()
        self.columns, self.rows, self.begun = columns, rows, False

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 -- reportlab's names
        return aW, NEVER_FITS

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803
        part = list(islice(self.rows, CHUNK))
        if part:
            self.begun = True
            return [NullActionFlowable(), table_paper(self.columns, part, self.WIDTHS), self]
        if self.begun:
            return [NullActionFlowable()]
        return [NullActionFlowable(), Paragraph(_("Tidak ada."), BODY)]
