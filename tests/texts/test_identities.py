"""A number of a person is seen however it is spaced, and no other number is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.identities import looks_like_nik

NIK = "3674010101150001"


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
