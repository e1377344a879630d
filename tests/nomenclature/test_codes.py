"""Codes of the nomenclature: read as text, and what became of them under the next decree."""

from datetime import date
from decimal import Decimal

import pytest

from nomenclature.codes import (
    CodeAnswer,
    CodeBook,
    CodeEntry,
    CodeState,
    level_of,
    look_up,
    look_up_in,
    read_nomenclature_code,
    read_previous,
)
from workbooks.codes import CellError

CODE, NEXT = "2.08.07.2.01.0003", "2.08.07.2.01.0009"
TODAY = date(2026, 3, 2)


def book(year, *entries):
    return CodeBook(f"Keputusan {year}", date(year, 1, 1), {one.code: one for one in entries})


OLD = book(2023, CodeEntry(CODE, "Koordinasi KLA"))


def test_a_code_of_the_newest_decree_is_valid_with_its_name():
    answer = look_up(CODE, [OLD], on=TODAY)

    assert answer == CodeAnswer(CodeState.VALID, "Koordinasi KLA", "", "Keputusan 2023")


def test_a_code_that_kept_its_number_but_not_its_name_says_both():
    answer = look_up(CODE, [OLD, book(2025, CodeEntry(CODE, "Sinkronisasi KLA"))], on=TODAY)

    assert (answer.state, answer.name, answer.before) == (
        CodeState.RENAMED,
        "Sinkronisasi KLA",
        "Koordinasi KLA",
    )


def test_a_name_in_other_case_is_no_change():
    answer = look_up(CODE, [OLD, book(2025, CodeEntry(CODE, "KOORDINASI KLA"))], on=TODAY)

    assert answer.state == CodeState.VALID


def test_a_code_whose_place_others_took_names_all_of_them():
    heirs = [CodeEntry(NEXT, "Baru", (CODE,)), CodeEntry("2.08.07.2.01.0010", "Dua", (CODE,))]

    answer = look_up(CODE, [OLD, book(2025, *heirs)], on=TODAY)

    assert (answer.state, answer.successors) == (CodeState.REPLACED, tuple(heirs))
    assert answer.name == "Koordinasi KLA"


def test_a_code_that_the_newest_decree_does_not_know_is_deleted():
    answer = look_up(CODE, [OLD, book(2025, CodeEntry(NEXT, "Lain"))], on=TODAY)

    assert (answer.state, answer.decree) == (CodeState.DELETED, "Keputusan 2025")


def test_a_decree_counts_from_its_first_day():
    coming = book(2026, CodeEntry(NEXT, "Baru", (CODE,)))

    assert look_up(CODE, [OLD, coming], on=date(2025, 12, 31)).state == CodeState.VALID
    assert look_up(CODE, [OLD, coming], on=date(2026, 1, 1)).state == CodeState.REPLACED


@pytest.mark.parametrize(("code", "books"), [("", [OLD]), (CODE, []), ("9.99", [OLD])])
def test_what_no_decree_ever_had_is_unknown(code, books):
    assert look_up(code, books, on=TODAY).state == CodeState.UNKNOWN


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("2.08", "bidang"),
        ("2.08.06", "program"),
        ("2.08.06.2.01", "kegiatan"),
        (CODE, "sub-kegiatan"),
        ("2.08.06.2", ""),
    ],
)
def test_a_code_says_by_its_parts_what_it_names(code, level):
    assert level_of(code) == level


@pytest.mark.parametrize(
    ("cell", "code"), [(f" {CODE} ", CODE), ("x.xx.01.2.01", "X.XX.01.2.01"), ("", ""), (None, "")]
)
def test_a_code_is_read_as_text(cell, code):
    assert read_nomenclature_code(cell) == code


@pytest.mark.parametrize("cell", [Decimal("2.08"), date(2006, 8, 2)])
def test_a_code_that_a_spreadsheet_changed_is_refused(cell):
    with pytest.raises(CellError, match="teks"):
        read_nomenclature_code(cell)


@pytest.mark.parametrize("cell", ["dua", "2", "2.08.", "2.08.07.2.01.0003.1", "2.123", True])
def test_what_is_no_code_is_refused(cell):
    with pytest.raises(CellError, match="bukan kode"):
        read_nomenclature_code(cell)


def test_several_codes_may_have_been_replaced():
    assert read_previous(f"{CODE}; {NEXT}\n2.08") == (CODE, NEXT, "2.08")
    assert read_previous(None) == ()


def coming(day, *entries):
    return CodeBook("Keputusan baru", day, {one.code: one for one in entries})


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 1), CodeState.REPLACED),  # holds when the year begins
        (date(2026, 1, 2), CodeState.VALID),  # the budget was written before
        (date(2026, 12, 31), CodeState.VALID),
        (date(2027, 1, 1), CodeState.VALID),
    ],
)
def test_a_code_that_holds_when_the_year_begins_is_valid_in_all_of_it(day, state):
    books = [OLD, coming(day, CodeEntry(NEXT, "Baru", (CODE,)))]

    assert look_up_in(CODE, books, year=2026).state == state
    assert look_up_in(CODE, books, year=2025).state == CodeState.VALID
    assert look_up_in(CODE, books, year=2028).state == CodeState.REPLACED


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 1), CodeState.VALID),
        (date(2026, 12, 31), CodeState.VALID),
        (date(2027, 1, 1), CodeState.UNKNOWN),
    ],
)
def test_a_code_that_the_year_itself_brings_may_be_planned_with(day, state):
    assert look_up_in(NEXT, [OLD, coming(day, CodeEntry(NEXT, "Baru"))], year=2026).state == state


def test_a_name_that_changes_during_the_year_is_that_of_its_beginning():
    books = [OLD, coming(date(2026, 7, 1), CodeEntry(CODE, "Sinkronisasi KLA"))]

    answer = look_up_in(CODE, books, year=2026)

    assert (answer.state, answer.name, answer.change) == (CodeState.VALID, "Koordinasi KLA", "")
    assert look_up_in(CODE, books, year=2027).change == "Nama sebelumnya: Koordinasi KLA."


@pytest.mark.parametrize(
    ("heirs", "change"),
    [
        ([CodeEntry(NEXT, "Baru")], "Dihapus oleh Keputusan baru."),
        ([CodeEntry(NEXT, "Baru", (CODE,))], f"Diganti oleh Keputusan baru: {NEXT} Baru."),
        (
            [CodeEntry(NEXT, "Baru", (CODE,)), CodeEntry("2.08.09", "Dua", (CODE,))],
            f"Diganti oleh Keputusan baru: {NEXT} Baru; 2.08.09 Dua.",
        ),
        ([CodeEntry(CODE, "Koordinasi KLA")], ""),
    ],
)
def test_what_became_of_a_code_is_told_in_a_sentence(heirs, change):
    answer = look_up_in(CODE, [OLD, coming(date(2026, 1, 1), *heirs)], year=2026)

    assert answer.change == change


def test_of_a_code_that_nobody_knows_no_change_is_told():
    assert look_up_in("9.99", [OLD], year=2026).change == ""
    assert look_up_in(CODE, [], year=2026).change == ""
