"""Efforts and plans: the deeds, and what the pages make of them."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.choices import AnswerState, ScanState, ScoreKind, TrailEvent
from assessments.services.assignment import assign_in_bulk
from assessments.services.review import accept_evidence, grant_points, undo_verdict
from cities.models import Opd
from clusters.services import spec_of
from plans.choices import Basis
from plans.models import Effort, Plan
from plans.pathway_query import PathwayQuery
from plans.queries.pathway import OpdShare, pathway_board
from plans.queries.plans import PlanShare, plan_board, plan_list
from plans.queries.questions import planning_year
from plans.services.efforts import set_effort
from plans.services.plans import PlannedStep, remove_plan, save_plan
from tests.assessments.situations import (
    NOW,
    claim,
    hand_in,
    history,
    later,
    refused,
    secretary_of,
    stored_scores,
)
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.clusters import small_spec
from tests.factories.plans import EffortFactory, PlanFactory, PlanStepFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def effort_of(answer, value=7, note="Perda sudah dibahas", *, by=None, at=NOW):
    set_effort(answer_id=answer.pk, value=value, note=note, by=by or secretary_of(answer), at=at)


def facts_of(year, code):
    return planning_year(year).questions[code]


# --- Efforts ----------------------------------------------------------------------------------


def test_a_citys_own_effort_takes_the_place_of_the_estimate_and_leaves_it_visible(year):
    author = secretary_of(year)
    assert facts_of(year, "1.1").effort == 8

    effort_of(answer_of(year, "1.1"), by=author)

    facts = facts_of(year, "1.1")
    assert (facts.effort, facts.estimate.value, facts.own_effort.by) == (7, 8, author)
    line = year.activities.first()
    assert (line.deed, line.detail, line.by) == (
        TrailEvent.EFFORT_SET,
        "Perda sudah dibahas",
        author,
    )
    assert (line.before, line.after) == ({"effort": None}, {"effort": 7})


def test_an_effort_is_changed_and_taken_back(year):
    answer = answer_of(year, "1.1")
    effort_of(answer, 7)
    effort_of(answer, 9)
    assert Effort.objects.get().value == 9

    effort_of(answer, None)

    assert Effort.objects.count() == 0
    assert facts_of(year, "1.1").effort == 8


def test_the_same_effort_again_leaves_no_second_line(year):
    answer = answer_of(year, "1.1")
    effort_of(answer)
    before = history(year)

    effort_of(answer, note="Alasan baru")

    assert Effort.objects.get().note == "Alasan baru"
    assert history(year) == before


@pytest.mark.parametrize("value", [0, 21])
def test_an_effort_outside_its_scale_is_refused(year, value):
    with refused("out_of_range"):
        effort_of(answer_of(year, "1.1"), value)


@pytest.mark.parametrize("value", [1, 20])
def test_both_ends_of_the_scale_are_efforts(year, value):
    effort_of(answer_of(year, "1.1"), value)

    assert Effort.objects.get().value == value


def test_an_effort_of_one_city_says_nothing_of_another(year):
    EffortFactory(
        city=open_year(spec=small_spec("lain")).city, question=answer_of(year, "1.1").question
    )

    assert facts_of(year, "1.1").own_effort is None


def test_waiting_and_returned_papers_make_the_estimate_smaller(year):
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    EvidenceFactory(answer=answer_of(year, "2b.1"))
    waiting, returned, nothing = (facts_of(year, code) for code in ("2b.1", "1.2", "1.1"))

    # 1.2 is with two OPDs.
    assert (waiting.effort, returned.effort, nothing.effort) == (1, 5, 8)
    assert [[kind.code for kind in facts.missing] for facts in (waiting, returned)] == [
        [],
        ["perda"],
    ]


def test_a_file_that_the_virus_scanner_refused_is_still_to_be_handed_in(year):
    EvidenceFactory(answer=answer_of(year, "1.1"), document__scan_state=ScanState.INFECTED)

    assert [kind.code for kind in facts_of(year, "1.1").missing] == ["perda"]


def test_every_year_is_planned_with_its_own_instrument(year):
    other = open_year(spec=small_spec("lain"))

    specs = [planning_year(one).spec for one in (year, other, year)]

    assert specs == [spec_of(one.instrument) for one in (year, other, year)]
    assert specs[0] != specs[1]


# --- The page of the way ----------------------------------------------------------------------


def wish(total, **fields):
    return PathwayQuery("", Decimal(total), fields.pop("basis", Basis.PROVEN), **fields)


def codes(rows):
    return [row.facts.code for row in rows]


def test_the_way_starts_from_what_is_proven_and_names_what_each_opd_has_to_do(year):
    granted(answer_of(year, "1.1"), "10")
    EvidenceFactory(answer=answer_of(year, "1.1"), accepted=True)
    granted(answer_of(year, "2b.1"), "25")  # granted, but no document proves it

    board = pathway_board(planning_year(year), wish(55))

    assert (board.start, board.start_predikat, board.needed) == (Decimal(10), "", Decimal(45))
    assert codes(board.best.rows) == ["1.1", "2b.1"]
    assert [row.gain for row in board.best.rows] == [Decimal(20), Decimal(25)]
    assert (board.best.way.total, board.best.predikat, board.short_of) == (55, "Pratama", 0)
    dp3a, dinkes = (Opd.objects.get(city=year.city, code=code) for code in ("DP3A", "DINKES"))
    assert board.shares == [
        OpdShare(dinkes, 1, Decimal(25), 8),
        OpdShare(dp3a, 1, Decimal(20), 8),
    ]
    assert sorted(codes(board.rest)) == ["1.2", "2a.1", "2a.2"]


def test_the_way_can_start_from_the_claims(year):
    claim(answer_of(year, "1.1"), "30")

    board = pathway_board(planning_year(year), wish(50, basis=Basis.CLAIMED))

    assert (board.start, codes(board.best.rows)) == (Decimal(30), ["2b.1"])


def test_the_way_lists_what_is_locked_and_what_is_excluded(year):
    asked = wish(30, locked=("2a.1",), excluded=("1.1",))

    board = pathway_board(planning_year(year), asked)

    assert codes(board.locked) == ["2a.1"]
    assert codes(board.excluded) == ["1.1"]
    assert "2a.1" in codes(board.best.rows)
    assert not {"1.1", "2a.1"} & set(codes(board.rest))


def test_another_way_says_what_it_does_without_and_what_it_takes_instead(year):
    board = pathway_board(planning_year(year), wish(25))

    assert codes(board.best.rows) == ["1.1"]
    [other] = board.others
    assert (other.without.facts.code, codes(other.instead)) == ("1.1", ["2b.1"])


def test_a_goal_out_of_reach_says_by_how_much(year):
    board = pathway_board(planning_year(year), wish(90, excluded=("1.1",)))

    assert (board.best.way.is_enough, board.short_of, board.others) == (False, Decimal(20), [])


# --- Plans ------------------------------------------------------------------------------------


def step(year, code, start=0, goal=None, effort=3):
    answer = answer_of(year, code)
    most = answer.question.max_points if goal is None else Decimal(goal)
    return PlannedStep(answer.pk, Decimal(start), most, effort)


def plan_of(year, *steps, name="Menuju Madya", by=None, at=NOW):
    return save_plan(
        assessment_id=year.pk,
        name=name,
        basis=Basis.PROVEN,
        start=Decimal(0),
        goal=Decimal(61),
        predikat="Madya",
        steps=steps,
        by=by or secretary_of(year),
        at=at,
    )


def test_a_plan_keeps_its_steps_and_leaves_a_line(year):
    author = secretary_of(year)

    plan = plan_of(year, step(year, "1.1", 10), step(year, "2b.1"), by=author)

    rows = [(row.answer.question.code, row.start, row.goal, row.effort) for row in plan.steps.all()]
    assert rows == [("1.1", 10, 30, 3), ("2b.1", 0, 25, 3)]
    assert (plan.name, plan.by, plan.at, plan.predikat) == ("Menuju Madya", author, NOW, "Madya")
    detail = "Menuju Madya: 2 pertanyaan menuju 61 poin"
    assert history(year)[-1] == (TrailEvent.PLAN_SAVED, detail, author, NOW)


def test_a_plan_needs_a_name_of_its_own_and_a_step(year):
    plan_of(year, step(year, "1.1"))
    with refused("name"):
        plan_of(year, step(year, "1.1"), name=" ")
    with refused("name_taken"):
        plan_of(year, step(year, "1.1"), name="Menuju Madya ")
    with refused("no_step"):
        plan_of(year, name="Kosong")


def test_another_year_may_have_a_plan_of_the_same_name(year):
    other = open_year(spec=small_spec("lain"))
    plan_of(year, step(year, "1.1"))

    assert plan_of(other, step(other, "1.1")).name == "Menuju Madya"


def test_a_question_of_another_year_does_not_get_into_a_plan(year):
    other = open_year(spec=small_spec("lain"))
    with refused("foreign_answer"):
        plan_of(year, step(year, "1.1"), step(other, "1.1"))


def test_a_plan_is_removed_with_its_steps_and_nothing_else(year):
    author = secretary_of(year)
    plan, other = plan_of(year, step(year, "1.1")), plan_of(year, step(year, "1.1"), name="B")
    answers = list(year.answers.values())

    remove_plan(plan_id=plan.pk, by=author, at=later())

    assert list(Plan.objects.all()) == [other]
    assert list(year.answers.values()) == answers
    assert history(year)[-1] == (TrailEvent.PLAN_REMOVED, "Menuju Madya", author, later())
    with refused("removed"):
        remove_plan(plan_id=plan.pk, by=author, at=later())


def accept(answer, points, *, by):
    [evidence] = hand_in(answer)
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(points), by=by, at=later())
    return evidence


def test_a_step_is_done_when_a_verdict_made_it_so_and_not_before(year, reviewer):
    answer = answer_of(year, "2b.1")
    plan = plan_of(year, step(year, "2b.1", 5))

    def state():
        [row] = plan_board(plan, today=TODAY).rows
        return row.realised, row.is_done, row.answer.state

    assert state() == (0, False, AnswerState.EMPTY)
    claim(answer, "25")
    assert state() == (0, False, AnswerState.ANSWERED)
    evidence = accept(answer, "4", by=reviewer.user)
    assert state() == (0, False, AnswerState.ACCEPTED)  # still below where the plan began
    grant_points(
        answer_id=answer.pk, granted_points=Decimal("24.999"), by=reviewer.user, at=later()
    )
    assert state() == (Decimal("19.999"), False, AnswerState.ACCEPTED)
    grant_points(answer_id=answer.pk, granted_points=Decimal(25), by=reviewer.user, at=later())
    assert state() == (20, True, AnswerState.ACCEPTED)
    undo_verdict(evidence_id=evidence.pk, by=reviewer.user, at=later())
    assert state() == (0, False, AnswerState.WAITING)


def test_planned_and_realised_points_are_told_by_opd(year, reviewer):
    plan = plan_of(year, *(step(year, code) for code in ("1.1", "2a.1", "2a.2", "2b.1")))
    accept(answer_of(year, "2b.1"), "25", by=reviewer.user)

    board = plan_board(plan, today=TODAY)

    dp3a, dinkes = (Opd.objects.get(city=year.city, code=code) for code in ("DP3A", "DINKES"))
    assert board.shares == [
        PlanShare(dp3a, 1, 0, Decimal(30), Decimal(0)),
        PlanShare(dinkes, 2, 1, Decimal(40), Decimal(25)),
        PlanShare(None, 1, 0, Decimal(15), Decimal(0)),
    ]
    assert (board.planned, board.realised, board.done) == (85, 25, 1)
    assert board.total == stored_scores(year, ScoreKind.EVIDENCED)["total"][0] == 25
    assert board.left == Decimal(36)


def test_a_step_that_was_handed_out_shows_its_date(year):
    plan = plan_of(year, step(year, "2a.1"))
    assign_in_bulk(
        assessment=year,
        answer_ids=[answer_of(year, "2a.1").pk],
        opd=Opd.objects.get(city=year.city, code="DISDIK"),
        is_lead=True,
        due_on=date(2026, 3, 1),
        by=secretary_of(year),
        at=NOW,
    )

    [row] = plan_board(plan, today=TODAY).rows

    assert (row.lead.code, row.due_on, row.late) == ("DISDIK", date(2026, 3, 1), True)


def test_the_list_of_plans_says_what_has_come_of_each(year, reviewer):
    accept(answer_of(year, "1.1"), "30", by=reviewer.user)
    first, second = PlanFactory(assessment=year), PlanFactory(assessment=year)
    for code in ("1.1", "2b.1"):
        PlanStepFactory(plan=first, answer=answer_of(year, code))

    rows = plan_list(year, [first, second])

    told = [(row.plan, row.steps, row.done, row.planned, row.realised) for row in rows]
    assert told == [(first, 2, 1, 55, 30), (second, 0, 0, 0, 0)]
