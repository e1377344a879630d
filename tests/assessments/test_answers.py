"""What the city claims, by hand and from a sheet."""

from decimal import Decimal

import pytest

from assessments.choices import OFFICIAL_KINDS, ScoreKind, Stage, TrailEvent
from assessments.models import Answer, StageScore
from assessments.services.answers import import_points
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    claim,
    history,
    later,
    overtaken,
    refused,
    secretary_of,
    set_stage,
    stored_scores,
)
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(year):
    return secretary_of(year)


def imported(year, points, *, by, kind=ScoreKind.CLAIMED, overwrite=False, at=NOW):
    values = {code: None if value is None else Decimal(value) for code, value in points.items()}
    return import_points(
        assessment=year, kind=kind, points=values, overwrite=overwrite, by=by, at=at
    )


def claims(year):
    rows = Answer.objects.filter(assessment=year).exclude(claimed_points=None)
    return {
        code: str(points) for code, points in rows.values_list("question__code", "claimed_points")
    }


# --- By hand ----------------------------------------------------------------------------------


def test_a_claim_is_stored_with_its_author_and_adds_up(year, answer, by):
    claim(answer, "13.2", by=by, at=later(), value=Decimal("66.5"), choice="Ada", note="Lengkap")

    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.claimed_points, stored.value) == (Decimal("13.2"), Decimal("66.5"))
    assert (stored.choice, stored.note) == ("Ada", "Lengkap")
    assert (stored.claimed_by, stored.claimed_at) == (by, later())
    assert stored_scores(year, ScoreKind.CLAIMED)["total"] == (Decimal("13.2"), None, False, 1)
    assert_scores_are_right(year)
    assert history(year)[-1] == (TrailEvent.CLAIM_SAVED, "– → 13,2", by, later())


def test_claims_over_the_indicators_maximum_are_held_to_it(year, by):
    claim(answer_of(year, "2a.1"), "15", by=by)
    claim(answer_of(year, "2a.2"), "15", by=by)

    assert stored_scores(year, ScoreKind.CLAIMED)["indicators"]["2a"] == 25
    assert_scores_are_right(year)


@pytest.mark.parametrize(
    ("points", "predikat", "in_gap"),
    [
        ({"1.1": "30", "1.2": "19.999"}, None, False),
        ({"1.1": "30", "1.2": "20"}, "Pratama", False),
        ({"1.1": "30", "1.2": "20", "2b.1": "10"}, "Pratama", False),
        ({"1.1": "30", "1.2": "20", "2b.1": "10.5"}, "Pratama", True),
        ({"1.1": "30", "1.2": "20", "2b.1": "11"}, "Madya", False),
    ],
)
def test_the_total_carries_its_predikat(year, by, points, predikat, in_gap):
    for code, value in points.items():
        claim(answer_of(year, code), value, by=by)

    assert stored_scores(year, ScoreKind.CLAIMED)["total"][1:3] == (predikat, in_gap)


def test_a_claim_can_be_taken_back(year, answer, by):
    claim(answer, "20", by=by)
    claim(answer, None, by=by, at=later(), seen_at=NOW)

    assert claims(year) == {}
    assert_scores_are_right(year)
    assert history(year)[-1] == (TrailEvent.CLAIM_SAVED, "20 → –", by, later())


@pytest.mark.parametrize("points", ["0", "20"])
def test_a_claim_may_be_nothing_or_the_whole_maximum(year, answer, by, points):
    claim(answer, points, by=by)

    assert Answer.objects.get(pk=answer.pk).claimed_points == Decimal(points)


@pytest.mark.parametrize(
    ("points", "code"),
    [("20.001", "over_maximum"), ("-0.001", "negative"), ("0.0001", "too_precise")],
)
def test_points_that_the_question_cannot_have_are_refused(answer, by, points, code):
    with refused(code):
        claim(answer, points, by=by)


def test_a_claim_made_by_somebody_else_meanwhile_is_not_overwritten(answer, by):
    colleague = secretary_of(answer, name="Pak Budi")
    claim(answer, "10", by=colleague, at=later())

    with overtaken("stale") as refusal:
        claim(answer, "20", by=by, seen_at=None, at=later(2))

    assert "Pak Budi" in refusal.value.messages[0]


