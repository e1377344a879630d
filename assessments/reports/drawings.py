"""The charts of a report, drawn for paper from the values that the pages draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor, white

from assessments.charts import Lines, Stroke, written_points
from assessments.fonts import BOLD, REGULAR, printable_text
from assessments.queries.scores import ClusterRow
from assessments.queries.year import Ladder

INK, SOFT, HAIRLINE = HexColor("#17282a"), HexColor("#51626a"), HexColor("#d9e1e1")
ACCENT, LIGHT, EDGE = HexColor("#0b6e6e"), HexColor("#a3cfcc"), HexColor("#7d8f92")
FILLED = Color(11 / 255, 110 / 255, 110 / 255, alpha=0.22)
TONES = [HexColor(tone) for tone in ("#d3e8e6", "#a3cfcc", "#66aca9", "#0b6e6e", "#06403f")]
FONT, SIZE = REGULAR, 8

LOW, RISE = 26, 10  # the height of the first step of the ladder, and of each further one
ROW = 14  # between the words of two totals


def _words(
    x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False, fill: Color = INK
) -> String:
    return String(
        x,
        y,
        printable_text(text),
        textAnchor=anchor,
        fontName=BOLD if bold else FONT,
        fontSize=SIZE,
        fillColor=fill,
    )


def ladder_drawing(ladder: Ladder, names: dict[str, str], width: float) -> Drawing:
    """The bands to scale with the totals standing on them; `names` says what each is called."""
    base = 26
    top = base + LOW + RISE * max(0, len(ladder.bands) - 1)
    totals = [
        (names[kind], value)
        for kind, value in (
            ("official", ladder.official),
            ("claimed", ladder.claimed),
            ("evidenced", ladder.evidenced),
            ("target", ladder.target_minimum),
        )
        if value is not None
    ]
    drawing = Drawing(width, top + 12 + ROW * len(totals))
    drawing.add(Line(0, base, width, base, strokeColor=EDGE))
    _ticks(drawing, ladder, base)
    for step, band in enumerate(ladder.bands):
        left, right = (_at(value, ladder, width) for value in (band.minimum, band.maximum))
        tone = round(step * (len(TONES) - 1) / max(1, len(ladder.bands) - 1))
        height = LOW + RISE * step
        drawing.add(
            Rect(left, base, right - left, height, fillColor=TONES[tone], strokeColor=white)
        )
        fill = white if tone > 2 else INK
        middle = (left + right) / 2
        drawing.add(_words(middle, base + 8, band.predikat, anchor="middle", fill=fill))
    for row, (name, value) in enumerate(totals):
        x, y = _at(value, ladder, width), top + 10 + ROW * row
        drawing.add(Line(x, base, x, y + SIZE, strokeColor=INK, strokeDashArray=(2, 2)))
        drawing.add(Circle(x, y + 3, 3, fillColor=INK, strokeColor=white))
        left = x > width / 2
        text = f"{name} {written_points(value)}"
        drawing.add(
            _words(x - 6 if left else x + 6, y, text, anchor="end" if left else "start", bold=True)
        )
    return drawing


def _at(value: Decimal | int, ladder: Ladder, width: float) -> float:
    return float(min(Decimal(value), ladder.maximum) * Decimal(width) / ladder.maximum)


def _ticks(drawing: Drawing, ladder: Ladder, base: float) -> None:
    values = [Decimal(0), *(Decimal(band.minimum) for band in ladder.bands), ladder.maximum]
    for value in values:
        x = _at(value, ladder, drawing.width)
        anchor = "start" if not value else "end" if value == ladder.maximum else "middle"
        text = written_points(value)
        drawing.add(_words(x, base - 12, text, anchor=anchor, fill=SOFT))


BAR, GAP = 9, 8


def bars_drawing(rows: Sequence[ClusterRow], width: float) -> Drawing:
    """Each cluster's proven and claimed points against its maximum, on one scale."""
    labels, figures = 150, 60
    room = width - labels - figures
    longest = max((row.maximum for row in rows), default=Decimal(1)) or Decimal(1)
    drawing = Drawing(width, (BAR + GAP) * len(rows))
    for place, row in enumerate(rows):
        y = drawing.height - (BAR + GAP) * (place + 1) + GAP / 2
        drawing.add(_words(0, y + 1, row.label))
        for value, fill, edge in (
            (row.maximum, white, EDGE),
            (row.claimed, LIGHT, None),
            (row.evidenced, ACCENT, None),
        ):
            long = float(min(value, longest) / longest) * room
            drawing.add(Rect(labels, y, long, BAR, fillColor=fill, strokeColor=edge))
        drawing.add(_words(width, y + 1, written_points(row.evidenced), anchor="end", bold=True))
    return drawing


