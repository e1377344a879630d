"""What to do about a year, told by the interface: ways, plans, suppositions, the forecast."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.choices import Outcome
from plans.outcome_query import read as outcomes_read
from plans.queries.forecast import forecast_board, forecast_sentence
from plans.queries.questions import planning_year, supposed_year
from plans.queries.scenarios import whatif_board
from tests.assessments.situations import NOW, claim, working_year
from tests.factories.api import key_of
from tests.factories.assessments import answer_of, granted
from tests.factories.clusters import small_spec
from tests.factories.plans import (
    EffortFactory,
    PlanFactory,
    PlanStepFactory,
    ScenarioFactory,
    ScenarioOutcomeFactory,
)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))


def read(world, rest, who="pimpinan", **query):
    answer = world.ask(who, f"{world.year}{rest}", data=query or None)
    return answer.json() if answer.status_code == 200 else answer.status_code


def other_year():
    return working_year(spec=small_spec(code="lain-2026"))


# --- The way to a predikat --------------------------------------------------------------------


def test_without_a_goal_the_way_leads_to_the_next_predikat_as_on_its_page(world):
    planning = planning_year(world.assessment)
    lowest = planning.bands[0]

    told = read(world, "pathway/")

    assert (told["predikat"], Decimal(told["goal"]), told["basis"]) == (
        lowest.predikat,
        lowest.minimum,
        "terbukti",
    )
    assert (told["start"], told["start_predikat"], told["is_enough"]) == ("0", "", True)
    assert Decimal(told["needed"]) == lowest.minimum <= Decimal(told["total"])
    assert told["effort"] == sum(one["effort"] for one in told["steps"])
    codes = [one["question"] for one in told["steps"]]
    assert {*codes, *(one["question"] for one in told["rest"])} == set(planning.questions)


def test_a_step_tells_what_it_brings_what_it_takes_and_who_leads_it(world):
    EffortFactory(city=world.assessment.city, question=world.answer.question, value=7)
    EffortFactory(city=other_year().city, question=world.answer.question, value=20)

    told = read(world, "pathway/", kunci="1.2")

    facts = planning_year(world.assessment).questions["1.2"]
    [step] = [one for one in told["steps"] if one["question"] == "1.2"]
    assert step == {
        "question": "1.2",
        "text": world.answer.question.text,
        "state": "waiting",
        "lead": "DISDIK",
        "gain": str(int(world.answer.question.max_points)),
        "effort": 7,
        "estimate": facts.estimate.value,
        "missing": [kind.name for kind in facts.missing],
    }
    assert told["locked"] == ["1.2"]
    [share] = [one for one in told["shares"] if one["opd"] == "DISDIK"]
    assert share == {"opd": "DISDIK", "questions": 1, "gain": step["gain"], "effort": 7}


def test_the_way_is_asked_for_as_its_page_is(world):
    query = {"tujuan": "total", "total": "30", "dasar": "klaim", "kecuali": ["1.2", "9.9"]}
    claim(answer_of(world.assessment, "1.1"), "1")

    told = read(world, "pathway/", **query)

    assert (told["predikat"], told["goal"], told["basis"]) == (None, "30", "klaim")
    assert (told["start"], told["excluded"]) == ("1", ["1.2"])
    codes = [one["question"] for one in told["steps"] + told["rest"]]
    assert "1.2" not in codes
    for detour in told["others"]:
        assert detour["without"] in codes
        assert Decimal(detour["total"]) >= 30


def test_a_goal_out_of_reach_says_how_far_one_comes(world):
    told = read(world, "pathway/", tujuan="total", total="100", kecuali="1.2")

    assert told["is_enough"] is False
    assert Decimal(told["short_of"]) == 100 - Decimal(told["total"]) > 0
    assert told["others"] == []


@pytest.mark.parametrize(
    "query", [{"tujuan": "Juara"}, {"tujuan": "total", "total": "0"}, {"dasar": "mimpi"}]
)
def test_a_goal_that_is_none_is_refused_with_the_words_of_its_form(world, query):
    answer = world.ask("pimpinan", f"{world.year}pathway/", data=query)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == [*query][-1]


# --- Plans ------------------------------------------------------------------------------------


def test_plans_tell_what_was_planned_and_what_is_proven_of_it(world):
    PlanStepFactory(
        plan=PlanFactory(assessment=other_year(), name="Bocor"),
        answer=world.answer,
    )
    plan = world.saved_plan
    most = world.answer.question.max_points

    [told] = read(world, "plans/")["items"]

    assert told == {
        "id": plan.pk,
        "name": plan.name,
        "basis": "terbukti",
        "start": "0",
        "goal": "50",
        "predikat": None,
        "at": "2026-03-02T03:00:00Z",
        "by": plan.by.name,
        "steps": 1,
        "done": 0,
        "planned": str(int(most)),
        "realised": "0",
    }
    granted(world.answer, str(most))
    world.evidence.__class__.objects.filter(pk=world.evidence.pk).update(
        verdict="accepted", counted_at=NOW, decided_at=NOW, decided_by=world.people["verifikator"]
    )
    done = read(world, f"plans/{plan.pk}/")
    assert (done["plan"]["done"], done["plan"]["realised"]) == (1, told["planned"])
    assert read(world, "plans/")["items"] == [done["plan"]]


def test_a_plan_tells_its_steps_with_their_lead_and_day_and_each_opds_share(world):
    plan = world.saved_plan
    world.answer.assignments.filter(is_lead=True).update(due_on=NOW.date() - timedelta(days=1))
    PlanStepFactory(plan=plan, answer=answer_of(world.assessment, "2a.1"))

    told = read(world, f"plans/{plan.pk}/")

    most = world.answer.question.max_points
    assert told["steps"][0] == {
        "question": "1.2",
        "lead": "DISDIK",
        "due_on": "2026-03-01",
        "is_late": told["steps"][0]["is_late"],
        "state": "waiting",
        "start": "0",
        "goal": str(int(most)),
        "effort": 3,
        "realised": "0",
        "is_done": False,
    }
    assert [(one["question"], one["lead"]) for one in told["steps"]] == [
        ("1.2", "DISDIK"),
        ("2a.1", None),
    ]
    assert {one["opd"]: one["steps"] for one in told["shares"]} == {"DISDIK": 1, None: 1}
    assert (told["total"], told["left"], told["total_predikat"]) == ("0", "50", "")
    theirs = PlanFactory(assessment=other_year())
    assert read(world, f"plans/{theirs.pk}/") == 404


# --- What if ----------------------------------------------------------------------------------


def test_what_if_tells_the_total_as_it_is_and_as_supposed_and_keeps_nothing(world):
    claim(world.answer, "20")
    year = supposed_year(world.assessment)
    board = whatif_board(year, outcomes_read(["1.2-s", "2a.2-t"], year.questions))

    told = read(world, "what-if/", h=["1.2-s", "2a.2-t", "9.9-t", "1.1-z"])

    assert told["outcomes"] == [
        {"question": "1.2", "outcome": "half", "points": "10"},
        {"question": "2a.2", "outcome": "accepted", "points": "15"},
    ]
    assert (told["before"], Decimal(told["after"])) == ("0", board.after.total)
    assert (told["after_predikat"], told["next_predikat"]) == (
        board.standing.predikat or "",
        board.standing.next.predikat,
    )
    assert [Decimal(one["after"]) for one in told["clusters"]] == [
        one.after for one in board.clusters
    ]
    assert read(world, "what-if/")["after"] == "0"


@pytest.fixture
def scenario(world):
    theirs = ScenarioFactory(assessment=other_year(), name="Bocor")
    ScenarioOutcomeFactory(scenario=theirs, answer=world.answer)
    mine = ScenarioFactory(assessment=world.assessment, total=Decimal("3.5"))
    ScenarioOutcomeFactory(scenario=mine, answer=world.answer)
    return mine


def test_scenarios_tell_what_they_suppose_and_those_of_others_are_not_told(world, scenario):
    assert read(world, "scenarios/") == {
        "items": [
            {
                "id": scenario.pk,
                "name": scenario.name,
                "total": "3.5",
                "at": "2026-03-02T03:00:00Z",
                "by": scenario.by.name,
                "outcomes": [
                    {
                        "question": "1.2",
                        "outcome": "accepted",
                        "points": str(int(world.answer.question.max_points)),
                    }
                ],
            }
        ],
        "next": None,
    }


def test_scenarios_are_compared_on_the_points_of_today_beside_the_year_as_it_is(world, scenario):
    theirs = scenario.__class__.objects.exclude(pk=scenario.pk).get()

    now, supposed = read(world, "scenarios/compared/", s=[scenario.pk, theirs.pk, "x"])

    none = {str(one): 0 for one in Outcome}
    assert (now["scenario"], now["total"], now["saved_total"], now["counts"]) == (
        None, "0", None, none,
    )  # fmt: skip
    assert (supposed["scenario"], supposed["saved_total"], supposed["counts"]) == (
        scenario.pk,
        "3.5",
        none | {"accepted": 1},
    )
    assert Decimal(supposed["total"]) > 0
    assert now["clusters"].keys() == supposed["clusters"].keys()
    more = ScenarioFactory.create_batch(4, assessment=world.assessment)
    assert read(world, "scenarios/compared/", s=[scenario.pk, *(one.pk for one in more)]) == 422


# --- The forecast -----------------------------------------------------------------------------


def test_without_a_claim_the_forecast_is_not_known(world):
    told = read(world, "forecast/")

    assert [told[name] for name in ("low", "expected", "high")] == [None] * 3
    assert (told["clusters"], told["risks"], told["unclaimed"]) == ([], [], 5)
    assert told["sentence"] == "Belum diketahui: belum ada klaim yang dapat diverifikasi."


def test_the_forecast_tells_its_range_its_risks_and_what_it_does_not_know(world):
    claim(answer_of(other_year(), "1.1"), "1")
    claim(world.answer, "20")
    board = forecast_board(world.assessment, today=timezone.localdate())

    told = read(world, "forecast/")

    assert [Decimal(told[name]["total"]) for name in ("low", "expected", "high")] == [
        board.low.total,
        board.expected.total,
        board.high.total,
    ]
    assert (told["claimed"], told["unclaimed"], told["years"]) == ("20", 4, 0)
    assert Decimal(told["unclaimed_points"]) == board.unclaimed_points > 0
    assert told["sentence"] == forecast_sentence(board)
    [risk] = told["risks"]
    assert risk == {
        "question": "1.2",
        "claimed": "20",
        "expected": str(board.risks[0].expected.normalize()),
        "loss": str(board.risks[0].loss.normalize()),
        "condition": "missing",
        "why": "Belum ada dokumen",
        "seen": "",
    } | {name: risk[name] for name in ("condition", "why")}
    assert [one["kept"] for one in told["conditions"]] == [
        str(round(float(row.kept), 3)) for row in board.conditions
    ]
    assert [one["label"] for one in told["clusters"]] == [row.label for row in board.clusters]


def test_an_opd_reads_none_of_it(world):
    for rest in ("pathway/", "plans/", "what-if/", "scenarios/", "forecast/"):
        assert read(world, rest, who="opd_own") == 403


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "most"),
    [
        ("pathway/", 11),
        ("plans/", 6),
        ("plans/{plan}/", 8),
        ("what-if/?h=1.2-t", 5),
        ("scenarios/", 5),
        ("scenarios/compared/", 6),
        ("forecast/", 15),
    ],
)
def test_an_answer_takes_as_many_queries_for_much_as_for_little(world, rest, most):
    key = key_of(world.people["pimpinan"], last_used_at=timezone.now())
    path = world.year + rest.format(plan=world.saved_plan.pk)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    claim(world.answer, "1")
    ScenarioOutcomeFactory(
        scenario=ScenarioFactory(assessment=world.assessment), answer=world.answer
    )
    queries()  # the published instrument is read once in a process
    few = queries()
    for code in ("1.1", "2a.1", "2b.1"):
        answer = answer_of(world.assessment, code)
        claim(answer, "1")
        PlanStepFactory(plan=world.saved_plan, answer=answer)
        PlanStepFactory(plan=PlanFactory(assessment=world.assessment), answer=answer)
        ScenarioOutcomeFactory(scenario=ScenarioFactory(assessment=world.assessment), answer=answer)

    assert queries() == few <= most
