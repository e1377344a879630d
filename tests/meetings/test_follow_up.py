from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.models import Assignment
from assessments.task_notes import TaskNote, task_notes
from cities.models import Membership
from meetings.models import Decision
from meetings.queries.agenda import proposed_agenda
from meetings.queries.followup import WaitingDecisions, follow_up_board, waiting_decisions
from meetings.services.decisions import settle_decision
from taskforce.queries.composition import composition_on
from tests.assessments.situations import secretary_of, staff_of
from tests.factories.assessments import NOW, EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.meetings import DecisionFactory, MeetingFactory
from tests.factories.taskforce import CommitmentFactory, DecreeFactory, TaskForceMemberFactory

TODAY = NOW.date()


@pytest.fixture
def closed(city):
    return MeetingFactory(city=city, closed=True)


@pytest.fixture
def opd(city):
    return city.opds.get(code="DISDIK")


def board_of(user, city):
    member = Membership.objects.select_related("opd").get(user=user, city=city)
    return follow_up_board(Decision.objects.visible_to(member), member, today=TODAY)


def settle(decision, by, note="Sudah dikerjakan"):
    return settle_decision(decision=decision, note=note, address="", by=by, at=NOW)


def test_the_board_tells_what_waits_late_ones_first_and_what_is_done(city, closed, opd, secretary):
    coming = DecisionFactory(meeting=closed, owner_opd=opd, due_on=TODAY)
    late = DecisionFactory(meeting=closed, owner_opd=opd, due_on=TODAY - timedelta(days=1))
    done = DecisionFactory(meeting=closed, owner_opd=opd)
    DecisionFactory(meeting=MeetingFactory(city=city), owner_opd=opd)  # not decided yet
    DecisionFactory(meeting=MeetingFactory(city=CityFactory(), closed=True))
    settle(done, secretary)

    board = board_of(secretary, city)

    assert [row.decision for row in board.waiting] == [late, coming]
    assert [row.is_late for row in board.waiting] == [True, False]
    assert ([row.decision for row in board.done], board.late) == ([done], 1)


def test_what_waits_and_what_is_late_is_counted_as_the_board_has_it(
    year, city, closed, opd, secretary
):
    days = (TODAY - timedelta(days=1), TODAY, None)
    for due_on in days:
        DecisionFactory(meeting=closed, owner_opd=opd, due_on=due_on)
        DecisionFactory(meeting=closed, due_on=due_on, answer=answer_of(year, "1.2"))
        DecisionFactory(meeting=MeetingFactory(city=city), due_on=due_on)
        settle(DecisionFactory(meeting=closed, owner_opd=opd, due_on=due_on), secretary)
    EvidenceFactory(answer=answer_of(year, "1.2"), accepted=True, document__opd=opd)

    board = board_of(secretary, city)

    assert (len(board.waiting), board.late) == (3, 1)
    assert waiting_decisions(Decision.objects.all(), today=TODAY) == WaitingDecisions(3, 1)


def test_an_opd_may_settle_its_own_as_owner_or_by_its_member(year, city, closed, opd):
    seat = TaskForceMemberFactory(decree=DecreeFactory(city=city), opd=opd)
    own = DecisionFactory(meeting=closed, owner_opd=opd)
    by_member = DecisionFactory(meeting=closed, owner_member=seat)
    foreign = DecisionFactory(meeting=closed, owner_opd=city.opds.get(code="DINKES"))
    staff = staff_of(year, "DISDIK").user

    assert {row.decision: row.may_settle for row in board_of(staff, city).waiting} == {
        own: True,
        by_member: True,
        foreign: False,
    }
    settle(own, staff)
    settle(by_member, staff)
    with pytest.raises(PermissionDenied):
        settle(foreign, staff)
    assert list(Decision.objects.filter(done_at__isnull=True)) == [foreign]


def test_settling_needs_a_note_closed_minutes_and_happens_once(city, closed, opd, secretary):
    decision = DecisionFactory(meeting=closed, owner_opd=opd)
    early = DecisionFactory(meeting=MeetingFactory(city=city), owner_opd=opd)

    codes = []
    for one, note in ((decision, " "), (early, "Sudah"), (decision, "Sudah"), (decision, "Lagi")):
        try:
            settle(one, secretary, note)
        except ValidationError as error:
            codes.append(error.code)
        else:
            codes.append("done")

    assert codes == ["note", "open", "done", "settled"]
    decision.refresh_from_db()
    assert (decision.done_note, decision.done_by) == ("Sudah", secretary)


