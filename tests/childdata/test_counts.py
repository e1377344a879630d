"""Rates come from counts, sums say what is missing, and what cannot be is told."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childdata.counts import Comparison, Odd, Oddity, compare, oddities, rate
from childdata.identities import looks_like_nik

COUNTS = st.integers(0, 10**7)
NIK = "3674010101150001"


def odd(count, *, whole=None, before=None, jump_percent=50, small=20):
    return oddities(count, whole=whole, before=before, jump_percent=jump_percent, small=small)


def test_a_rate_is_exact_to_a_hundredth():
    assert rate(2, 3) == Decimal("66.67")
    assert rate(1, 8, per=1000) == Decimal("125.00")


def test_half_a_hundredth_goes_up():
    assert rate(1, 20000) == Decimal("0.01")


def test_a_rate_of_nothing_is_unknown_and_not_nought():
    assert rate(0, 0) is None
    assert rate(0, 5) == 0


@given(COUNTS, st.integers(1, 10**7))
def test_a_rate_is_within_half_a_hundredth_of_the_fraction(numerator, denominator):
    off = Fraction(rate(numerator, denominator)) - Fraction(100 * numerator, denominator)
    assert abs(off) <= Fraction(1, 200)


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
    assert odd(101, whole=100) == [Odd(Oddity.ABOVE_WHOLE, 101, 100)]
    assert odd(100, whole=100) == []


def test_less_than_none_is_never_accepted():
    assert odd(-1, whole=100, before=100) == [Odd(Oddity.NEGATIVE, -1, 0)]
    assert odd(-1)[0].needs_note is False
    assert odd(101, whole=100)[0].needs_note is True


@pytest.mark.parametrize("count", [49, 151])
def test_a_change_beyond_the_limit_is_odd(count):
    assert odd(count, before=100) == [Odd(Oddity.JUMP, count, 100)]


@pytest.mark.parametrize("count", [50, 100, 150])
def test_a_change_up_to_the_limit_is_not(count):
    assert odd(count, before=100) == []


def test_small_counts_may_jump():
    assert odd(19, before=1) == []
    assert odd(20, before=1) == [Odd(Oddity.JUMP, 20, 1)]


def test_what_is_unknown_is_measured_by_nothing():
    assert odd(10**6) == []
    assert odd(10**6, before=1, jump_percent=None) == []


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"Anak dengan NIK {NIK}.",
        "36.7401.010115.0001",
        "3674 0101 0115 0001",
        "3674-0101 . 0115\u00a00001",
        "3674\u20130101\n01150001",
        NIK + NIK,
    ],
)
def test_a_number_of_a_person_is_seen(text):
    assert looks_like_nik(text) is True


@pytest.mark.parametrize(
    "text",
    ["", "12.345 anak", NIK[:15], "Rp3.674.010.101", "2023, 2024, 2023, 2024", "0812-3456-7890"],
)
def test_other_numbers_are_not(text):
    assert looks_like_nik(text) is False


@given(st.lists(st.sampled_from(["", " ", ".", "-", " . "]), min_size=15, max_size=15))
def test_nothing_set_between_the_digits_hides_it(between):
    typed = NIK[0] + "".join(gap + digit for gap, digit in zip(between, NIK[1:], strict=True))
    assert looks_like_nik(f"catatan {typed} selesai") is True
