"""Counts by sex and year: added up from their rows, never made up where nothing is known."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registers.contract import (
    AnswerKind,
    Count,
    RegisterAnswer,
    RegisterRow,
    YearCount,
    added_up,
    read_years,
    stored_row,
    stored_years,
)
from registers.wording import told_of, year_line

AS_OF = date(2025, 12, 31)


def row(name, *years, counts=True):
    return RegisterRow(name, name, "", "", counts, years)


def answer(*rows, kind=AnswerKind.COUNT, **fields):
    return RegisterAnswer(
        title="Anak berakta",
        noun="anak",
        as_of=AS_OF,
        rows=rows,
        url="/",
        kind=kind,
        **{"years": added_up(rows), **fields},
    )


@pytest.mark.parametrize("count", [(-1,), (3, 3, None), (3, None, 3), (3, 1, 1), (0, 1, -1)])
def test_what_no_count_can_be_is_refused(count):
    with pytest.raises(ValueError, match="Count"):
        Count(*count)


def test_sexes_are_added_only_where_both_know_them():
    assert Count.by_sex(3, 4) + Count.by_sex(1, 0) == Count(8, 4, 4)
    assert Count.by_sex(3, 4) + Count(2) == Count(9)
    assert Count(2) + Count.by_sex(3, 4) == Count(9)


def test_a_number_is_that_of_the_later_year_with_the_earlier_one_beside_it():
    told = answer(
        row("A", YearCount(2024, Count.by_sex(2, 3)), YearCount(2025, Count.by_sex(700, 600))),
        row("B", YearCount(2024, Count.by_sex(1, 0)), YearCount(2025, None), counts=None),
    )

    assert (told.value, told.numerator, told.denominator) == (1300, 1300, None)
    assert (told.shown, told_of(told), told.is_empty) == ("1.300", "1.300 anak", False)
    assert [one.name for one in told.missing] == ["B"]
    assert [year_line(one) for one in told.years] == [
        "2024: 6 (L 3, P 3)",
        "2025: 1.300 (L 700, P 600)",
    ]


def test_a_share_of_counts_is_the_later_years_count_of_its_whole():
    told = answer(
        row("A", YearCount(2024, None, None), YearCount(2025, Count(1), Count(2))),
        row("B", YearCount(2025, Count(1), Count(1))),
        kind=AnswerKind.SHARE,
    )

    assert (told.value, told.numerator, told.denominator) == (Decimal("66.67"), 2, 3)
    assert told_of(told) == "2 dari 3 anak (66,67%)"
    assert [year_line(one) for one in told.years] == [
        "2024: belum diketahui",
        "2025: 2 dari 3 (66,67%)",
    ]


def test_nothing_known_is_no_nought():
    silent = answer(row("A", YearCount(2024, Count(5)), YearCount(2025, None), counts=None))
    nought = answer(row("A", YearCount(2025, Count(0))))
    of_nobody = answer(row("A", YearCount(2025, Count(0), Count(0))), kind=AnswerKind.SHARE)

    assert (silent.value, silent.shown, silent.is_empty) == (None, "–", True)
    assert (nought.value, nought.shown, nought.is_empty) == (0, "0", False)
    assert (of_nobody.value, of_nobody.is_empty) == (None, True)
    assert (answer().value, answer().is_empty) == (None, True)


def test_whatever_an_answer_rests_on_changes_its_fingerprint():
    first = answer(row("A", YearCount(2024, Count(3)), YearCount(2025, Count.by_sex(1, 2))))
    others = [
        answer(row("A", YearCount(2024, Count(4)), YearCount(2025, Count.by_sex(1, 2)))),
        answer(row("A", YearCount(2024, Count(3)), YearCount(2025, Count.by_sex(2, 1)))),
        replace(first, kind=AnswerKind.SHARE),
        replace(first, note="Selisih: pindah kelurahan"),
        replace(first, years=first.years[1:]),
        replace(first, as_of=date(2024, 12, 31)),
    ]

    prints = {one.fingerprint for one in (first, *others)}
    assert len(prints) == 1 + len(others)
    assert replace(first).fingerprint == first.fingerprint


def test_a_share_of_units_keeps_the_fingerprint_that_was_stored_before_there_were_counts():
    unit = RegisterRow("18.72.01", "Hadimulyo", "Metro Pusat", "ya", True)
    told = answer(unit, kind=AnswerKind.SHARE)

    assert "years" not in stored_row(unit)
    assert told.fingerprint == "ce96fafdd2546fcc12087c6920c9f84eccd2187cd359ccaa84212765a27e1d8b"


COUNTS = st.builds(Count, st.integers(0, 99)) | st.builds(
    Count.by_sex, st.integers(0, 99), st.integers(0, 99)
)
YEARS = st.tuples(*(st.builds(YearCount, st.just(y), st.none() | COUNTS) for y in (2024, 2025)))


@settings(max_examples=60, derandomize=True)
@given(told=st.lists(YEARS, min_size=1, max_size=6))
def test_the_sum_is_a_plain_recount_in_any_order_and_is_read_as_it_was_kept(told):
    rows = [row(str(number), *years) for number, years in enumerate(told)]

    years = added_up(rows)

    assert years == added_up(reversed(rows))
    for position, one in enumerate(years):
        known = [said[position].counted for said in told if said[position].counted]
        assert (one.counted is None) == (not known)
        if known:
            assert one.counted.total == sum(count.total for count in known)
            by_sex = all(count.male is not None for count in known)
            male = sum(count.male for count in known) if by_sex else None
            assert one.counted.male == male
    assert read_years(json.loads(json.dumps(stored_years(years)))) == years
