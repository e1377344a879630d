"""How many facilities, trained people and children, in each of the two evaluated years."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.choices import CredentialKind
from facilities.register import FACILITIES
from facilities.types import key_of
from registers.contract import AnswerKind, Count, YearCount
from registers.wording import year_line
from tests.factories.cities import CityFactory
from tests.factories.facilities import CredentialFactory, FacilityFactory, FacilityUseFactory

pytestmark = pytest.mark.django_db

YEAR = 2026  # looks at 2024 and 2025


@pytest.fixture
def city():
    return CityFactory()


def answer_to(city, key):
    return FACILITIES.answer(city_id=city.pk, city_slug=city.slug, year=YEAR, key=key)


def training(facility, people, **fields):
    kind = {"scheme": "kha", "kind": CredentialKind.TRAINING, "expires_on": None}
    return CredentialFactory(facility=facility, people=people, **{**kind, **fields})


@pytest.mark.parametrize(
    ("key", "gives"),
    [
        ("prap/standard", AnswerKind.SHARE),
        ("prap/standard/count", AnswerKind.COUNT),
        ("pisa/users/count", AnswerKind.COUNT),
        ("pisa/users", None),  # children are no share of facilities
        ("ktr/users/count", None),  # nobody records them
        ("pengasuhan/recorded", None),
        ("prap/standard/share", None),
        ("prap/standard/", None),
        ("prap/standard/count/2", None),
    ],
)
def test_a_key_says_whether_it_counts_or_gives_a_share(key, gives):
    assert FACILITIES.gives(key) == gives


def test_certified_facilities_are_counted_at_the_end_of_both_years(city):
    CredentialFactory(facility__city=city, facility__name="Both")  # 2024 to 2027
    CredentialFactory(facility__city=city, facility__name="Lapsed", expires_on=date(2025, 12, 30))
    CredentialFactory(facility__city=city, facility__name="New", issued_on=date(2025, 12, 31))
    CredentialFactory(
        facility__city=city, facility__name="Shut", facility__active_to=date(2025, 3, 1)
    )
    FacilityFactory(city=city, name="Without", active_from=date(2025, 1, 1))
    FacilityFactory(city=city, name="Long gone", active_to=date(2024, 3, 1))
    CredentialFactory()  # another city

    answer = answer_to(city, "prap/standard/count")

    assert answer.years == (
        YearCount(2024, Count(3), Count(4)),
        YearCount(2025, Count(2), Count(4)),
    )
    assert (answer.value, answer.shown, answer.noun, answer.missing) == (2, "2", "puskesmas", ())
    assert {row.name: (row.counts, row.years[0].counted.total) for row in answer.rows} == {
        "Both": (True, 1),
        "Lapsed": (False, 1),
        "New": (True, 0),
        "Shut": (False, 1),
        "Without": (False, 0),
    }
    shut = next(row for row in answer.rows if row.name == "Shut")
    assert shut.says == "ada sampai 1 Maret 2025"


def test_children_who_use_them_are_counted_by_sex_and_who_said_nothing_is_missing(city):
    first, second, third = FacilityFactory.create_batch(3, city=city, type="pisa")
    FacilityUseFactory(facility=first, year=2024, boys=10, girls=20)
    FacilityUseFactory(facility=first, year=2025, boys=11, girls=22)
    FacilityUseFactory(facility=second, year=2024, boys=5, girls=5)
    FacilityUseFactory(facility=third, year=2025, boys=0, girls=0, special=0)
    FacilityUseFactory(facility=first, year=2023, boys=500, girls=500)

    answer = answer_to(city, "pisa/users/count")

    assert [year_line(one) for one in answer.years] == [
        "2024: 40 (L 15, P 25)",
        "2025: 33 (L 11, P 22)",
    ]
    assert (answer.value, answer.denominator, answer.noun) == (33, None, "anak")
    assert [row.name for row in answer.missing] == [second.name]
    assert [row.says for row in answer.rows] == ["33 anak", "belum dicatat", "0 anak"]


def test_trained_people_are_those_on_papers_that_hold(city):
    names = ("Two papers", "Ended", "No number", "Never told", "None")
    found = {
        name: FacilityFactory(city=city, name=name, trained=0 if name == "None" else None)
        for name in names
    }
    training(found["Two papers"], 3)
    training(found["Two papers"], 4, issued_on=date(2025, 2, 1))
    training(found["Ended"], 5, expires_on=date(2025, 1, 1))
    training(found["No number"], None)
    CredentialFactory(facility=found["None"])  # a standard is no training

    answer = answer_to(city, "prap/trained/count")

    assert [one.counted.total for one in answer.years] == [8, 7]
    assert {row.name: row.counts for row in answer.rows} == {
        "Two papers": True,
        "Ended": None,
        "No number": None,
        "Never told": None,
        "None": False,
    }


def test_whatever_is_recorded_is_counted_where_that_is_asked(city):
    FacilityFactory(city=city, type="pengasuhan", kind="lksa", active_from=date(2025, 5, 1))
    FacilityFactory(city=city, type="pengasuhan", kind="pesantren")

    assert [one.counted.total for one in answer_to(city, "pengasuhan/recorded/count").years] == [
        1,
        2,
    ]
    lksa = answer_to(city, "pengasuhan.lksa/recorded/count")
    assert [one.counted.total for one in lksa.years] == [0, 1]
    assert key_of("pengasuhan.lksa/recorded/count").title.endswith("LKSA: yang ada")


def test_a_city_that_recorded_nothing_has_no_number(city):
    answer = answer_to(city, "pka/decree/count")

    assert (answer.value, answer.rows, answer.is_empty) == (None, (), True)


@pytest.mark.parametrize(
    "key", ["prap/standard/count", "pengasuhan/recorded/count", "pisa/users/count"]
)
def test_a_count_costs_the_same_for_one_and_for_thirty(city, key):
    sort, other = key.partition("/")[0], CityFactory()
    for place, count in ((city, 1), (other, 30)):
        for facility in FacilityFactory.create_batch(count, city=place, type=sort):
            FacilityUseFactory(facility=facility, year=2025)

    costs = []
    for place in (city, other):
        with CaptureQueriesContext(connection) as queries:
            answer_to(place, key)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 2
