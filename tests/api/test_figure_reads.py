"""How a year goes, told by the interface: its pace, what is left of it, the sheet of its leaders."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import AnswerState, Stage
from assessments.models import Answer, Assessment, Assignment, Evidence
from assessments.queries.answer_points import answer_facts
from assessments.queries.leadership import decisions
from assessments.queries.pace import forecast_sentence, milestones, pace
from assessments.queries.record import record_of
from assessments.queries.scores import heat_rows, numbered_indicators
from assessments.queries.year import year_board
from assessments.services.document_counts import refresh_counts
from assessments.services.review import accept_evidence
from clusters.models import Band, EvidenceKind
from tests.assessments.situations import (
    NOW,
    claim,
    secretary_of,
    set_stage,
    working_year,
)
from tests.factories.api import key_of
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import small_spec


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=3))


def read(world, rest, who="pimpinan"):
    return world.ask(who, f"{world.year}{rest}").json()


def sheet(world):
    return world.ask("pimpinan", f"{world.city}leadership/").json()["sheet"]


def accepted(answer, *, days, points):
    claim(answer, points, at=NOW + timedelta(days=days))
    kind = EvidenceKind.objects.filter(instrument=answer.assessment.instrument).first()
    evidence = EvidenceFactory(answer=answer, kind=kind, offered_at=NOW)
    return accept_evidence(
        evidence_id=evidence.pk,
        granted_points=Decimal(points),
        by=secretary_of(answer),
        at=NOW + timedelta(days=days),
    )


def elsewhere():
    """Another city, whose questions are all accepted."""
    year = working_year(spec=small_spec(code="lain-2026"))
    accepted(answer_of(year, "1.2"), days=0, points="20")
    return year


# --- Pace -------------------------------------------------------------------------------------


def test_the_pace_tells_the_days_on_which_a_count_changed(world):
    elsewhere()
    claim(answer_of(world.assessment, "1.1"), "1", at=NOW + timedelta(days=1))
    Evidence.objects.filter(pk=world.evidence.pk).delete()
    accepted(world.answer, days=1, points="1")

    told = read(world, "pace/")

    assert told["questions"] == 5
    assert told["days"] == [
        {"day": "2026-03-02", "answered": 0, "accepted": 0},
        {"day": "2026-03-03", "answered": 2, "accepted": 1},
        {"day": "2026-03-05", "answered": 2, "accepted": 1},
    ]


def test_without_a_forecast_the_pace_says_why(world):
    assert {name: read(world, "pace/")[name] for name in ("forecast", "unknown", "deadline")} == {
        "forecast": None,
        "unknown": "no_deadline",
        "deadline": None,
    }
    assert read(world, "pace/")["sentence"] == (
        "Tenggat belum ditetapkan, jadi tidak ada perkiraan."
    )


def test_the_forecast_of_a_pace_is_the_one_of_its_page(world, monkeypatch):
    year = world.assessment
    Assessment.objects.filter(pk=year.pk).update(deadline=date(2026, 3, 31))
    year.refresh_from_db()
    for code, days in (("1.1", 2), ("2a.1", 8), ("2b.1", 12)):
        accepted(answer_of(year, code), days=days, points="1")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=15))
    today = timezone.localdate()
    facts = answer_facts(Answer.objects.filter(assessment=year), today)
    shown = pace(year, milestones(year, facts), facts.keys(), today=today)
    known = shown.known

    told = read(world, "pace/")

    assert known is not None
    assert told["forecast"] == {
        "rate": f"{known.rate:.1f}",
        "expected": known.expected,
        "low": known.low,
        "high": known.high,
    }
    assert (told["unknown"], told["deadline"]) == (None, "2026-03-31")
    assert told["sentence"] == forecast_sentence(shown)


def test_what_waits_for_a_decision_is_told_by_its_age(world):
    other = elsewhere()
    EvidenceFactory.create_batch(3, answer=answer_of(other, "2a.2"), offered_at=NOW)
    EvidenceFactory(answer=world.answer, offered_at=NOW + timedelta(days=3))
    Evidence.objects.filter(pk=world.evidence.pk).update(offered_at=NOW - timedelta(days=6))
    refresh_counts([world.answer.pk])

    assert read(world, "pace/")["waiting"] == {
        "documents": 2,
        "oldest_days": 9,
        "groups": [
            {"label": "0–2 hari", "documents": 1},
            {"label": "3–7 hari", "documents": 0},
            {"label": "8–14 hari", "documents": 1},
            {"label": "15 hari atau lebih", "documents": 0},
        ],
    }


# --- What is left -----------------------------------------------------------------------------


def test_what_is_left_is_told_by_indicator_and_state_as_on_its_page(world):
    elsewhere()
    accepted(answer_of(world.assessment, "1.1"), days=1, points="1")
    facts = answer_facts(Answer.objects.filter(assessment=world.assessment), timezone.localdate())
    rows = heat_rows(numbered_indicators(world.assessment), facts)

    told = read(world, "remaining/")

    assert [(one["code"], Decimal(one["left"])) for one in told] == [
        (row.code, row.left) for row in rows
    ]
    assert [list(map(Decimal, one["states"].values())) for one in told] == [
        [cell.points for cell in row.cells] for row in rows
    ]
    first = told[0]
    assert first["states"].keys() <= set(AnswerState.values)
    assert Decimal(first["states"]["waiting"]) == world.answer.question.max_points
    assert Decimal(first["left"]) == rows[0].left > 0


# --- The sheet of its leaders -----------------------------------------------------------------


def test_the_sheet_of_leaders_tells_the_figures_that_decide(world):
    year = world.assessment
    target = Band.objects.filter(instrument=year.instrument).last()
    Assessment.objects.filter(pk=year.pk).update(deadline=date(2026, 3, 12), target=target)
    claim(world.answer, "1.5", by=world.people["gugus_tugas"])
    for number in range(5):
        AwardFactory(city=year.city, year=2020 + number, predikat="Madya")
    AwardFactory(city=elsewhere().city, year=2025, predikat="Bocor")

    told = sheet(world)

    assert (told["year"]["year"], told["year"]["target"]) == (2026, target.predikat)
    assert (told["days_left"], told["unit"]) == (7, "poin")
    assert told["maximum"] == "100"
    assert (told["claimed"]["points"], told["evidenced"]["points"]) == ("1.5", "0")
    assert Decimal(told["evidenced"]["to_target"]) == target.minimum
    assert told["official"] is None
    assert [one["claimed"] for one in told["clusters"]].count("1.5") == 1
    assert told["awards"] == [{"year": 2024 - number, "predikat": "Madya"} for number in range(4)]


def test_what_is_to_be_decided_is_told_with_its_facts_and_names_opd_or_cluster(world):
    year = world.assessment
    Assignment.objects.filter(answer__question__code="2a.2").delete()
    board = year_board(year, record_of(year.city), today=timezone.localdate())
    shown = decisions(year, board, today=timezone.localdate())

    told = sheet(world)["decisions"]

    assert [(one["matter"], one["title"], one["fact"]) for one in told] == [
        (one.matter.value, one.title, one.fact) for one in shown
    ]
    assert [one["matter"] for one in told] == ["target", "deadline", "lead", "review", "opd"]
    slowest = board.opds[0].opd.code
    assert [(one["opd"], one["cluster"]) for one in told] == [(None, None)] * 4 + [(slowest, None)]


def test_a_cluster_to_decide_about_is_named_and_nothing_is_left_to_decide_once_it_is_closed(world):
    year = world.assessment
    target = Band.objects.filter(instrument=year.instrument).last()
    Assessment.objects.filter(pk=year.pk).update(deadline=date(2026, 3, 12), target=target)

    last = sheet(world)["decisions"][-1]
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    assert (last["matter"], last["opd"]) == ("cluster", None)
    assert last["cluster"] in {one["code"] for one in sheet(world)["clusters"]}
    assert sheet(world)["decisions"] == []


def test_a_city_without_a_year_has_no_sheet(world):
    person = MembershipFactory(pimpinan=True).user
    slug = person.memberships.get().city.slug

    answer = Client().get(f"/api/v1/cities/{slug}/leadership/", headers=key_of(person))

    assert (answer.status_code, answer.json()) == (200, {"sheet": None})
    assert world.ask("opd_own", f"{world.city}leadership/").status_code == 403


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "most"),
    [("{year}pace/", 7), ("{year}remaining/", 6), ("{city}leadership/", 11)],
)
def test_an_answer_takes_as_many_queries_for_much_as_for_little(world, address, most):
    key = key_of(world.people["pimpinan"], last_used_at=timezone.now())
    path = address.format(year=world.year, city=world.city)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    queries()  # the bands of the published instrument are read once in a process
    few = queries()
    for number, code in enumerate(("1.1", "2a.1", "2a.2", "2b.1")):
        accepted(answer_of(world.assessment, code), days=1, points="1")
        EvidenceFactory(answer=world.answer)
        AwardFactory(city=world.assessment.city, year=2010 + number)

    assert queries() == few <= most
