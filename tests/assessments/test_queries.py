"""The numbers of a page, each in a fixed number of queries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessments.choices import AnswerState, ScoreKind
from assessments.models import Answer, Assessment, OfficialIndicatorScore
from assessments.queries import year_dashboard
from assessments.queries.tasks import checklists
from assessments.services.answers import import_points
from assessments.services.scores import refresh_all
from tests.assessments.situations import (
    NOW,
    claim,
    computed_scores,
    secretary_of,
    working_year,
)
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


def board(year, today=TODAY):
    return year_dashboard(Assessment.objects.get(pk=year.pk), today=today)


def prove(answer, points):
    EvidenceFactory(answer=answer, accepted=True)
    granted(answer, points)
    refresh_all(assessment_id=answer.assessment_id)


def imported(year, kind, points):
    values = {code: Decimal(value) for code, value in points.items()}
    import_points(
        assessment=year, kind=kind, points=values, overwrite=True, by=secretary_of(year), at=NOW
    )


# --- Where a city stands ----------------------------------------------------------------------


def test_an_empty_year_stands_at_nothing_with_all_before_it(year):
    shown = board(year)

    for standing in (shown.claimed, shown.evidenced):
        assert (standing.points, standing.predikat, standing.in_gap) == (0, "", False)
        assert (standing.next_predikat, standing.next_points) == ("Pratama", 50)
        assert (standing.target_points, standing.answered) == (None, 0)
    assert (shown.official, shown.questions) == (None, 5)
    assert shown.states == {AnswerState.EMPTY: 5}


def test_clusters_and_indicators_show_claimed_beside_proven(year):
    claim(answer_of(year, "1.1"), "30")
    claim(answer_of(year, "2a.1"), "15")
    claim(answer_of(year, "2a.2"), "15")
    prove(answer_of(year, "1.2"), "13.2")

    shown = board(year)

    clusters = {row.code: (row.claimed, row.evidenced) for row in shown.clusters}
    indicators = {
        row.code: (row.claimed, row.evidenced) for one in shown.indicators for row in one.rows
    }
    claimed, proven = (computed_scores(year, kind) for kind in ("claimed", "evidenced"))
    for shown_rows, place in ((clusters, "clusters"), (indicators, "indicators")):
        assert shown_rows == {
            code: (points, proven[place][code]) for code, points in claimed[place].items()
        }
    assert indicators["2a"] == (25, 0)  # held to its maximum


def test_rows_that_share_a_number_stand_together_and_territorial_ones_apart():
    spec = small_spec()
    first, second = spec.clusters
    territorial = replace(
        first,
        indicators=tuple(replace(row, counts_among_24=False) for row in first.indicators),
    )
    year = working_year(spec=replace(spec, clusters=(second, territorial)))

    numbered = board(year).indicators

    assert [(one.number, [row.code for row in one.rows]) for one in numbered] == [
        (2, ["2a", "2b"]),
        (1, ["1"]),
    ]
    assert [one.counts_among_24 for one in numbered] == [True, False]


@pytest.mark.parametrize(
    ("claimed", "missing"), [("19.5", Decimal("11.5")), ("20", Decimal(11)), (None, Decimal(31))]
)
def test_the_points_missing_to_the_target_are_told(year, claimed, missing):
    year.target = year.instrument.bands.get(predikat="Madya")
    year.save()
    claim(answer_of(year, "1.1"), "30")
    claim(answer_of(year, "1.2"), claimed)

    assert board(year).claimed.target_points == missing


def test_a_target_that_is_reached_lacks_nothing(year):
    year.target = year.instrument.bands.get(predikat="Pratama")
    year.save()
    imported(year, ScoreKind.CLAIMED, {"1.1": "30", "1.2": "20", "2b.1": "25"})

    shown = board(year).claimed

    assert (shown.predikat, shown.target_points, shown.next_predikat) == ("Madya", 0, None)


def test_the_furthest_official_stage_is_shown(year):
    imported(year, ScoreKind.EM, {"1.1": "30"})
    imported(year, ScoreKind.VA, {"1.1": "20"})

    shown = board(year)

    kind, standing = shown.official
    assert (kind, standing.points, shown.ladder.official) == (ScoreKind.VA, 20, 20)


def test_a_stage_of_which_only_indicators_are_known_is_shown_too(year):
    imported(year, ScoreKind.EM, {"1.1": "30"})
    indicator = answer_of(year, "1.1").question.indicator
    OfficialIndicatorScore.objects.create(
        assessment=year,
        indicator=indicator,
        kind=ScoreKind.VF,
        points=25,
        why="Berita acara",
        at=NOW,
        by=secretary_of(year),
    )
    refresh_all(assessment_id=year.pk)

    kind, standing = board(year).official

    assert (kind, standing.points) == (ScoreKind.VF, 25)


def test_the_ladder_shows_the_award_of_an_earlier_year_and_of_this_city(year):
    AwardFactory(city=year.city, year=2026, predikat="Utama")
    last = AwardFactory(city=year.city, year=2023, predikat="Nindya")
    AwardFactory(city=year.city, year=2021)
    AwardFactory(year=2025)

    ladder = board(year).ladder

    assert (ladder.award, ladder.maximum) == (last, 100)
    assert [band.predikat for band in ladder.bands] == ["Pratama", "Madya"]


def test_an_opds_row_counts_its_questions_and_the_points_it_holds_back(year):
    prove(answer_of(year, "2a.2"), "10")
    EvidenceFactory(answer=answer_of(year, "1.2"))
    Answer.objects.get(pk=answer_of(year, "1.1").pk).assignments.update(due_on=YESTERDAY)

    rows = {row.opd.code: row for row in board(year).opds}

    facts = {
        code: (row.questions, row.accepted, row.waiting, row.untouched, row.late, row.held)
        for code, row in rows.items()
    }
    assert facts == {
        "DP3A": (2, 0, 1, 1, 1, 30),  # contributes to 1.2, which DISDIK answers for
        "DISDIK": (1, 0, 1, 0, 0, 20),
        "DINKES": (2, 1, 0, 1, 0, 5 + 25),
    }
    assert [row.opd.code for row in board(year).opds] == ["DINKES", "DP3A", "DISDIK"]


def test_what_needs_somebody_is_counted(year):
    EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)
    Assessment.objects.update(deadline=YESTERDAY)
    EvidenceFactory(answer=answer_of(working_year(), "1.2"))

    actions = board(year).actions

    assert (actions.documents_waiting, actions.questions_returned) == (2, 1)
    assert (actions.questions_late, actions.questions_without_lead) == (4, 1)


def test_a_dashboard_takes_eleven_queries(year, django_assert_num_queries):
    prove(answer_of(year, "1.2"), "20")
    assessment = Assessment.objects.current(year.city)

    with django_assert_num_queries(11):
        year_dashboard(assessment, today=TODAY)


# --- The checklist of a question --------------------------------------------------------------


def checklist(answer):
    return [kind.state for kind in checklists([answer])[answer.pk]]


@pytest.mark.parametrize(
    ("traits", "state"),
    [
        ([], "empty"),
        ([{}], "waiting"),
        ([{"returned": True}], "returned"),
        ([{"returned": True}, {}], "waiting"),
        ([{"accepted": True}, {}], "accepted"),
        ([{"accepted": True}, {"returned": True}], "accepted"),
    ],
)
def test_each_kind_asked_for_shows_the_best_that_came_of_it(answer, traits, state):
    perda = answer.question.evidence_kinds.get(code="perda")
    for trait in traits:
        EvidenceFactory(answer=answer, kind=perda, **trait)

    assert checklist(answer) == [state, "empty"]