def test_a_decision_is_done_when_the_documents_of_its_question_are_accepted(
    year, city, closed, opd, secretary
):
    answer = answer_of(year, "1.2")
    decision = DecisionFactory(meeting=closed, owner_opd=opd, answer=answer)
    unrelated = DecisionFactory(meeting=closed, owner_opd=opd, answer=answer_of(year, "1.1"))
    open_before = list(Decision.objects.still_open().order_by("pk"))

    EvidenceFactory(answer=answer, accepted=True, document__opd=opd)

    assert open_before == [decision, unrelated]
    assert list(Decision.objects.still_open()) == [unrelated]  # twin of is_done
    board = board_of(secretary, city)
    assert [row.decision for row in board.done] == [decision]
    assert (board.done[0].decision.is_done_there, board.done[0].decision.subject.title) == (
        True,
        "Pertanyaan 1.2",
    )


def test_an_opd_is_told_of_its_own_on_the_page_of_its_tasks(year, city, closed, opd):
    member = staff_of(year, "DISDIK")
    assert task_notes(member) == []
    DecisionFactory(meeting=closed, owner_opd=opd, due_on=date(2020, 1, 1))
    DecisionFactory(meeting=closed, owner_opd=opd, due_on=date(2999, 1, 1))
    DecisionFactory(meeting=closed, owner_opd=city.opds.get(code="DINKES"))

    url = f"/kota/{city.slug}/gugus-tugas/tindak-lanjut/?opd={opd.pk}"
    said = "2 tindak lanjut rapat menunggu OPD Anda, 1 terlambat"
    assert task_notes(member) == [TaskNote(said, url)]
    assert task_notes(MembershipFactory(gugus_tugas=True, city=city)) == []


def test_the_agenda_is_proposed_from_what_is_open(year, city, closed, opd):
    late = TODAY - timedelta(days=3)
    DecisionFactory(meeting=closed, owner_opd=opd, due_on=late, text="Menyusun RAD")
    DecisionFactory(meeting=closed, owner_opd=opd, due_on=TODAY)
    Assignment.objects.exclude(answer=answer_of(year, "1.2"), opd=opd).delete()
    Assignment.objects.update(due_on=late)
    CommitmentFactory(city=city, text="Ruang laktasi", due_on=TODAY + timedelta(days=30))
    CommitmentFactory(city=city, due_on=TODAY + timedelta(days=31))
    CommitmentFactory(city=CityFactory(), due_on=TODAY)

    items = proposed_agenda(city, year, composition_on(city, TODAY), today=TODAY, at=NOW)

    assert items == [
        f"Tindak lanjut terlambat sejak 27 Februari 2026: Menyusun RAD ({opd})",
        "Laporan 1 tindak lanjut rapat yang masih berjalan",
        f"{opd.name}: 1 dari 1 pertanyaan terlambat",
        "Komitmen Asosiasi Perusahaan, jatuh tempo 1 April 2026: Ruang laktasi",
        "Susunan Gugus Tugas: Belum ada SK Gugus Tugas yang tercatat. Catat SK yang berlaku.",
    ]


def told_by_another_package(city, *, today):
    return [f"{city.name}: satu hal", f"{city.name}: hal lain, {today}"]


def test_packages_above_put_items_on_the_agenda_between_questions_and_commitments(
    city, closed, opd, settings
):
    settings.KLA_AGENDA_SOURCES = [f"{__name__}.told_by_another_package"]
    DecisionFactory(meeting=closed, owner_opd=opd, due_on=TODAY)
    CommitmentFactory(city=city, text="Ruang laktasi", due_on=TODAY)

    items = proposed_agenda(city, None, composition_on(city, TODAY), today=TODAY, at=NOW)

    assert [item.partition(",")[0] for item in items] == [
        "Laporan 1 tindak lanjut rapat yang masih berjalan",
        f"{city.name}: satu hal",
        f"{city.name}: hal lain",
        "Komitmen Asosiasi Perusahaan",
        "Susunan Gugus Tugas: Belum ada SK Gugus Tugas yang tercatat. Catat SK yang berlaku.",
    ]


def test_somebody_of_another_city_settles_nothing(closed, opd):
    decision = DecisionFactory(meeting=closed, owner_opd=opd)
    stranger = MembershipFactory(gugus_tugas=True).user

    with pytest.raises(PermissionDenied):
        settle(decision, stranger)

    assert Decision.objects.get().done_note == ""


def test_a_reader_sees_decisions_only_once_the_minutes_are_closed(year, city, closed, opd):
    open_one = DecisionFactory(meeting=MeetingFactory(city=city), owner_opd=opd)
    told = DecisionFactory(meeting=closed, owner_opd=opd)
    reader = staff_of(year, "DISDIK")
    writer = Membership.objects.get(user=secretary_of(year))

    assert list(Decision.objects.visible_to(reader)) == [told]
    assert set(Decision.objects.visible_to(writer)) == {open_one, told}
