"""Where the pace of the last days leads, and how sure that is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.pace import Forecast, Unknown, forecast, student_t


def test_an_even_pace_leads_to_one_number():
    found = forecast([2] * 28, done=56, total=274, days_left=30)

    assert found == Forecast(rate=2.0, expected=116, low=116, high=116)


def test_uneven_days_widen_the_range_and_more_days_widen_it_further():
    weeks = [4, 4, 4, 4, 4, 0, 0] * 4

    near, far = (forecast(weeks, done=80, total=500, days_left=days) for days in (7, 28))

    assert (near.expected, far.expected) == (100, 160)
    assert near.high - near.low < far.high - far.low
    assert near.low < 100 < near.high


def test_only_the_last_four_weeks_count():
    assert forecast([50] * 100 + [1] * 28, done=9, total=500, days_left=10).expected == 19


def test_more_than_there_is_and_less_than_is_done_are_never_promised():
    weeks = [9, 0, 0, 0, 0, 0, 0] * 4

    found = forecast(weeks, done=36, total=40, days_left=7)

    assert (found.low, found.expected, found.high) == (36, 40, 40)


@pytest.mark.parametrize(
    ("daily", "done", "days_left", "why"),
    [
        ([1] * 28, 10, 5, Unknown.DONE),
        ([1] * 28, 5, None, Unknown.NO_DEADLINE),
        ([1] * 28, 5, 0, Unknown.PAST),
        ([1] * 28, 5, -3, Unknown.PAST),
        ([1] * 13, 5, 5, Unknown.TOO_SHORT),
        ([0] * 26 + [3, 2], 5, 5, Unknown.TOO_LITTLE),
    ],
)
def test_where_nothing_can_be_said_it_says_why(daily, done, days_left, why):
    assert forecast(daily, done=done, total=10, days_left=days_left) == why


def test_fourteen_days_with_three_active_ones_are_enough():
    assert isinstance(forecast([0] * 11 + [1] * 3, done=3, total=9, days_left=5), Forecast)


@pytest.mark.parametrize(
    ("freedom", "bound"), [(13, 1.350), (20, 1.325), (27, 1.314), (1000, 1.282)]
)
def test_the_bound_is_that_of_the_printed_tables(freedom, bound):
    assert student_t(0.8, freedom) == pytest.approx(bound, abs=0.001)


@pytest.mark.parametrize("days_left", [7, 21, 42])
@pytest.mark.parametrize("weekly", [False, True])
def test_the_range_contains_what_came_about_four_times_in_five(days_left, weekly):
    dice = random.Random(f"{days_left} {weekly}")  # the same histories in every run

    def day(number):
        resting = weekly and number % 7 > 4
        return 0 if resting else sum(dice.random() < 0.2 for _ in range(20))

    held = 0
    for _ in range(400):
        history = [day(number) for number in range(28 + days_left)]
        found = forecast(history[:28], done=0, total=10_000, days_left=days_left)
        held += found.low <= sum(history[28:]) <= found.high
    # With resting days the spread between days overstates the doubt: then it may hold more often.
    assert 0.7 <= held / 400 <= (1 if weekly else 0.9)


@given(
    st.lists(st.integers(0, 20), max_size=60),
    st.integers(0, 300),
    st.integers(0, 300),
    st.none() | st.integers(-5, 400),
)
def test_a_forecast_is_always_in_order(daily, done, total, days_left):
    found = forecast(daily, done=done, total=total, days_left=days_left)

    if isinstance(found, Forecast):
        assert done <= found.low <= found.expected <= found.high <= total
