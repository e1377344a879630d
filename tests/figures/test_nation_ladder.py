"""Many cities on one ladder: counts on its steps, totals heaped where they stand."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from figures.layout.nation_ladder import START, TALLEST, nation_ladder


@dataclass(frozen=True)
class Band:
    predikat: str
    minimum: int
    maximum: int


BANDS = (Band("Pratama", 500, 600), Band("Madya", 601, 700))


def test_steps_carry_the_count_of_their_predikat():
    drawn = nation_ladder(BANDS, 1000, {"Madya": 3, "lain": 9}, [])

    assert [(step.predikat, step.count) for step in drawn.steps] == [
        ("Pratama", 0),
        ("Madya", 3),
    ]
    assert [step.x - START for step in drawn.steps] == [500, 601]
    assert drawn.heaps == ()


def test_a_heap_stands_on_the_step_or_ground_at_its_place():
    drawn = nation_ladder(BANDS, 1000, {}, [Decimal(100), Decimal(550), Decimal(555), Decimal(650)])

    pratama, madya = drawn.steps
    assert [(heap.count, heap.y + heap.height) for heap in drawn.heaps] == [
        (1, drawn.base - 32),
        (2, pratama.y),
        (1, madya.y),
    ]


# By their points, how many cities: drawn in one go where a list of each would take too long.
@given(st.dictionaries(st.integers(0, 1000), st.integers(1, 15), max_size=40))
def test_every_total_is_in_one_heap_and_no_heap_leaves_the_drawing(cities):
    totals = [Decimal(points) for points, count in cities.items() for _city in range(count)]

    drawn = nation_ladder(BANDS, 1000, {}, totals)

    assert sum(heap.count for heap in drawn.heaps) == len(totals)
    assert all(0 < heap.height <= TALLEST and heap.y >= 0 for heap in drawn.heaps)
    assert all(
        heap.x >= START and heap.x + heap.width <= drawn.width - START for heap in drawn.heaps
    )


def test_a_ladder_without_steps_is_ground():
    drawn = nation_ladder((), 0, {}, [])

    assert (drawn.steps, drawn.heaps, drawn.ground) == ((), (), 0)
