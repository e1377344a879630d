"""Several people at one meeting in the same moment, in threads of their own."""

import pytest

from meetings.models import Meeting
from meetings.services.attendances import AttendanceFacts, record_attendance, sign_attendance
from meetings.services.decisions import DecisionFacts, add_decision, settle_decision
from meetings.services.meetings import close_meeting, save_minutes
from tests.assessments.situations import secretary_of, working_year
from tests.at_once import at_once
from tests.factories.assessments import NOW
from tests.factories.meetings import AttendanceFactory, DecisionFactory, MeetingFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year():
    return working_year()


@pytest.fixture
def meeting(year):
    meeting = MeetingFactory(city=year.city, minutes="Dibuka.", revision=1)
    AttendanceFactory(meeting=meeting)
    return meeting


def signing(meeting, name):
    facts = AttendanceFacts(name, "PKK")
    return lambda: sign_attendance(meeting_id=meeting.pk, round_=1, facts=facts, at=NOW)


def test_a_room_that_signs_at_once_is_all_on_the_list(meeting):
    told = at_once(*(signing(meeting, f"Peserta ke-{number}") for number in range(8)))

    assert told == [True] * 8
    assert meeting.attendances.count() == 9


def test_one_person_who_presses_on_two_phones_and_whom_the_secretary_writes_is_there_once(
    year, meeting
):
    secretary = secretary_of(year)
    facts = AttendanceFacts("Ani", "PKK")

    told = at_once(
        signing(meeting, "Ani"),
        signing(meeting, "ANI"),
        lambda: record_attendance(meeting=meeting, facts=facts, by=secretary, at=NOW).name,
    )

    assert meeting.attendances.filter(institution="PKK").count() == 1
    assert sum(one in (True, "Ani") for one in told) == 1


def test_who_signs_while_it_is_closed_is_in_the_seal_or_refused(year, meeting):
    secretary = secretary_of(year)

    def closing():
        closed = close_meeting(meeting=meeting, seen=1, by=secretary, at=NOW)
        return closed.minutes_checksum()

    *signed, seal = at_once(*(signing(meeting, f"P{number}") for number in range(4)), closing)

    assert set(signed) <= {True, "closed"}
    stored = Meeting.objects.get()
    assert stored.attendances.count() == 1 + signed.count(True)
    assert stored.minutes_checksum() == seal


def test_of_two_who_close_one_does(year, meeting):
    people = [secretary_of(year), secretary_of(year)]

    told = at_once(
        *(
            lambda by=by: close_meeting(meeting=meeting, seen=1, by=by, at=NOW).closed_by_id
            for by in people
        )
    )

    assert sorted(map(str, told)) == sorted([str(Meeting.objects.get().closed_by_id), "closed"])


def test_a_decision_without_owner_never_slips_into_a_closed_meeting(year, meeting):
    secretary = secretary_of(year)

    def deciding():
        add_decision(meeting=meeting, facts=DecisionFacts("Tanpa pemilik"), by=secretary, at=NOW)
        return "decided"

    def closing():
        close_meeting(meeting=meeting, seen=1, by=secretary, at=NOW)
        return "closed by us"

    told = at_once(deciding, closing)

    stored = Meeting.objects.get()
    assert told in (["decided", "incomplete"], ["closed", "closed by us"])
    assert stored.is_closed == (stored.decisions.count() == 0)


def test_of_two_secretaries_who_save_at_once_the_second_is_told_and_nothing_is_lost(year, meeting):
    people = {"Dari satu": secretary_of(year), "Dari dua": secretary_of(year)}

    told = at_once(
        *(
            lambda text=text, by=by: (
                save_minutes(meeting=meeting, text=text, seen=1, by=by, at=NOW).minutes
            )
            for text, by in people.items()
        )
    )

    stored = Meeting.objects.get()
    assert stored.revision == 2
    assert sorted(told) == sorted([stored.minutes, "stale"])


def test_of_two_who_settle_a_decision_one_signs_it(year):
    closed = MeetingFactory(city=year.city, closed=True)
    decision = DecisionFactory(meeting=closed, owner_opd=year.city.opds.first())
    people = [secretary_of(year), secretary_of(year)]

    def settling(by):
        done = settle_decision(decision=decision, note="Sudah", address="", by=by, at=NOW)
        return done.done_by_id

    told = at_once(*(lambda by=by: settling(by) for by in people))

    decision.refresh_from_db()
    assert sorted(map(str, told)) == sorted([str(decision.done_by_id), "settled"])
