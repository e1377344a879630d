from decimal import Decimal
from types import SimpleNamespace

import pytest

from figures.layout import bars
from figures.layout.shapes import along


def row(evidenced, claimed, maximum, label="Klaster I"):
    return SimpleNamespace(
        label=label,
        name="",
        url="",
        evidenced=Decimal(evidenced),
        claimed=Decimal(claimed),
        maximum=Decimal(maximum),
    )


@pytest.mark.parametrize(
    ("value", "maximum", "place"),
    [
        (0, 100, 0),
        (50, 100, 500),
        (100, 100, 1000),
        (120, 100, 1000),
        (-1, 100, 0),
        (Decimal("33.3"), 100, 333),
        (5, 0, 0),
    ],
)
def test_a_value_has_its_place_on_the_line_and_never_leaves_it(value, maximum, place):
    assert along(value, maximum, 1000) == place


def lengths(shapes):
    """The lengths of a bar by what they stand for."""
    drawn = {shape.style: shape.width for shape in shapes}
    return drawn["bar__evidenced"], drawn["bar__claimed"], drawn["bar__maximum"]


def test_on_a_shared_scale_half_the_maximum_is_half_the_length():
    rows = [row(60, 90, 120), row(15, 30, 60)]
    scale = bars.longest(rows)

    assert [lengths(bars.points_bar(one, scale=scale)) for one in rows] == [
        (500, 750, 1000),
        (125, 250, 500),
    ]
    assert [bars.share_of(one) for one in rows] == [Decimal("0.5"), Decimal("0.25")]


def test_on_its_own_scale_every_bar_is_full_length():
    rows = [row(60, 90, 120), row(15, 30, 60)]

    assert [lengths(bars.points_bar(one)) for one in rows] == [
        (500, 750, 1000),
        (250, 500, 1000),
    ]


def test_a_bar_without_points_is_empty_and_without_a_maximum_has_no_share():
    assert lengths(bars.points_bar(row(0, 0, 10))) == (0, 0, 1000)
    assert bars.share_of(row(0, 0, 0)) is None


def parts(counts):
    return [shape for shape in bars.count_bar(counts) if shape.style != "bar__frame"]


def test_stacked_parts_fill_the_line_without_a_gap():
    drawn = parts({"done": 1, "waiting": 1, "returned": 0, "untouched": 1})

    assert [(part.style, part.x, part.width) for part in drawn] == [
        ("part part--done", 0, 333),
        ("part part--waiting", 333, 334),
        ("part part--untouched", 667, 333),
    ]


def test_nothing_to_stack_gives_nothing():
    assert parts({"done": 0, "waiting": 0}) == []
