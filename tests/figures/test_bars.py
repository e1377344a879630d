from decimal import Decimal
from types import SimpleNamespace

import pytest

from figures.layout import bars as charts


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
    assert charts.along(value, maximum, 1000) == place


def test_on_a_shared_scale_half_the_maximum_is_half_the_length():
    drawn = charts.bars([row(60, 90, 120), row(15, 30, 60)], shared_scale=True)

    assert [(bar.evidenced, bar.claimed, bar.maximum) for bar in drawn] == [
        (500, 750, 1000),
        (125, 250, 500),
    ]
    assert [bar.share for bar in drawn] == [Decimal("0.5"), Decimal("0.25")]


def test_on_its_own_scale_every_bar_is_full_length():
    drawn = charts.bars([row(60, 90, 120), row(15, 30, 60)], shared_scale=False)

    assert [(bar.evidenced, bar.claimed, bar.maximum) for bar in drawn] == [
        (500, 750, 1000),
        (250, 500, 1000),
    ]


def test_a_bar_without_points_is_empty_and_without_a_maximum_has_no_share():
    assert charts.bar(None, None, Decimal(10)).evidenced == 0
    assert charts.bar(None, None, Decimal(0)).share is None


def test_stacked_parts_fill_the_line_without_a_gap():
    parts = charts.stacked({"done": 1, "waiting": 1, "returned": 0, "untouched": 1})

    assert [(part.state, part.x, part.width) for part in parts] == [
        ("done", 0, 333),
        ("waiting", 333, 334),
        ("untouched", 667, 333),
    ]


def test_nothing_to_stack_gives_nothing():
    assert charts.stacked({"done": 0, "waiting": 0}) == []


def test_a_radar_reaches_its_rim_where_everything_is_proven():
    drawn = charts.radar([row(10, 10, 10), row(5, 10, 10), row(0, 0, 10), row(5, 20, 10)])

    assert drawn.rings[-1] == "210,53 322,165 210,277 98,165"
    assert drawn.evidenced == "210,53 266,165 210,165 154,165"
    assert drawn.claimed == "210,53 322,165 210,165 98,165"


def test_words_stand_outside_the_radar_and_a_long_one_is_broken():
    drawn = charts.radar([row(1, 1, 1, "Kecamatan dan desa/kelurahan"), *[row(1, 1, 1)] * 3])

    assert [axis.anchor for axis in drawn.axes] == ["middle", "start", "middle", "end"]
    assert [line for _y, line in drawn.axes[0].lines] == ["Kecamatan dan", "desa/kelurahan"]
    assert drawn.axes[0].lines[-1][0] < 53
