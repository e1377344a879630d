"""How numbers, dates and sizes are written."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from figures import numbers

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "kla",
    "public",
    "actionsheets",
    "monitoring",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
    "plans",
    "childdata",
    "regulations",
    "meetings",
    "taskforce",
    "assessments",
    "clusters",
    "cities",
    "figures",
    "outbox",
    "jobs",
    "workbooks",
    "texts",
)
# How a number, a date or a size would be written by hand.
BY_HAND = re.compile(r":,f\}|normalize\(\):f|j F Y|filesizeformat|\"−\"")
MOMENT = dt.datetime(2026, 11, 21, 7, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (Decimal(0), "0"),
        (Decimal("-0.0001"), "0"),
        (Decimal("-17.250"), "−17,25"),
        (Decimal("642.500"), "642,5"),
        (Decimal("771.810"), "771,81"),
        (Decimal("1000.000"), "1.000"),
        (Decimal("1234567.125"), "1.234.567,125"),
        (Decimal("0.0005"), "0,001"),
        (Decimal("1E+3"), "1.000"),
        ("12.50", "12,5"),
        (40, "40"),
    ],
)
def test_points_are_written_the_indonesian_way(value, shown):
    assert numbers.format_points(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0, "0%"), (Decimal("0.425"), "43%"), (Decimal("0.424"), "42%"), (1.0, "100%")],
)
def test_a_share_is_a_whole_percentage(value, shown):
    assert numbers.format_share(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0 byte"),
        (1023, "1.023 byte"),
        (1024, "1 KB"),
        (2_516_582, "2,4 MB"),
        (25 * 1024**2, "25 MB"),
        (5000 * 1024**3, "5.000 GB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_people_use(value, shown):
    assert numbers.format_file_size(value) == shown


def test_a_date_names_its_month():
    assert numbers.format_date(dt.date(2026, 11, 1)) == "1 November 2026"
    assert numbers.format_date(None) == "–"


def test_the_date_of_a_moment_is_the_readers_date():
    late = dt.datetime(2026, 8, 16, 18, 0, tzinfo=dt.UTC)

    assert numbers.format_date(late) == "17 Agustus 2026"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "21 November 2026 14.05 WIB"),
        ("Asia/Makassar", "21 November 2026 15.05 WITA"),
        ("Asia/Jayapura", "21 November 2026 16.05 WIT"),
        ("UTC", "21 November 2026 07.05 UTC+0"),
        ("Asia/Kolkata", "21 November 2026 12.35 UTC+5.5"),
    ],
)
def test_a_moment_names_the_readers_zone(zone, shown):
    with timezone.override(zone):
        assert numbers.format_zoned_moment(MOMENT) == shown


def test_a_moment_without_a_zone_is_shown_without_one():
    assert numbers.format_zoned_moment(MOMENT.replace(tzinfo=None)) == "21 November 2026 07.05"
    assert numbers.format_zoned_moment(None) == "–"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 byte"), (1, "1 byte"), (1_023, "1023 byte"), (1_024, "1,0 KB"), (2_516_582, "2,4 MB")],
)
def test_a_size_is_said_in_one_word_for_bytes(count, words):
    assert numbers.format_size_limit(count) == words.replace(" ", "\xa0")


@pytest.mark.parametrize(
    ("size", "told"),
    [(6_000_000, ("5,7 MB", "4,8 MB")), (5_000_001, ("5.000.001 byte", "5.000.000 byte"))],
)
def test_a_size_just_over_its_limit_never_reads_like_it(size, told):
    facts = numbers.too_large_facts(size, 5_000_000)

    assert tuple(facts[name].replace("\xa0", " ") for name in ("size", "limit")) == told


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (Decimal(0), "0"), (Decimal("12.50"), "+12,5"), (-1200, "−1.200")],
)
def test_a_change_has_its_sign(value, shown):
    assert numbers.format_change(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (Decimal("1000.000"), "1000"), (Decimal("0.660"), "0,66"), (Decimal(-2), "-2")],
)
def test_what_is_kept_as_data_has_no_mark_between_thousands(value, shown):
    assert numbers.format_ungrouped(value) == shown


def test_a_moment_is_told_by_its_own_clock_and_a_short_date_day_first():
    assert numbers.format_moment(MOMENT) == "21 November 2026 07.05"
    assert numbers.format_short_date(MOMENT.date()) == "21/11/2026"


def test_numbers_dates_and_sizes_are_written_in_one_place():
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    writing = {str(file.relative_to(ROOT)) for file in files if BY_HAND.search(file.read_text())}

    # A command for administrators reports stored values with the decimal point they have.
    assert writing - {"assessments/management/commands/refresh_scores.py"} == {"figures/numbers.py"}