def test_ones_own_claim_from_another_tab_is_not_overwritten_either(answer, by):
    claim(answer, "10", by=by, at=later(1))
    claim(answer, "12", by=by, at=later(2), seen_at=later(1))

    with overtaken("stale"):
        claim(answer, "20", by=by, seen_at=later(1), at=later(3))


def test_a_closed_year_takes_no_claim(year, answer, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        claim(answer, "10", by=by)


# --- From a sheet -----------------------------------------------------------------------------


def test_a_sheet_fills_the_claims_and_leaves_empty_cells_alone(year, answer, by):
    claim(answer, "5")

    result = imported(year, {"1.1": "30", "1.2": None, "2b.1": "25"}, by=by, at=later())

    assert (result.changed, result.unchanged, result.kept) == (2, 0, ())
    assert claims(year) == {"1.1": "30.000", "1.2": "5.000", "2b.1": "25.000"}
    filled = answer_of(year, "1.1")
    assert (filled.claimed_by, filled.claimed_at) == (by, later())
    assert_scores_are_right(year)
    assert history(year)[-1] == (TrailEvent.SHEET_IMPORTED, "Diklaim: 2 pertanyaan", by, later())


def test_other_points_that_stand_there_are_kept_and_named(year, answer, by):
    author = secretary_of(year)
    claim(answer, "5", by=author)

    result = imported(year, {"1.1": "30", "1.2": "20"}, by=by)

    assert (result.changed, result.unchanged, result.kept) == (1, 0, ("1.2",))
    assert claims(year) == {"1.1": "30.000", "1.2": "5.000"}
    assert answer_of(year, "1.2").claimed_by == author


def test_other_points_are_overwritten_when_that_is_wanted(year, answer, by):
    claim(answer, "5")

    result = imported(year, {"1.2": "20"}, by=by, overwrite=True)

    assert (result.changed, result.kept) == (1, ())
    assert claims(year) == {"1.2": "20.000"}
    assert_scores_are_right(year)


def test_the_same_sheet_a_second_time_changes_nothing(year, by):
    imported(year, {"1.1": "30", "1.2": "6.6"}, by=by)
    before = list(Answer.objects.order_by("pk").values())

    result = imported(year, {"1.1": "30", "1.2": "6.6"}, by=secretary_of(year), at=later())

    assert (result.changed, result.unchanged, result.kept) == (0, 2, ())
    assert list(Answer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("kind", OFFICIAL_KINDS)
def test_an_official_result_stands_beside_the_claims(year, by, kind):
    imported(year, {"1.1": "30"}, by=by)

    imported(year, {"1.1": "10", "2b.1": "25"}, by=by, kind=kind, at=later())

    rows = StageScore.objects.filter(answer__assessment=year)
    stored = rows.values_list(
        "answer__question__code", "kind", "points", "entered_by", "entered_at"
    )
    assert sorted(stored) == [
        ("1.1", kind, Decimal(10), by.pk, later()),
        ("2b.1", kind, Decimal(25), by.pk, later()),
    ]
    assert stored_scores(year, kind)["total"] == (Decimal(35), None, False, 2)
    assert claims(year) == {"1.1": "30.000"}
    assert_scores_are_right(year)


def test_an_official_result_is_kept_or_overwritten_like_a_claim(year, by):
    imported(year, {"1.1": "10"}, by=by, kind=ScoreKind.VF)

    kept = imported(year, {"1.1": "30"}, by=by, kind=ScoreKind.VF)
    changed = imported(year, {"1.1": "30"}, by=by, kind=ScoreKind.VF, overwrite=True)

    assert (kept.kept, changed.changed) == (("1.1",), 1)
    assert [row.points for row in StageScore.objects.all()] == [Decimal(30)]
    assert_scores_are_right(year)


@pytest.mark.parametrize(
    ("points", "code"),
    [("30.001", "over_maximum"), ("-1", "negative"), ("0.3333", "too_precise")],
)
def test_one_impossible_value_stores_nothing_of_the_sheet(year, by, points, code):
    with refused(code):
        imported(year, {"1.2": "20", "1.1": points}, by=by)


def test_proven_points_are_not_imported(year, by):
    with refused("evidenced"):
        imported(year, {"1.1": "30"}, by=by, kind=ScoreKind.EVIDENCED)


def test_nothing_is_imported_into_a_closed_year(year, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        imported(year, {"1.1": "30"}, by=by)
