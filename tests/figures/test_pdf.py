"""The shapes of a page on paper."""

import io

import pytest
from pypdf import PdfReader
from reportlab.graphics import shapes as paper
from reportlab.platypus import SimpleDocTemplate

from figures.layout.shapes import Drawing, LegendEntry, Polyline, Rectangle, Words
from figures.pdf import pdf_drawing
from tests.figures.test_shapes import DRAWING, SHAPES


def drawn(*shapes):
    """The shapes of a drawing on 100 points, by their kind in reportlab."""
    [group] = pdf_drawing(Drawing("bars", 100, 50, shapes), 100).contents
    return group.contents


def test_every_kind_of_shape_is_printed():
    file = io.BytesIO()
    SimpleDocTemplate(file).build([pdf_drawing(DRAWING, 300)])

    [page] = PdfReader(file).pages
    assert " ".join(page.extract_text().split()) == "Terbukti 12 Terbukti Terbukti"
    assert len(drawn(*SHAPES)) == len(SHAPES) + 1  # the figure is a word of its own


def test_a_drawing_keeps_its_proportions():
    printed = pdf_drawing(Drawing("bars", 100, 50, ()), 300)

    assert (printed.width, printed.height) == (300, 150)


@pytest.mark.parametrize(
    ("style", "fill", "stroke"),
    [
        ("bar__evidenced", "#0b6e6e", None),
        ("ladder__cloth", "#ffffff", "#17282a"),
        ("bar__frame", None, "#7d8f92"),
        ("ladder__step tone-5", "#06403f", None),
    ],
)
def test_colours_are_those_of_the_style_sheets(style, fill, stroke):
    [shape] = drawn(Rectangle(style, 0, 0, 10, 10))

    shown = [
        f"#{colour.hexval()[2:]}" if colour else None
        for colour in (shape.fillColor, shape.strokeColor)
    ]
    assert shown == [fill, stroke]


def test_a_dashed_line_is_dashed_and_a_single_point_is_none():
    [line] = drawn(Polyline("line line--dashed", ((0, 0), (10, 10))))

    assert (line.strokeDashArray, line.strokeWidth) == ([6, 5], 2)
    assert drawn(Polyline("line", ((0, 0),))) == []


def test_words_with_a_halo_stand_on_a_strip_of_its_colour():
    strip, words = drawn(Words("line-plot__word", 50, 20, "Tenggat", "middle"))

    assert isinstance(strip, paper.Rect)
    assert strip.x < words.x
    assert words.x < 50 < strip.x + strip.width
    assert len(drawn(Words("ladder__tick", 50, 20, "500"))) == 1


def test_a_hatched_area_is_toned():
    [shape] = drawn(Rectangle("ladder__ground", 0, 0, 10, 10, "ground"))

    assert shape.fillColor.hexval() == "0xf4f8f7"


def test_a_legend_is_printed_below():
    entry = LegendEntry("Maksimum", [Rectangle("bar__frame", 2, 6, 20, 12)])
    printed = pdf_drawing(Drawing("bars", 100, 50, (), legend=[entry]), 100)

    assert printed.height > 50
