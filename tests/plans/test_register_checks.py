"""The checks know what a register says, what was not taken from it, and who was silent."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer
from plans.checks import RULES
from plans.queries.checks import checked_year
from registers.models import TakenValue
from tests.assessments.situations import NOW, later, secretary_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory
from tests.registers.test_taking import territorial_spec

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return open_year(city=CityFactory(), spec=territorial_spec())


def taken(year, code, value, missing=0, at=NOW):
    return TakenValue.objects.create(
        answer=answer_of(year, code),
        register="wilayah",
        key=code,
        as_of=NOW.date(),
        value=Decimal(value),
        numerator=38,
        denominator=40,
        missing=missing,
        rows=[],
        fingerprint="0" * 64,
        by=secretary_of(year),
        at=at,
    )


def answered(year, code, **fields):
    Answer.objects.filter(pk=answer_of(year, code).pk).update(**fields)


def found(year, code):
    [rule] = [rule for rule in RULES if rule.code == code]
    rows = rule.find(checked_year(year, today=NOW.date()))
    return {one.answer.question.code: one.facts for one in rows}


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        ("80", "Jawaban 80%, register 38 dari 40 (95%)."),
        ("95.501", "Jawaban 95,501%, register 38 dari 40 (95%)."),
        ("95.5", None),
        ("94.5", None),
        (None, None),
    ],
)
def test_a_figure_other_than_the_register_is_told_beyond_the_tolerance(year, value, facts):
    taken(year, "26.4", 95)
    answered(year, "26.4", value=value)
    answered(year, "26.5", value=7)  # nothing was taken here

    assert found(year, "B8") == ({"26.4": facts} if facts else {})


def test_a_city_hall_sets_the_tolerance(year, settings):
    taken(year, "26.4", 95)
    answered(year, "26.4", value=80)

    settings.KLA_REGISTER_TOLERANCE = Decimal(15)
    assert found(year, "B8") == {}
    settings.KLA_REGISTER_TOLERANCE = Decimal("14.9")
    assert list(found(year, "B8")) == ["26.4"]


def test_what_was_taken_last_is_what_counts(year):
    taken(year, "26.4", 95, missing=2, at=later())
    taken(year, "26.4", 80, missing=5)
    answered(year, "26.4", value=95)

    assert found(year, "B8") == {}
    assert found(year, "L9") == {
        "26.4": "2 belum diketahui ketika nilai diambil: 38 dari 40 (95%)."
    }


def test_a_claim_that_a_register_could_stand_behind_is_told_until_it_is_taken(year):
    answered(year, "26.4", claimed_points=3)
    answered(year, "26.5", claimed_points=0)
    answered(year, "26.18", claimed_points=3)  # no register answers it

    facts = "Diklaim 3 poin, angkanya belum diambil dari register."
    assert found(year, "L8") == {"26.4": facts}
    taken(year, "26.4", 95)
    assert found(year, "L8") == {}


def test_units_that_were_silent_when_it_was_taken_are_told(year):
    taken(year, "26.4", 95, missing=0)
    taken(year, "26.5", 95, missing=1)
    other = taken(open_year(city=CityFactory()), "1.2", 95, missing=9)

    seen = checked_year(year, today=NOW.date()).taken
    assert other.answer_id not in seen
    assert found(year, "L9") == {
        "26.5": "1 belum diketahui ketika nilai diambil: 38 dari 40 (95%)."
    }


def test_the_checks_read_a_year_in_as_many_queries_whatever_was_taken(year):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            checked_year(year, today=NOW.date())
        return len(captured)

    none = queries()
    for code in ("26.4", "26.5", "26.4"):
        taken(year, code, 95, missing=1)

    assert (none, queries()) == (6, 6)
