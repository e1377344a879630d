"""Rupiah as people write them: one reading or none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.numbers import format_number, format_rupiah
from workbooks.codes import CellError
from workbooks.money import MOST, read_rupiah
from workbooks.reading import Twofold, Uncomputed

AMOUNTS = st.integers(min_value=0, max_value=MOST)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.250.000.000", 1_250_000_000),
        ("Rp 1.250.000.000", 1_250_000_000),
        ("Rp. 1.250.000.000,00", 1_250_000_000),
        ("rp1250000000", 1_250_000_000),
        ("Rp1.250.000,-", 1_250_000),
        ("1.250", 1_250),
        ("0", 0),
        (Decimal(1_250_000_000), 1_250_000_000),
        (Decimal("1250000000.00"), 1_250_000_000),
        (Decimal("1.25E+9"), 1_250_000_000),
        (Decimal(MOST), MOST),
        ("", None),
        ("  ", None),
        ("-", None),
        (None, None),
    ],
)
def test_an_amount_with_one_reading_is_read(cell, amount):
    assert read_rupiah(cell) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "Rp 1,25 M",  # miliar or million
        "1,25 miliar",
        "1,250",
        "1,250,000",
        "1.25",
        "1.2500",
        "12.50.000",
        "1 250 000",
        "1.250.000,50",
        "seribu",
        "1e9",
        "＝1",
        "1.250.000 - 2.000.000",
    ],
)
def test_an_amount_with_two_readings_or_none_is_refused_and_quoted(cell):
    with pytest.raises(CellError, match=r"1\.250\.000\.000") as error:
        read_rupiah(cell)

    assert cell.split()[0] in str(error.value)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Decimal("1250.5"), "tanpa pecahan"),
        (Decimal(-1), "kurang dari 0"),
        (Decimal(MOST + 1), "seribu triliun"),
        (str(MOST * 10), "seribu triliun"),
        (Twofold(Decimal("0.75"), "75%"), "bisa berarti"),
        (True, "tidak terbaca"),
        (Uncomputed(), "tidak terbaca"),
    ],
)
def test_what_is_no_amount_of_money_is_refused_with_its_reason(cell, words):
    with pytest.raises(CellError, match=words):
        read_rupiah(cell)


@given(AMOUNTS)
def test_what_is_written_is_read_back_to_the_rupiah(amount):
    assert read_rupiah(format_rupiah(amount)) == amount
    assert read_rupiah(format_number(Decimal(amount))) == amount
    assert read_rupiah(Decimal(amount)) == amount
    assert read_rupiah(str(amount)) == amount


@given(st.text(alphabet="0123456789.,RpM -", max_size=20))
def test_a_text_is_an_amount_only_in_its_own_spelling(text):
    try:
        amount = read_rupiah(text)
    except CellError:
        return

    bare = text.strip().removeprefix("R").removeprefix("p").lstrip(". ")
    digits = "".join(char for char in bare.partition(",")[0] if char.isdigit())
    assert amount is None or amount == int(digits)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "Rp0"), (1_250_000_000, "Rp1.250.000.000"), (None, "–"), ("", "–")],
)
def test_rupiah_are_written_with_every_digit(amount, words):
    assert format_rupiah(amount) == words
