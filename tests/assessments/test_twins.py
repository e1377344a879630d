"""A rule that is asked of rows in Python and in SQL gives one answer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessments.models import PROVEN_POINTS, Answer, Assignment, Evidence
from tests.assessments.situations import staff_of
from tests.assessments.test_models import SITUATIONS
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import UserFactory
from tests.factories.facilities import FacilityFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def arranged(answer, year, request):
    """The question granted 5 points, then brought into the situation; another question is proven."""
    granted(answer, "5")
    SITUATIONS[request.param][0](answer)
    granted(answer_of(year, "2a.2"), "3")
    EvidenceFactory(answer=answer_of(year, "2a.2"), accepted=True)
    return Answer.objects.with_state().with_due_on().select_related("question").get(pk=answer.pk)


@pytest.mark.parametrize("arranged", SITUATIONS, indirect=True)
def test_points_that_count_are_the_same_in_both(arranged, request):
    is_proven = SITUATIONS[request.node.callspec.params["arranged"]][2]
    rows = Answer.objects.filter(pk=arranged.pk)

    assert arranged.proven_points == (Decimal(5) if is_proven else None)
    assert arranged.points_left == arranged.question.max_points - (5 if is_proven else 0)
    assert rows.proven().exists() == is_proven
    assert rows.with_state().values_list(PROVEN_POINTS, flat=True).get() == arranged.proven_points


@pytest.mark.parametrize("arranged", SITUATIONS, indirect=True)
@pytest.mark.parametrize("due_on", [YESTERDAY, TODAY, None])
def test_late_is_the_same_in_both(arranged, due_on):
    Assignment.objects.filter(answer=arranged).update(due_on=due_on)
    rows = Answer.objects.with_state().with_due_on().filter(pk=arranged.pk)

    row = rows.get()

    assert rows.late(TODAY).exists() == row.is_late(TODAY)
    assert row.is_late(TODAY) == (row.is_pending and row.due_on == YESTERDAY)


def test_a_document_belongs_to_who_uploaded_and_to_who_offered_it(answer):
    uploader, offerer, other = UserFactory(), UserFactory(), UserFactory()
    evidence = EvidenceFactory(answer=answer, document__uploaded_by=uploader, offered_by=offerer)

    for user, is_own in [(uploader, True), (offerer, True), (other, False)]:
        assert evidence.belongs_to(user) == is_own
        assert Evidence.objects.not_belonging_to(user).exists() != is_own


def test_a_question_without_lead_has_no_assignment_or_only_contributors(year):
    led, contributed = answer_of(year, "1.1"), answer_of(year, "1.2")
    Assignment.objects.filter(answer__in=[led, contributed]).delete()
    opd = staff_of(year, "DISDIK").opd
    Assignment.objects.create(answer=led, opd=opd, is_lead=True)
    Assignment.objects.create(answer=contributed, opd=opd)
    rows = Answer.objects.filter(pk__in=[led.pk, contributed.pk])

    assert list(rows.without_lead()) == [contributed]
    assert [row.answer for row in Assignment.objects.leading().filter(answer__in=rows)] == [led]


@pytest.mark.parametrize("factory", [UnitFactory, FacilityFactory])
@pytest.mark.parametrize("begun", [None, YESTERDAY, TODAY])
@pytest.mark.parametrize("ended", [None, TODAY])
def test_what_was_there_on_a_day_is_the_same_in_both(factory, begun, ended):
    row = factory(active_from=begun, active_to=ended)

    for day in (YESTERDAY - timedelta(days=1), YESTERDAY, TODAY, TODAY + timedelta(days=1)):
        was_there = (begun is None or begun <= day) and (ended is None or day <= ended)
        assert row.is_active_on(day) == was_there
        assert type(row).objects.filter(pk=row.pk).active_on(day).exists() == was_there
