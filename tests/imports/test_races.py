"""Two who confirm at the same moment, in threads of their own."""

import pytest

from imports.lines import seen_of
from imports.models import StagedImport
from imports.services.staged import Outcome, Reading, confirm
from tests.assessments.situations import NOW
from tests.at_once import at_once
from tests.factories.cities import CityFactory, MembershipFactory
from tests.imports.situations import kept, lines_of
from tests.imports.test_staged import KIND, ROWS, opds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city():
    return CityFactory()


def person(city):
    return MembershipFactory(gugus_tugas=True, city=city).user


def confirming(staged, seen):
    facts = {"staged_id": staged.pk, "city": staged.city, "by": staged.by, "at": NOW}
    return lambda: confirm(kind=KIND, ticked=(), seen=seen, **facts)


def test_the_same_table_confirmed_twice_at_once_is_taken_once(city):
    staged = kept(KIND, city, person(city), Reading(ROWS))
    deed = confirming(staged, seen_of(lines_of(KIND, staged)))

    told = at_once(deed, deed, deed)

    assert sorted(map(str, told)) == sorted([str(Outcome(3, 0)), "gone", "gone"])
    assert list(opds(city)) == ["Dinas A", "Dinas B", "Dinas C"]
    assert not StagedImport.objects.exists()


def test_two_people_with_the_same_table_add_its_lines_once(city):
    tables = [kept(KIND, city, person(city), Reading(ROWS)) for _ in range(2)]
    deeds = [confirming(one, seen_of(lines_of(KIND, one))) for one in tables]

    told = at_once(*deeds)

    assert sorted(map(str, told)) == sorted([str(Outcome(3, 0)), "moved"])
    assert len(opds(city)) == 3
    assert StagedImport.objects.count() == 1  # the slower one sees the newest preview
