"""The share of facilities is a plain recount; what has ended counts no more and says so."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from facilities.choices import CredentialKind, Measure
from facilities.models import Facility
from facilities.queries.standing import standings
from facilities.register import FACILITIES
from tests.factories.cities import CityFactory
from tests.factories.facilities import CredentialFactory, FacilityFactory, VisitFactory
from tests.factories.territories import UnitFactory

YEAR, AS_OF = 2026, date(2025, 12, 31)


def answer_to(city, key):
    return FACILITIES.answer(city_id=city.pk, city_slug=city.slug, year=YEAR, key=key)


def rows_of(answer):
    return {row.name: (row.counts, row.says) for row in answer.rows}


@pytest.mark.django_db
def test_every_facility_of_the_type_is_in_the_denominator(city):
    unit = UnitFactory(city=city, parent__name="Metro Timur", parent__city=city)
    for number in range(3):
        facility = FacilityFactory(city=city, unit=unit, code=f"P{number}")
        if number:
            CredentialFactory(facility=facility, decree=True)
    FacilityFactory(city=city, school=True)  # another type
    FacilityFactory()  # another city

    answer = answer_to(city, "prap/decree")

    assert (answer.numerator, answer.denominator, answer.value) == (2, 3, Decimal("66.67"))
    assert (answer.as_of, answer.noun, answer.missing) == (AS_OF, "puskesmas", ())
    assert {row.group for row in answer.rows} == {"Metro Timur"}
    assert answer.url.endswith("/fasilitas/?jenis=prap")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("issued_on", "expires_on", "counts"),
    [
        (AS_OF, None, True),
        (AS_OF + timedelta(days=1), None, False),
        (date(2024, 1, 1), AS_OF, True),  # its last day
        (date(2024, 1, 1), AS_OF - timedelta(days=1), False),
    ],
)
def test_a_certificate_counts_from_its_first_to_its_last_day(city, issued_on, expires_on, counts):
    facility = FacilityFactory(city=city)
    CredentialFactory(facility=facility, issued_on=issued_on, expires_on=expires_on)

    [row] = answer_to(city, "prap/standard").rows

    assert row.counts is counts


@pytest.mark.django_db
def test_a_certificate_that_has_ended_leaves_the_count_and_says_so(city):
    lapsed = CredentialFactory(
        facility__city=city,
        facility__name="A",
        number="B-1",
        level="Utama",
        expires_on=date(2025, 6, 1),
    )
    CredentialFactory(facility__city=city, facility__name="B", number="B-2")
    FacilityFactory(city=city, name="C")

    answer = answer_to(city, "prap/standard")

    assert rows_of(answer) == {
        "A": (False, "B-1 (Utama) berakhir 1 Juni 2025, tidak terhitung"),
        "B": (True, "B-2, terbit 1 Maret 2024"),
        "C": (False, "belum ada"),
    }
    CredentialFactory(facility=lapsed.facility, issued_on=date(2025, 7, 1), expires_on=None)
    assert answer_to(city, "prap/standard").numerator == 2


@pytest.mark.django_db
def test_decree_certificate_and_own_assessment_are_separate_counts(city):
    CredentialFactory(facility__city=city, decree=True)
    VisitFactory(facility__city=city)
    VisitFactory(facility__city=city, on=AS_OF + timedelta(days=1))  # of the next year
    CredentialFactory(facility__city=city, scheme="kha", kind=CredentialKind.TRAINING)

    counted = {
        measure: answer_to(city, f"prap/{measure}").numerator
        for measure in ("decree", "standard", "assessed")
    }

    assert counted == {"decree": 1, "standard": 0, "assessed": 1}


@pytest.mark.django_db
def test_an_office_without_a_nursing_room_is_a_row_and_one_not_looked_at_is_missing(city):
    for name, provides in (("A", True), ("B", False), ("C", None)):
        FacilityFactory(city=city, office=True, name=name, provides=provides)
    FacilityFactory(city=city, office=True, kind="fasilitas-umum", provides=True)

    answer = answer_to(city, "ruang-asi.kantor/provided")

    assert rows_of(answer) == {
        "A": (True, "ada"),
        "B": (False, "tidak ada"),
        "C": (None, "belum didata"),
    }
    assert [row.name for row in answer.missing] == ["C"]


@pytest.mark.django_db
def test_only_what_was_there_on_the_day_is_counted(city):
    day = timedelta(days=1)
    for name, fields in {
        "before": {"active_to": AS_OF - day},
        "last day": {"active_to": AS_OF},
        "first day": {"active_from": AS_OF},
        "after": {"active_from": AS_OF + day},
    }.items():
        FacilityFactory(city=city, name=name, **fields)

    assert {row.name for row in answer_to(city, "prap/decree").rows} == {"last day", "first day"}


@pytest.mark.django_db
def test_an_unknown_key_is_no_answer(city):
    assert FACILITIES.gives("taman/decree") is None
    with pytest.raises(LookupError):
        answer_to(city, "taman/decree")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["prap/decree", "prap/standard", "prap/assessed"])
def test_the_answer_costs_the_same_for_one_and_for_thirty(city, key):
    other = CityFactory()
    for place, count in ((city, 1), (other, 30)):
        for facility in FacilityFactory.create_batch(count, city=place):
            CredentialFactory(facility=facility)
            VisitFactory(facility=facility)

    costs = []
    for place in (city, other):
        with CaptureQueriesContext(connection) as queries:
            answer_to(place, key)
        costs.append(len(queries))

    assert costs == [2, 2]


DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))


def spans(first):
    """A first day and a last one, which may be open."""
    return st.tuples(first, st.none() | DAYS).map(
        lambda pair: tuple(sorted(pair)) if None not in pair else pair
    )


PAPERS = st.lists(
    st.tuples(st.sampled_from(["decree", "standard", "training"]), spans(DAYS)), max_size=3
)
FACILITIES_OF = st.lists(st.tuples(PAPERS, spans(st.none() | DAYS)), max_size=4)
SCHEME = {"decree": "sk", "standard": "prap", "training": "kha"}


def holds(first, last):
    return (first is None or first <= AS_OF) and (last is None or last >= AS_OF)


class PlainRecount(TestCase):
    @settings(max_examples=40, derandomize=True)
    @given(told=FACILITIES_OF, measure=st.sampled_from(["decree", "standard"]))
    def test_the_share_equals_what_a_person_with_a_sheet_of_paper_counts(self, told, measure):
        city = CityFactory()
        counted = whole = 0
        for papers, (begins, ends) in told:
            facility = FacilityFactory(city=city, active_from=begins, active_to=ends)
            for kind, (issued_on, expires_on) in papers:
                CredentialFactory(
                    facility=facility,
                    scheme=SCHEME[kind],
                    kind=kind,
                    issued_on=issued_on,
                    expires_on=expires_on,
                )
            if holds(begins, ends):
                whole += 1
                counted += any(kind == measure and holds(*days) for kind, days in papers)

        answer = answer_to(city, f"prap/{measure}")

        assert (answer.numerator, answer.denominator) == (counted, whole)
        self.assert_twins_agree(city, CredentialKind(measure))

    def assert_twins_agree(self, city, kind):
        """The filter of the list finds those that the rule in Python counts."""
        there = Facility.objects.filter(city=city)
        by_rule = {
            one.facility.pk for one in standings(there, AS_OF) if one.counts(Measure(kind.value))
        }
        assert set(there.with_paper(kind, AS_OF).values_list("pk", flat=True)) == by_rule
