import itertools
from decimal import Decimal
from types import SimpleNamespace

import pytest

from figures.layout.ladder import small_ladder, spread, tall_ladder, wide_ladder

BOUNDS = [
    ("Pratama", 500, 600),
    ("Madya", 601, 700),
    ("Nindya", 701, 800),
    ("Utama", 801, 900),
    ("KLA", 901, 1000),
]


def ladder(evidenced, claimed, **given):
    values = {
        "target_minimum": None,
        "target_predikat": None,
        "award": None,
        "official": None,
        "unit": "",
    }
    return SimpleNamespace(
        bands=[SimpleNamespace(predikat=p, minimum=low, maximum=high) for p, low, high in BOUNDS],
        maximum=Decimal(1000),
        evidenced=Decimal(evidenced),
        claimed=Decimal(claimed),
        **{**values, **given},
    )


def by_kind(drawing):
    return {marker.kind: marker for marker in drawing.markers}


def test_the_wide_ladder_is_to_scale():
    steps = wide_ladder(ladder(0, 0)).steps

    assert [(step.predikat, step.x - 24, step.width) for step in steps] == [
        ("Pratama", 500, 100),
        ("Madya", 601, 99),
        ("Nindya", 701, 99),
        ("Utama", 801, 99),
        ("KLA", 901, 99),
    ]


def test_the_steps_rise_and_deepen():
    steps = wide_ladder(ladder(0, 0)).steps

    assert [step.tone for step in steps] == [1, 2, 3, 4, 5]
    assert sorted({step.height for step in steps}) == [step.height for step in steps]


@pytest.mark.parametrize(
    ("total", "step"),
    [("500", 0), ("600", 0), ("600.5", 0), ("601", 1), ("700.99", 1), ("701", 2), ("1000", 4)],
)
def test_a_total_stands_on_the_last_step_that_it_reaches(total, step):
    drawing = wide_ladder(ladder(total, total))

    assert by_kind(drawing)["evidenced"].y == drawing.steps[step].y - 15


def test_a_total_below_the_first_step_stands_on_the_ground():
    drawing = wide_ladder(ladder("499.99", "600"))

    assert by_kind(drawing)["evidenced"].y == drawing.ground.y - 15


def test_the_words_of_two_close_totals_lie_in_two_rows_on_two_sides():
    markers = by_kind(wide_ladder(ladder("655", "660")))

    assert (markers["evidenced"].anchor, markers["claimed"].anchor) == ("end", "start")
    assert markers["evidenced"].text_y - markers["claimed"].text_y == 32


@pytest.mark.parametrize(("total", "anchor"), [("0", "start"), ("1000", "end")])
def test_words_at_the_edge_stay_in_the_picture(total, anchor):
    markers = by_kind(wide_ladder(ladder(total, total)))

    assert (markers["evidenced"].anchor, markers["claimed"].anchor) == (anchor, anchor)


def test_an_official_total_is_shown_only_when_there_is_one():
    assert list(by_kind(wide_ladder(ladder(1, 2)))) == ["claimed", "evidenced"]
    assert list(by_kind(wide_ladder(ladder(1, 2, official=Decimal(3))))) == [
        "official",
        "claimed",
        "evidenced",
    ]


@pytest.mark.parametrize(
    ("evidenced", "claimed"), [("610", "615"), ("650", "655"), ("690", "695"), ("300", "999")]
)
def test_the_flag_of_the_last_award_stands_clear_of_the_totals(evidenced, claimed):
    award = SimpleNamespace(predikat="Madya", year=2022)

    drawing = wide_ladder(ladder(evidenced, claimed, award=award))

    flag, step = drawing.flag, drawing.steps[1]
    assert step.x < flag.x < step.x + step.width
    assert flag.y == step.y
    left = flag.x if flag.anchor == "start" else flag.x - 54
    assert [marker for marker in drawing.markers if left <= marker.x <= left + 54] == []


def test_an_award_that_the_bands_do_not_know_has_no_flag():
    award = SimpleNamespace(predikat="Perunggu", year=2011)
    standing = ladder(1, 2, award=award)

    assert wide_ladder(standing).flag is None
    assert list(by_kind(tall_ladder(standing))) == ["claimed", "evidenced"]


def test_the_tall_ladder_keeps_its_words_apart_and_inside():
    standing = ladder(
        "655",
        "660",
        official=Decimal("690.5"),
        target_minimum=Decimal(701),
        target_predikat="Nindya",
        award=SimpleNamespace(predikat="Madya", year=2023),
    )

    drawing = tall_ladder(standing)

    rows = [marker.text_y for marker in drawing.markers]
    assert [marker.kind for marker in drawing.markers] == [
        "target",
        "official",
        "claimed",
        "evidenced",
        "award",
    ]
    assert min(below - above for above, below in itertools.pairwise(rows)) == 26
    assert 0 < rows[0] < rows[-1] < drawing.height


def test_the_tall_ladder_is_to_scale():
    drawing = tall_ladder(ladder("250", "500"))

    assert drawing.base - by_kind(drawing)["evidenced"].y == 120
    assert drawing.base - by_kind(drawing)["claimed"].y == 240
    assert drawing.base - drawing.steps[0].y == 288


def test_the_small_ladder_has_only_the_ramp_and_the_totals():
    drawing = small_ladder(ladder("0", "1000"))

    assert [marker.x for marker in drawing.markers] == [414, 14]
    assert drawing.ticks == ()


def test_an_instrument_without_bands_has_a_ground_and_no_steps():
    standing = ladder("10", "20")
    standing.bands = []

    assert (wide_ladder(standing).steps, wide_ladder(standing).ground.width) == ((), 999)


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([], []),
        ([50], [50]),
        ([10, 90], [10, 90]),
        ([50, 50], [45, 55]),
        ([48, 50, 52], [40, 50, 60]),
        ([0, 0], [0, 10]),
        ([100, 100], [90, 100]),
    ],
)
def test_places_move_apart_no_farther_than_they_must(places, moved):
    assert spread(places, 10, 0, 100) == moved
