"""Whether the number on a document is that of a regulation."""

import pytest

from regulations.matching import number_key, readings, same_number


@pytest.mark.parametrize(
    "written",
    [
        "4 Tahun 2021",
        "Nomor 4 Tahun 2021",
        "No. 4 tahun 2021",
        "4/2021",
        "4 / 2021",
        "NO 4 TH 2021",
    ],
)
def test_the_usual_ways_of_writing_a_number_are_one(written):
    assert same_number(written, number="4", year=2021)


@pytest.mark.parametrize(
    "written", ["", "4", "14 Tahun 2021", "4 Tahun 2020", "4/2020", "4/2021/X", "Perda 4"]
)
def test_a_number_without_its_year_or_of_another_is_not(written):
    assert not same_number(written, number="4", year=2021)


def test_a_long_number_is_compared_as_it_stands():
    number = "463/KEP.118-DP3A/2022"

    assert same_number(f"Nomor: {number.lower()}", number=number, year=2022)
    assert not same_number("463/KEP.119-DP3A/2022", number=number, year=2022)
    assert not same_number("463/KEP.118-DP3A", number="463/KEP.118-DP3A", year=2022)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", set()),
        ("No. 4", set()),
        ("Nomor 4 Tahun 2021", {("4 tahun 2021", 2021), ("4", 2021)}),
        ("4/2021", {("4/2021", 2021), ("4", 2021)}),
        ("2019/2021", {("2019/2021", 2019), ("2019/2021", 2021), ("2019", 2021)}),
        ("463/KEP.7/2022", {("463/kep.7/2022", 2022)}),
        ("12021", {("12021", 1202), ("12021", 2021)}),
    ],
)
def test_what_is_written_may_be_the_whole_number_or_a_number_and_its_year(written, meant):
    assert readings(written) == meant


def test_numbers_are_looked_up_without_regard_to_case_and_accents():
    assert number_key(" 463/Kép.7/2022 ", 2022) in readings("No: 463/KEP.7/2022")
