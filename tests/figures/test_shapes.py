"""A drawing with its legend, and as a picture by itself."""

import pytest

from figures.layout.shapes import (
    Circle,
    Drawing,
    LegendEntry,
    Polygon,
    Polyline,
    Rectangle,
    Words,
    picture,
    with_legend,
)

SHAPES = [
    Rectangle("bar__frame", 1, 2, 30, 4, "ground"),
    Circle("marker", 1, 2, 8),
    Polyline("line", ((1, 2), (3, 4))),
    Polygon("line-plot__band", ((1, 2), (3, 4), (5, 2)), "ground"),
    Words("picture__word", 1, 2, "Terbukti", "end", "12"),
]
ENTRY = LegendEntry("Terbukti", [Rectangle("bar__evidenced", 2, 6, 20, 12)])
DRAWING = Drawing("bars", 100, 50, SHAPES, legend=[ENTRY, ENTRY])


def spot(shape):
    return shape.points[0] if isinstance(shape, Polyline | Polygon) else (shape.x, shape.y)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_a_shape_moves_and_stays_what_it_is(shape):
    moved = shape.moved(10, 20)

    assert spot(moved) == (11, 22)
    assert moved.moved(-10, -20) == shape


def test_a_legend_lies_in_a_row_below_its_drawing():
    whole = with_legend(DRAWING)

    signs = [shape for shape in whole.shapes if shape.style == "bar__evidenced"]
    words = [shape for shape in whole.shapes[len(SHAPES) :] if isinstance(shape, Words)]
    assert [word.text for word in words] == ["Terbukti", "Terbukti"]
    assert all(sign.y >= DRAWING.height for sign in signs)
    assert signs[0].x < words[0].x < signs[1].x < words[1].x
    assert max(sign.y + sign.height for sign in signs) < whole.height


def test_a_drawing_without_a_legend_is_all_of_it():
    bare = Drawing("bars", 100, 50, SHAPES)

    assert with_legend(bare) is bare


def test_a_picture_has_paper_and_a_title_above_the_drawing():
    whole = picture(DRAWING, title="Klaster", sentence="Satu klaster.")

    paper, title, *others = whole.shapes
    assert (paper.width, paper.height) == (whole.width, whole.height)
    assert title.text == whole.title == "Klaster"
    assert all(spot(shape)[1] > title.y for shape in others)
