"""What children's data answer: a plain recount of two years, with what is missing and why it differs."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from childdata.models import Observation, ObservedCount
from childdata.register import CHILDREN
from childdata.tables import Cell
from registers.contract import AnswerKind, Count, YearCount
from registers.registry import sight_of, source_for
from registers.services.taking import take_value
from tests.assessments.situations import NOW, secretary_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import CityFactory, OpdFactory, UserFactory
from tests.factories.clusters import only
from tests.factories.territories import UnitFactory

YEAR = 2026  # looks at 2024 and 2025
pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return CityFactory()


def answer_to(city, key):
    return CHILDREN.answer(city_id=city.pk, city_slug=city.slug, year=YEAR, key=key)


def told(city, variable, male, female, year=2025, **fields):
    counts = {Cell("L"): male, Cell("P"): female}
    return ObservationFactory(city=city, variable=variable, year=year, counts=counts, **fields)


def kecamatan(city, *names):
    return [UnitFactory(city=city, kecamatan=True, name=name) for name in names]


def by_sex(male, female):
    return Count.by_sex(male, female)


@pytest.mark.parametrize(
    ("key", "gives"),
    [
        ("akta", AnswerKind.SHARE),
        ("akta/count", AnswerKind.COUNT),
        ("anak/count", AnswerKind.COUNT),
        ("anak", None),  # part of nothing, so no share
        ("akta/share", None),
        ("akta/count/count", None),
        ("/count", None),
        ("", None),
    ],
)
def test_a_key_says_whether_it_counts_or_gives_a_share(city, key, gives):
    assert CHILDREN.gives(key) == gives
    if gives is None:
        with pytest.raises(LookupError):
            answer_to(city, key)


def test_a_share_has_both_years_by_sex_and_the_city_as_its_row(city):
    told(city, "anak", 500, 500)
    told(city, "akta", 450, 300, source="SIAK")
    told(city, "anak", 400, 400, year=2024)
    told(city, "akta", 300, 300, year=2024)
    told(city, "akta", 9, 9, year=2023)
    told(CityFactory(), "akta", 9, 9)

    answer = answer_to(city, "akta")

    assert answer.years == (
        YearCount(2024, by_sex(300, 300), by_sex(400, 400)),
        YearCount(2025, by_sex(450, 300), by_sex(500, 500)),
    )
    assert (answer.value, answer.noun, answer.as_of) == (Decimal(75), "anak", date(2025, 12, 31))
    assert [(row.name, row.says, row.counts, row.years) for row in answer.rows] == [
        ("Seluruh kabupaten/kota", "SIAK", True, answer.years)
    ]
    assert answer.url == f"/kota/{city.slug}/data-anak/2025/akta/"


def test_a_number_stands_alone_and_disabled_children_are_among_the_others(city):
    told(city, "anak", 500, 500)
    counts = {Cell("L"): 4, Cell("P"): 3, Cell("L", "", True): 1, Cell("P", "", True): 2}
    ObservationFactory(city=city, variable="akta", counts=counts)

    answer = answer_to(city, "akta/count")

    assert answer.years == (YearCount(2024, None), YearCount(2025, by_sex(4, 3)))
    assert (answer.value, answer.denominator) == (Decimal(7), None)


def test_nothing_is_offered_where_the_city_or_the_whole_is_unknown(city):
    assert answer_to(city, "akta/count").is_empty
    told(city, "akta", 4, 3)
    assert (answer_to(city, "akta").is_empty, answer_to(city, "akta/count").is_empty) == (
        True,
        False,
    )


def test_kecamatan_are_the_rows_and_one_that_told_nothing_is_missing(city):
    first, second = kecamatan(city, "Barat", "Timur")
    told(city, "anak", 10, 10)
    told(city, "anak", 4, 5, unit=first)

    answer = answer_to(city, "anak/count")

    assert [(row.name, row.counts, row.years[1].counted) for row in answer.rows] == [
        ("Barat", True, by_sex(4, 5)),
        ("Timur", None, None),
    ]
    assert [row.name for row in answer.missing] == [second.name]
    assert answer.note == "2025: 1 kecamatan belum mengisi, selisih dengan kota +11."


def test_without_a_number_of_the_city_all_kecamatan_together_are_the_answer(city):
    first, second = kecamatan(city, "Barat", "Timur")
    told(city, "anak", 4, 5, unit=first)
    assert answer_to(city, "anak/count").is_empty  # one of two is not the city
    told(city, "anak", 1, 2, unit=second)

    answer = answer_to(city, "anak/count")
    assert (answer.value, answer.years[1].counted) == (Decimal(12), by_sex(5, 7))


@pytest.mark.parametrize(
    ("explained", "note"),
    [
        ({}, "2025: selisih kota dengan kecamatan +11 belum dijelaskan."),
        (
            {"explained": 11, "explanation": "Alamat lama."},
            "2025: selisih kota dengan kecamatan +11: Alamat lama.",
        ),
        (
            {"explained": 10, "explanation": "Alamat lama."},
            "2025: selisih kota dengan kecamatan +11 belum dijelaskan.",
        ),
    ],
)
def test_a_difference_to_the_kecamatan_is_told_with_its_reason(city, explained, note):
    [only_one] = kecamatan(city, "Barat")
    told(city, "anak", 10, 10, **explained)
    told(city, "anak", 4, 5, unit=only_one)

    answer = answer_to(city, "anak/count")

    assert (answer.note, answer.value) == (note, Decimal(20))


def test_a_kecamatan_that_ended_is_a_row_of_its_year_alone(city):
    [stays] = kecamatan(city, "Barat")
    gone = UnitFactory(city=city, kecamatan=True, name="Lama", active_to=date(2025, 6, 30))
    for unit, year in ((stays, 2025), (stays, 2024), (gone, 2024)):
        told(city, "anak", 1, 2, year=year, unit=unit)

    answer = answer_to(city, "anak/count")

    assert [(row.name, row.counts, row.says) for row in answer.rows] == [
        ("Barat", True, ""),
        ("Lama", False, "ada sampai 30 Juni 2025"),
    ]
    assert [one.counted for one in answer.years] == [by_sex(2, 4), by_sex(1, 2)]


def test_the_answer_costs_four_queries_for_one_and_for_twenty_kecamatan(city):
    costs = []
    for count in (1, 19):
        for unit in kecamatan(city, *map(str, range(count))):
            told(city, "akta", 1, 1, unit=unit)
        told(city, "akta", count, count, year=2023 + len(costs))
        with CaptureQueriesContext(connection) as queries:
            answer_to(city, "akta")
        costs.append(len(queries))
    assert costs == [3, 3]


def test_taking_files_the_matrix_with_both_years_and_freezes_it():
    city = CityFactory()
    OpdFactory(city=city, code="DUKCAPIL")
    year = open_year(city=city, spec=only(4))
    told(year.city, "anak", 500, 500)
    told(year.city, "akta", 450, 300)
    answer = answer_of(year, "4.2")
    offer = answer_to(year.city, "akta")

    seen = sight_of(source_for(answer, year), offer)
    taken = take_value(answer_id=answer.pk, seen=seen, by=secretary_of(year), at=NOW)

    answer.refresh_from_db()
    assert (answer.value, taken.value, taken.numerator, taken.denominator) == (75, 75, 750, 1000)
    assert taken.document.title == "Matriks 4.2 dari register, 2025"
    again = take_value(answer_id=answer.pk, seen=seen, by=secretary_of(year), at=NOW)
    assert again == taken


def test_the_linter_finds_nothing_in_what_comes_with_the_project():
    assert CHILDREN.faults() == []


TABLE = st.none() | st.tuples(st.integers(0, 50), st.integers(0, 50))
OF_YEAR = st.tuples(TABLE, st.lists(TABLE, min_size=2, max_size=2))


class PlainRecount(TestCase):
    @settings(max_examples=8, derandomize=True)
    @given(parts=st.tuples(OF_YEAR, OF_YEAR), wholes=st.tuples(OF_YEAR, OF_YEAR))
    def test_both_years_equal_what_a_person_with_a_sheet_of_paper_counts(self, parts, wholes):
        city, by = CityFactory(), UserFactory()
        store(city, by, {"akta": parts, "anak": wholes}, [None, *kecamatan(city, "A", "B")])

        answer = answer_to(city, "akta")

        assert answer.years == tuple(
            YearCount(year, recount(*part), recount(*whole))
            for year, part, whole in zip((2024, 2025), parts, wholes, strict=True)
        )
        own, units = parts[1]
        silent = [name for name, table in zip("AB", units, strict=True) if table is None]
        if len(silent) == 2:  # no kecamatan told anything: the city stands for itself
            silent = ["Seluruh kabupaten/kota"] if own is None else []
        assert [row.name for row in answer.missing] == silent


def store(city, by, tables, places):
    cells = []
    for code, years in tables.items():
        for year, (own, units) in zip((2024, 2025), years, strict=True):
            for unit, table in zip(places, (own, *units), strict=True):
                if table is not None:
                    facts = {"variable": code, "year": year, "unit": unit, "by": by, "at": NOW}
                    one = Observation.objects.create(city=city, **facts)
                    cells += [
                        ObservedCount(observation=one, sex=sex, count=count)
                        for sex, count in zip("LP", table, strict=True)
                    ]
    ObservedCount.objects.bulk_create(cells)


def recount(own, units):
    """The city's own count, else all units together if each of them told."""
    if own is None and None in units:
        return None
    told = [own] if own else units
    return Count.by_sex(sum(male for male, _f in told), sum(female for _m, female in told))
