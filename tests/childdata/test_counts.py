"""Sums say what is missing, and what is odd is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childdata.counts import Comparison, Odd, compare, excess, jump

COUNTS = st.integers(0, 10**7)


def jumped(count, *, before, percent=50, small=20):
    return jump(count, before, percent=percent, small=small)


def test_the_difference_to_the_city_is_shown():
    assert compare([10, 20], 33) == Comparison(units_total=30, city_total=33, missing=0)
    assert compare([10, 20], 33).difference == 3


def test_a_unit_that_did_not_report_is_not_a_nought():
    told = compare([10, None, 20], 30)
    assert (told.missing, told.difference, told.agrees) == (1, 0, False)
    assert compare([10, 0, 20], 30).agrees is True


def test_a_city_without_a_total_has_no_difference():
    assert compare([1], None).difference is None
    assert compare([1], None).agrees is False


@given(st.lists(st.none() | COUNTS, max_size=30), st.randoms())
def test_a_sum_is_that_of_a_plain_recount_in_any_order(units, random):
    shuffled = list(units)
    random.shuffle(shuffled)
    told = compare(shuffled, 0)
    assert told.units_total == sum(count or 0 for count in units)
    assert told.missing == units.count(None)


def test_more_certificates_than_children_is_odd_and_as_many_is_not():
    assert excess(101, 100) == Odd(101, 100)
    assert excess(100, 100) is None


@pytest.mark.parametrize("count", [49, 151])
def test_a_change_beyond_the_limit_is_odd(count):
    assert jumped(count, before=100) == Odd(count, 100)


@pytest.mark.parametrize("count", [50, 100, 150])
def test_a_change_up_to_the_limit_is_not(count):
    assert jumped(count, before=100) is None


def test_small_counts_may_jump():
    assert jumped(19, before=1) is None
    assert jumped(20, before=1) == Odd(20, 1)


def test_what_is_unknown_is_measured_by_nothing():
    assert excess(10**6, None) is None
    assert excess(None, 1) is None
    assert jumped(10**6, before=None) is None
    assert jumped(10**6, before=1, percent=None) is None
