"""Tables with bars or toned cells in them as one drawing each, to be put into somebody's slides.

All lengths are whole drawing units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from figures.layout.bars import BarLine, BarRow, longest, name_of, points_bar, points_legend
from figures.layout.shapes import Drawing, LegendEntry, Rectangle, Shape, Words
from figures.numbers import format_points

NAMES, BARS, FIGURES, ROW, HEAD = 350, 320, 90, 28, 34  # widths of columns, heights of rows
LONGEST_NAME = 40  # letters


@dataclass(frozen=True, slots=True)
class BarTableRow:
    """A name, the figures after its bar, and the bar itself; drawn on the line of its row."""

    name: str
    figures: Sequence[str]
    bar: Sequence[Shape]


def bar_line(number: int) -> BarLine:
    """Where the bar of a table's row lies; the first is number 0."""
    return BarLine(x=NAMES, y=HEAD + ROW * number, length=BARS, thickness=18)


def bar_table(
    rows: Sequence[BarTableRow], heads: Sequence[str], legend: Sequence[LegendEntry] = ()
) -> Drawing:
    """Names, bars and figures below one another; `heads` names the columns of figures."""
    ends = [NAMES + BARS + FIGURES * (column + 1) for column in range(len(heads))]
    shapes: list[Shape] = [
        Words("picture__word", end, 20, head, "end") for end, head in zip(ends, heads, strict=True)
    ]
    for number, row in enumerate(rows):
        y = HEAD + ROW * number
        shapes += [Words("picture__word", 0, y + 15, shortened(row.name)), *row.bar]
        shapes += [
            Words("picture__word", end, y + 15, figure, "end")
            for end, figure in zip(ends, row.figures, strict=True)
        ]
    return Drawing("bars", ends[-1], HEAD + ROW * len(rows), shapes, legend=legend)


def points_table(rows: Sequence[BarRow], *, shared_scale: bool) -> Drawing:
    """Proven and claimed points of each row; on a shared scale twice the worth is twice as long."""
    scale = longest(rows) if shared_scale else None
    return bar_table(
        [
            BarTableRow(
                name_of(row),
                [format_points(value) for value in (row.evidenced, row.claimed, row.maximum)],
                points_bar(row, scale=scale, line=bar_line(number)),
            )
            for number, row in enumerate(rows)
        ],
        [_("Terbukti"), _("Diklaim"), _("Maksimum")],
        points_legend(),
    )


def shortened(name: str) -> str:
    """A name cut to the letters that have room beside a bar."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


# --- A table of cells as one drawing --------------------------------------------------------------

CELL = 120  # the width of a cell
LIGHTEST_TONE = 1


@dataclass(frozen=True, slots=True)
class ToneCell:
    """What stands in a cell; `tone` is 0 for none, else 1 to 5 from light to deep."""

    text: str
    tone: int


def cell_table(
    rows: Iterable[tuple[str, Sequence[ToneCell], str]], heads: Sequence[str]
) -> Drawing:
    """A heat map: each row its name, its cells and its sum; `heads` names the cells and the sum."""
    shapes: list[Shape] = [
        Words("picture__word", NAMES + CELL * column + CELL // 2, 20, head, "middle")
        for column, head in enumerate(heads)
    ]
    height = HEAD
    for name, cells, total in rows:
        shapes += _cell_row(name, cells, total, height)
        height += ROW
    return Drawing("cells", NAMES + CELL * len(heads), height, shapes)


def _cell_row(name: str, cells: Sequence[ToneCell], total: str, y: int) -> Iterator[Shape]:
    yield Words("picture__word", 0, y + 19, shortened(name))
    for column, cell in enumerate(cells):
        x = NAMES + CELL * column
        yield Rectangle(f"picture__cell tone-{cell.tone}", x, y, CELL - 2, ROW - 2)
        figure = f"picture__figure on-tone-{cell.tone or LIGHTEST_TONE}"
        yield Words(figure, x + CELL // 2, y + 19, cell.text, "middle")
    yield Words("picture__word", NAMES + CELL * len(cells) + CELL // 2, y + 19, total, "middle")
