"""Small drawings: whole numbers, in their order, within their frame."""

import re
from dataclasses import dataclass
from decimal import Decimal

from figures.layout.bars import range_bar
from figures.svg import bar_svg


@dataclass(frozen=True)
class Spread:
    low: Decimal
    expected: Decimal
    high: Decimal
    claimed: Decimal
    maximum: Decimal


def drawn(*values):
    return str(bar_svg(range_bar(Spread(*map(Decimal, values)))))


def test_the_range_lies_on_the_claim_with_the_likeliest_across():
    svg = drawn(40, 50, "62.5", 80, 100)

    assert re.findall(r'class="(\w+)" x="(\d+)" y="0" width="(\d+)"', svg) == [
        ("bar__claimed", "0", "800"),
        ("bar__evidenced", "400", "225"),
        ("bar__frame", "0", "1000"),
    ]
    assert 'd="M500 0V16"' in svg


def test_a_cluster_worth_nothing_is_drawn_empty():
    svg = drawn(0, 0, 0, 0, 0)

    assert re.findall(r'width="(\d+)"', svg) == ["0", "0", "1000"]