def radar_drawing(rows: Sequence[ClusterRow], width: float) -> Drawing:
    """Each cluster's share of its own maximum as a spoke; proven filled, claimed dashed."""
    radius = 80.0
    drawing = Drawing(width, 2 * radius + 50)
    centre = (width / 2, radius + 25)

    def outline(shares: Sequence[float]) -> list[float]:
        places = [
            _spoke(centre, place, len(rows), radius * one) for place, one in enumerate(shares)
        ]
        return [number for place in places for number in place]

    for ring in (0.25, 0.5, 0.75, 1.0):
        drawing.add(Polygon(outline([ring] * len(rows)), fillColor=None, strokeColor=HAIRLINE))
    for place, row in enumerate(rows):
        drawing.add(Line(*centre, *_spoke(centre, place, len(rows), radius), strokeColor=HAIRLINE))
        x, y = _spoke(centre, place, len(rows), radius + 10)
        side = x - centre[0]
        anchor = "middle" if abs(side) < 10 else "start" if side > 0 else "end"
        drawing.add(_words(x, y - 3, row.label, anchor=anchor))
    claimed = outline([_share(row.claimed, row.maximum) for row in rows])
    proven = outline([_share(row.evidenced, row.maximum) for row in rows])
    drawing.add(Polygon(claimed, fillColor=None, strokeColor=EDGE, strokeDashArray=(4, 2)))
    drawing.add(Polygon(proven, fillColor=FILLED, strokeColor=ACCENT, strokeWidth=1.5))
    return drawing


def _share(value: Decimal, maximum: Decimal) -> float:
    return float(min(Decimal(1), value / maximum)) if maximum else 0.0


def _spoke(
    centre: tuple[float, float], place: int, count: int, length: float
) -> tuple[float, float]:
    angle = 2 * math.pi * place / count
    return centre[0] + math.sin(angle) * length, centre[1] + math.cos(angle) * length


Place = Callable[[int, Decimal | int], tuple[float, float]]
DASHES = {Stroke.STRONG: None, Stroke.LIGHT: None, Stroke.DASHED: (4, 3)}
COLOURS = {Stroke.STRONG: ACCENT, Stroke.LIGHT: EDGE, Stroke.DASHED: INK}


def lines_drawing(lines: Lines, width: float) -> Drawing:
    """Lines over time with their legend below."""
    base, rise, left = 34.0, 120.0, 28.0
    drawing = Drawing(width, base + rise + 16)
    length = width - left - 8

    def place(x: int, y: Decimal | int) -> tuple[float, float]:
        along = (x - lines.start) / max(1, lines.end - lines.start)
        return left + along * length, base + float(y) / float(lines.top) * rise

    for value in (0, lines.top):
        y = place(lines.start, value)[1]
        drawing.add(Line(left, y, left + length, y, strokeColor=HAIRLINE))
        drawing.add(_words(left - 4, y - 3, str(value), anchor="end", fill=SOFT))
    for number, tick in enumerate(lines.ticks):
        anchor = "start" if number == 0 else "end" if tick is lines.ticks[-1] else "middle"
        drawing.add(_words(place(tick.x, 0)[0], base - 12, tick.label, anchor=anchor, fill=SOFT))
    for mark in lines.marks:
        x = place(mark.x, 0)[0]
        drawing.add(Line(x, base, x, base + rise, strokeColor=INK, strokeDashArray=(1, 2)))
        drawing.add(_words(x, base + rise + 5, mark.label, anchor="end"))
    bounds = [place(x, high) for x, _low, high in lines.band]
    bounds += [place(x, low) for x, low, _high in reversed(lines.band)]
    if bounds:
        drawing.add(Polygon([n for one in bounds for n in one], fillColor=FILLED, strokeColor=None))
    _strokes(drawing, lines, place, left)
    return drawing


def _strokes(drawing: Drawing, lines: Lines, place: Place, left: float) -> None:
    x = left
    for series in lines.series:
        drawn = {
            "strokeColor": COLOURS[series.stroke],
            "strokeDashArray": DASHES[series.stroke],
            "strokeWidth": 1.5,
        }
        points = [number for one in series.places for number in place(*one)]
        if len(series.places) > 1:
            drawing.add(PolyLine(points, **drawn))
        drawing.add(Line(x, 7, x + 18, 7, **drawn))
        drawing.add(_words(x + 22, 4, series.label))
        x += 40 + SIZE * 0.6 * len(series.label)
