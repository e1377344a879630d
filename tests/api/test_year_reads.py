"""What is told of years beside their questions, by the interface: hours in which documents may still
be handed in, what does not fit together, a city's years, and what the account itself was told."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import NotificationKind, Stage
from assessments.models import Answer, Assessment, Notification
from assessments.services.rescue import cancel_rescue_window, open_rescue_window
from plans.queries.checks import check_board
from tests.assessments.situations import NOW, claim, secretary_of, working_year
from tests.factories.api import key_of
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of
from tests.factories.clusters import small_spec

HOURS_48 = timedelta(hours=48)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))


def in_field(year):
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FIELD)


def opened(year, *codes, **facts):
    return open_rescue_window(
        assessment_id=year.pk,
        answer_ids=[answer_of(year, code).pk for code in codes],
        by=secretary_of(year),
        **{"closes_at": NOW + HOURS_48, "note": "", "at": NOW} | facts,
    )


def windows(world, who="pimpinan"):
    return world.ask(who, f"{world.year}completion-windows/").json()


def checks(world):
    return world.ask("pimpinan", f"{world.year}checks/").json()


# --- Hours in which documents may still be handed in ------------------------------------------


def test_a_window_tells_until_when_what_is_asked_for_and_by_which_opd(world):
    year = world.assessment
    in_field(year)
    window = opened(year, "1.2", note="SK bertanda tangan")
    kinds = list(world.answer.question.evidence_kinds.all())

    [told] = windows(world)

    [question] = told.pop("questions")
    assert told == {
        "id": window.pk,
        "opens_at": "2026-03-02T03:00:00Z",
        "closes_at": "2026-03-04T03:00:00Z",
        "cancelled_at": None,
        "is_open": True,
        "note": "SK bertanda tangan",
        "opened_by": window.by.name,
    }
    [row] = Answer.objects.filter(pk=world.answer.pk).with_state()
    assert question == {
        "code": "1.2",
        "state": row.state,
        "points": format(row.points_left.normalize(), "f"),
        "leads": [world.answer.assignments.get(is_lead=True).opd.name],
        "kinds": [
            {"code": kind.code, "name": kind.name, "state": state}
            for kind, state in zip(kinds, ["waiting", *["empty"] * (len(kinds) - 1)], strict=True)
        ],
    }


def test_open_windows_come_first_and_what_was_ended_says_when(world):
    year = world.assessment
    in_field(year)
    ended = opened(year, "1.2")
    cancel_rescue_window(window_id=ended.pk, by=secretary_of(year), at=NOW + timedelta(minutes=5))
    running = opened(year, "1.1")
    theirs = working_year(spec=small_spec(code="lain-2026"))
    in_field(theirs)
    opened(theirs, "1.2", note="Bocor")

    told = [(one["id"], one["is_open"], one["cancelled_at"]) for one in windows(world)]

    assert told == [(running.pk, True, None), (ended.pk, False, "2026-03-02T03:05:00Z")]


def test_an_opd_reads_the_windows_of_its_own_questions_and_those_of_them_alone(world):
    in_field(world.assessment)
    both = opened(world.assessment, "1.1", "1.2")
    health = opened(world.assessment, "2a.2")

    read = {
        who: [(one["id"], [row["code"] for row in one["questions"]]) for one in windows(world, who)]
        for who in ("opd_own", "opd_other")
    }

    assert read == {"opd_own": [(both.pk, ["1.2"])], "opd_other": [(health.pk, ["2a.2"])]}
    assert sum(len(one["questions"]) for one in windows(world)) == 3


# --- What does not fit together ---------------------------------------------------------------


def test_the_checks_of_a_year_are_those_of_its_page_the_worst_first(world):
    year = world.assessment
    Answer.objects.filter(pk=world.answer.pk).update(
        choice="Tidak ada", claimed_points=1, claimed_at=NOW, claimed_by=secretary_of(year)
    )
    member = world.people["pimpinan"].memberships.get()
    board = check_board(year, member, today=timezone.localdate())

    told = checks(world)

    assert [(one["severity"], one["rule"], one["facts"]) for one in told] == [
        (severity.severity, group.rule.code, row.finding.facts)
        for severity in board.severities
        for group in severity.groups
        for row in group.rows
    ]
    [found] = [one for one in told if one["question"] == "1.2" and one["severity"] == "wrong"]
    assert found == told[0]
    assert found == {
        "severity": "wrong",
        "rule": "B1",
        "title": "“Tidak ada” dengan poin",
        "question": "1.2",
        "opd": None,
        "place": world.answer.question.text,
        "facts": "Jawaban “Tidak ada”, tetapi diklaim 1 poin.",
    }


def test_nothing_of_another_citys_year_is_told(world):
    in_field(world.assessment)
    opened(world.assessment, "1.2")
    before = windows(world), checks(world)

    theirs = working_year(spec=small_spec(code="lain-2026"))
    in_field(theirs)
    opened(theirs, "1.1", "1.2")
    EvidenceFactory(answer=answer_of(theirs, "1.2"))
    Answer.objects.filter(assessment=theirs).update(choice="Tidak ada", claimed_points=1)

    assert (windows(world), checks(world)) == before


# --- Years ------------------------------------------------------------------------------------


def test_a_citys_years_tell_what_was_recorded_and_leave_holes_where_nothing_was(world):
    city = world.assessment.city
    AwardFactory(city=city, year=2023, predikat="Madya", points=Decimal("600.5"))
    AwardFactory(year=2022, predikat="Bocor")
    claim(world.answer, "1.5", by=world.people["gugus_tugas"])

    told = world.ask("pimpinan", f"{world.city}history/").json()

    hole = {
        "instrument": None, "maximum": None, "totals": {}, "furthest": None, "predikat": "",
        "award": None,
    }  # fmt: skip
    assert told[1:] == [
        {"year": 2025} | hole,
        {"year": 2024} | hole,
        {"year": 2023}
        | hole
        | {
            "award": {
                "predikat": "Madya",
                "points": "600.5",
                "source": "https://example.org/berita",
            }
        },
    ]
    assert told[0] == {
        "year": 2026,
        "instrument": world.assessment.instrument.code,
        "maximum": "100",
        "totals": {"claimed": "1.5"},
        "furthest": None,
        "predikat": "",
        "award": None,
    }


# --- The inbox --------------------------------------------------------------------------------


def told_to(user, year, **facts):
    return Notification.objects.create(
        user=user,
        assessment=year,
        **{
            "kind": NotificationKind.values[0],
            "text": "Dokumen dikembalikan",
            "url": "/kota/sini/",
            "key": str(uuid4()),
            "created_at": NOW,
        }
        | facts,
    )


def test_an_inbox_tells_the_account_what_it_was_told_in_all_its_cities_and_nobody_else(world):
    own, year = world.people["opd_own"], world.assessment
    theirs = working_year(spec=small_spec(code="lain-2026"))
    first = told_to(own, year, read_at=NOW)
    second = told_to(own, theirs, text="Tenggat")
    told_to(own, year, in_app=False)  # by mail alone
    told_to(world.people["pimpinan"], year, text="Bocor")

    def line(one, city, text, read_at=None):
        return {
            "id": one.pk,
            "city": city.slug,
            "year": 2026,
            "kind": one.kind,
            "text": text,
            "url": "/kota/sini/",
            "created_at": "2026-03-02T03:00:00Z",
            "read_at": read_at,
        }

    assert world.ask("opd_own", "/api/v1/notifications/").json() == {
        "items": [
            line(first, year.city, "Dokumen dikembalikan", "2026-03-02T03:00:00Z"),
            line(second, theirs.city, "Tenggat"),
        ],
        "next": None,
    }


def test_an_inbox_takes_as_many_queries_for_thirty_as_for_one(world):
    own = world.people["opd_own"]
    key = key_of(own, last_used_at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get("/api/v1/notifications/", headers=key).status_code == 200
        return len(seen)

    told_to(own, world.assessment)
    few = queries()
    for _one in range(29):
        told_to(own, world.assessment)

    assert queries() == few <= 2


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(("rest", "most"), [("completion-windows/", 10), ("checks/", 13)])
def test_an_answer_takes_as_many_queries_for_many_questions_as_for_one(world, rest, most):
    in_field(world.assessment)
    opened(world.assessment, "1.2")
    key = key_of(world.people["pimpinan"], last_used_at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(world.year + rest, headers=key).status_code == 200
        return len(seen)

    few = queries()
    for _round in range(5):
        opened(world.assessment, "1.1", "1.2", "2a.2")
        EvidenceFactory(answer=world.answer)
    Answer.objects.filter(assessment=world.assessment).update(choice="Tidak", claimed_points=1)

    assert queries() == few <= most


def test_an_answer_stands_until_it_changes(world):
    in_field(world.assessment)
    key = key_of(world.people["pimpinan"])
    path = f"{world.year}completion-windows/"
    first = Client().get(path, headers=key)
    seen = key | {"if-none-match": first["ETag"]}

    same = Client().get(path, headers=seen)
    opened(world.assessment, "1.2")

    assert (same.status_code, Client().get(path, headers=seen).status_code) == (304, 200)
