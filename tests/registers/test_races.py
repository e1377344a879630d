"""Two people take a register's value at once, and one takes while the register moves."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from assessments.models import Evidence
from registers.models import TakenValue
from registers.services.taking import take_value
from tests.assessments.situations import NOW, secretary_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory, OpdFactory
from tests.factories.territories import ReportFactory, UnitFactory
from tests.registers.test_taking import part_of, report_one_more, take, territorial_spec

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Start all deeds at the same moment; for each, what it returned or its refusal's code."""
    barrier = threading.Barrier(len(deeds), timeout=30)

    def run(deed):
        try:
            barrier.wait()
            return deed()
        except ValidationError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, d) for d in deeds]]


@pytest.fixture
def answer():
    city = CityFactory()
    OpdFactory(city=city, code="DP3A")
    year = open_year(city=city, spec=territorial_spec())
    district = UnitFactory(kecamatan=True, city=city)
    for number in range(4):
        unit = UnitFactory(city=city, parent=district)
        if number < 3:
            ReportFactory(unit=unit)
    return answer_of(year, "26.4")


def taking(answer, by, seen):
    return lambda: take_value(answer_id=answer.pk, seen=seen, by=by, at=NOW)


def test_people_who_take_at_once_take_one_value_with_one_matrix(answer):
    people = [secretary_of(answer.assessment) for _ in range(4)]
    seen = part_of(answer).answer.fingerprint

    told = at_once(*(taking(answer, person, seen) for person in people))

    [taken] = TakenValue.objects.all()
    [evidence] = Evidence.objects.all()
    assert told == [taken] * 4
    assert evidence.document == taken.document


def test_who_takes_while_the_register_moves_gets_what_was_seen_or_is_told(answer):
    secretary = secretary_of(answer.assessment)
    seen = part_of(answer).answer.fingerprint

    told, _ = at_once(taking(answer, secretary, seen), lambda: report_one_more(answer))

    kept = [(one.fingerprint, one.numerator, one.missing) for one in TakenValue.objects.all()]
    assert kept == ([] if told == "moved" else [(seen, 3, 1)])
    assert part_of(answer).has_moved is (told != "moved")
    latest = take(answer, secretary)
    assert (latest.numerator, latest.missing, latest.denominator) == (3, 0, 4)
    assert Evidence.objects.current().count() == 1
