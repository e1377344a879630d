"""A decision about an action of the RAD is done once the action is reported as carried out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cities.models import Membership
from meetings.models import Decision
from meetings.queries.subjects import told_decisions
from meetings.services.decisions import DecisionFacts, add_decision
from monitoring.decision_subject import ACTIONS
from tests.assessments.situations import staff_of
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import NOW
from tests.factories.cities import CityFactory
from tests.factories.meetings import DecisionFactory, MeetingFactory
from tests.factories.monitoring import RealisationFactory

BEGAN = NOW - timedelta(hours=1)  # of the meeting, in 2026
SOON, BEFORE = NOW + timedelta(days=1), BEGAN - timedelta(seconds=1)
WHOLE, NEARLY = Decimal(100), Decimal("99.99")


@pytest.fixture
def decision(city, action):
    meeting = MeetingFactory(city=city, closed=True)
    return DecisionFactory(meeting=meeting, subject_kind="aksi", subject_id=action.pk)


@pytest.mark.parametrize(
    ("of", "reports", "still"),
    [
        (2026, [], True),
        (2026, [(4, 1, WHOLE, SOON)], False),
        (2026, [(4, 1, NEARLY, SOON)], True),
        (2026, [(2, 1, WHOLE, SOON)], False),  # ready before the year was over
        (2026, [(4, 1, WHOLE, BEGAN)], False),
        (2026, [(4, 1, WHOLE, BEFORE)], True),
        (2026, [(4, 1, WHOLE, SOON), (4, 2, NEARLY, SOON)], True),  # corrected
        (2025, [(4, 1, WHOLE, SOON)], True),  # of the year before, reported late
        (2027, [(1, 1, WHOLE, SOON)], False),
    ],
)
def test_it_is_done_once_the_last_report_since_the_meeting_says_all_of_it(
    action, decision, of, reports, still
):
    action.years.all().delete()
    row = ActionYearFactory(action=action, year=of)
    for quarter, revision, physical, at in reports:
        facts = {"quarter": quarter, "revision": revision, "physical": physical, "at": at}
        RealisationFactory(action_year=row, **facts)
    another = ActionYearFactory(action=ActionFactory(plan=action.plan), year=2026)
    RealisationFactory(action_year=another, physical=WHOLE, at=SOON)

    assert Decision.objects.still_open().filter(pk=decision.pk).exists() is still


def test_a_number_of_another_kind_is_no_action(action, action_year, decision):
    RealisationFactory(action_year=action_year, physical=WHOLE, at=SOON)

    Decision.objects.update(subject_kind="lain")

    assert list(Decision.objects.still_open()) == [decision]


def test_the_actions_of_the_city_are_offered_by_plan_and_nothing_else_is_taken(
    city, action, secretary
):
    other = ActionFactory(
        plan=ActionPlanFactory(instrument=action.plan.instrument, city=CityFactory())
    )
    facts = DecisionFacts("Melatih", subject_kind="aksi", subject_id=action.pk)

    offered = ACTIONS.offered(city)
    decision = add_decision(meeting=MeetingFactory(city=city), facts=facts, by=secretary, at=NOW)

    words = f"1. {action.name}"
    assert offered == {action.plan.title: [(action.pk, words)]}
    assert (decision.subject_id, other.pk in dict(offered[action.plan.title])) == (action.pk, False)


def test_an_opd_opens_the_page_of_its_own_action_only(year, action, decision, dinkes):
    def told(member):
        [one] = told_decisions(Decision.objects.all(), member)
        return one.subject.title, one.subject.url

    title = f"Aksi RAD 1. {action.name}"
    assert told(dinkes) == (title, action.get_absolute_url())
    assert told(staff_of(year, "DISDIK")) == (title, "")


def test_an_action_that_was_taken_out_leaves_the_decision_without_a_subject(
    action, decision, secretary
):
    action.delete()

    [one] = told_decisions(Decision.objects.all(), Membership.objects.get(user=secretary))

    assert (one.subject, one.is_done) == (None, False)


def test_the_page_of_the_action_tells_what_was_decided_about_it(coordinator, action, decision):
    DecisionFactory(meeting=decision.meeting, subject_kind="aksi", subject_id=action.pk + 1)

    page = coordinator.get(action.get_absolute_url()).text

    assert page.count("Keputusan rapat, tenggat 1 April 2026:") == 1
    assert decision.text in page
