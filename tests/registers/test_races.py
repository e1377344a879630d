"""Two people take a register's value at once, and one takes while the register moves."""

import pytest

from assessments.models import Evidence
from clusters.models import QuestionSource
from clusters.register_files import SourceSpec
from registers.models import TakenValue
from registers.registry import source_for
from registers.services.sources import set_source, told_source
from registers.services.taking import take_value
from tests.assessments.situations import NOW, secretary_of
from tests.at_once import at_once
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory, OpdFactory, SiteAdminFactory
from tests.factories.territories import ReportFactory, UnitFactory
from tests.registers.test_taking import part_of, report_one_more, take, territorial_spec

pytestmark = pytest.mark.django_db(transaction=True)


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
    seen = part_of(answer).seen

    told = at_once(*(taking(answer, person, seen) for person in people))

    [taken] = TakenValue.objects.all()
    offered = Evidence.objects.order_by("pk").values_list("document", flat=True)
    assert told == [taken] * 4
    assert list(offered) == [taken.document_id]


def test_who_takes_while_the_register_moves_gets_what_was_seen_or_is_told(answer):
    secretary = secretary_of(answer.assessment)
    seen = part_of(answer).seen

    told, _ = at_once(taking(answer, secretary, seen), lambda: report_one_more(answer))

    kept = [(one.fingerprint, one.numerator, one.missing) for one in TakenValue.objects.all()]
    assert kept == ([] if told == "moved" else [(seen.split()[-1], 3, 1)])
    assert part_of(answer).has_moved is (told != "moved")
    latest = take(answer, secretary)
    assert (latest.numerator, latest.missing, latest.denominator) == (3, 0, 4)
    assert Evidence.objects.current().count() == 1


def test_of_two_who_choose_another_register_at_once_one_is_told(answer):
    seen = told_source(source_for(answer, answer.assessment))
    chosen = [SourceSpec("26.4", "wilayah", f"kla-2023/{code}") for code in ("26.5", "26.6")]
    people = SiteAdminFactory.create_batch(2)

    def choosing(source, by):
        place = {"question_id": answer.question_id, "seen": seen, "by": by, "at": NOW}
        return lambda: set_source(source=source, **place)

    told = at_once(*(choosing(*one) for one in zip(chosen, people, strict=True)))

    assert sorted(told, key=str) == [None, "stale"]
    assert QuestionSource.objects.get().key == chosen[told.index(None)].key
