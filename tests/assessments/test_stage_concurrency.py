"""A year that changes its stage while others work in it, each in a thread of their own."""

from datetime import timedelta
from decimal import Decimal

import pytest

from assessments.choices import ScoreKind, Stage, Verdict
from assessments.models import Assessment, Evidence, Snapshot
from assessments.services.rescue import cancel_rescue_window, open_rescue_window
from assessments.services.review import accept_evidence
from assessments.services.snapshots import damaged
from assessments.services.transitions import advance_stage, submit_assessment
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    claim,
    hand_in,
    later,
    secretary_of,
    set_stage,
    stored_files,
    stored_scores,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, answer_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
CLOSES = NOW + timedelta(hours=48)
CODES = ("1.1", "1.2", "2a.1", "2a.2", "2b.1")


@pytest.fixture
def moving_year(transactional_db):
    return working_year()


def put_into(year, stage):
    Assessment.objects.filter(pk=year.pk).update(stage=stage)


def test_a_verdict_during_submission_is_in_the_snapshot_or_refused(moving_year):
    question = answer_of(moving_year, "1.2")
    admin, reviewer = secretary_of(moving_year), secretary_of(moving_year)
    outcomes = []
    for number in range(1, ROUNDS + 1):
        evidence = EvidenceFactory(answer=question)

        def submit():
            return submit_assessment(assessment_id=moving_year.pk, by=admin, at=later())

        def accept(pk=evidence.pk, points=number):
            accept_evidence(evidence_id=pk, granted_points=Decimal(points), by=reviewer, at=later())
            return Verdict.ACCEPTED

        snapshot, told = at_once(submit, accept)
        evidence.refresh_from_db()
        assert (told, evidence.verdict) in {
            (Verdict.ACCEPTED, Verdict.ACCEPTED),
            ("closed", Verdict.WAITING),
        }
        assert_snapshot_is_what_stands(snapshot, moving_year)
        outcomes.append(told)
        set_stage(assessment_id=moving_year.pk, stage=Stage.SELF_ASSESSMENT, at=later())

    assert_scores_are_right(moving_year)
    assert list(damaged()) == []


def assert_snapshot_is_what_stands(snapshot, year):
    """The year is locked by now, so its totals must be the frozen ones, and so each verdict."""
    stored = {kind: f"{stored_scores(year, kind)['total'][0]:.3f}" for kind in ScoreKind}
    assert {kind: total["points"] for kind, total in snapshot.content["totals"].items()} == stored
    frozen = [
        document["verdict"]
        for answer in snapshot.content["answers"]
        for document in answer["documents"]
    ]
    rows = Evidence.objects.order_by("answer__question__position", "offered_at", "pk")
    assert frozen == list(rows.values_list("verdict", flat=True))


def test_claims_and_uploads_during_submission_are_frozen_or_refused(moving_year):
    admin, author = secretary_of(moving_year), secretary_of(moving_year)

    def claiming(code):
        def make_it():
            claim(answer_of(moving_year, code), "5", by=author, at=later())
            return "claimed"

        return make_it

    def upload():
        hand_in(answer_of(moving_year, "1.2"), by=author, files=[checked(b"di ujung")])
        return "stored"

    def submit():
        return submit_assessment(assessment_id=moving_year.pk, by=admin, at=later())

    snapshot, sent, *claims = at_once(submit, upload, *(claiming(code) for code in CODES))

    frozen = {answer["code"]: answer for answer in snapshot.content["answers"]}
    claimed = [frozen[code]["claimed"] is not None for code in CODES]
    assert claims == ["claimed" if is_in else "closed" for is_in in claimed]
    assert sent == ("stored" if frozen["1.2"]["documents"] else "closed")
    assert len(stored_files()) == len(frozen["1.2"]["documents"])
    assert_snapshot_is_what_stands(snapshot, moving_year)


def test_of_five_people_submitting_at_once_one_submits(moving_year):
    users = [secretary_of(moving_year) for _ in range(5)]

    def submitting(by):
        def submit():
            return submit_assessment(assessment_id=moving_year.pk, by=by, at=NOW).number

        return submit

    told = at_once(*(submitting(user) for user in users))

    assert sorted(map(str, told)) == ["1", *["moved"] * 4]
    assert Snapshot.objects.count() == 1


def test_of_two_clicks_on_the_same_button_one_goes_on(moving_year):
    put_into(moving_year, Stage.SUBMITTED)
    users = [secretary_of(moving_year) for _ in range(2)]

    def advancing(by):
        def advance():
            advance_stage(assessment_id=moving_year.pk, seen=Stage.SUBMITTED, by=by, at=NOW)
            return "moved on"

        return advance

    told = at_once(*(advancing(user) for user in users))

    assert sorted(told) == ["moved", "moved on"]
    assert Assessment.objects.get().stage == Stage.ADMINISTRATIVE


@pytest.fixture
def window(moving_year):
    put_into(moving_year, Stage.FIELD)
    return open_rescue_window(
        assessment_id=moving_year.pk,
        answer_ids=[answer_of(moving_year, "1.2").pk],
        closes_at=CLOSES,
        note="",
        by=secretary_of(moving_year),
        at=NOW,
    )


def test_uploads_around_the_deadline_are_stored_up_to_its_second_and_refused_after(
    moving_year, window
):
    by, question = secretary_of(moving_year), answer_of(moving_year, "1.2")
    seconds = (-2, -1, 0, 1, 2)

    def uploading(second):
        def upload():
            file = checked(f"detik {second}".encode(), f"{second}.pdf")
            hand_in(question, by=by, at=CLOSES + timedelta(seconds=second), files=[file])
            return second

        return upload

    told = at_once(*(uploading(second) for second in seconds))

    assert told == [-2, -1, 0, "closed", "closed"]
    names = Evidence.objects.values_list("document__original_name", flat=True)
    assert sorted(names) == ["-1.pdf", "-2.pdf", "0.pdf"]
    assert len(stored_files()) == 3


def test_an_upload_comes_before_the_end_of_a_cancelled_window_or_not_at_all(moving_year, window):
    by, question = secretary_of(moving_year), answer_of(moving_year, "1.2")

    def cancel():
        return cancel_rescue_window(window_id=window.pk, by=by, at=later()).cancelled_at

    def upload():
        hand_in(question, by=by, at=later(), files=[checked(b"tepat waktu")])
        return "stored"

    cancelled_at, told = at_once(cancel, upload)

    assert cancelled_at == later()
    is_there = Evidence.objects.exists()
    assert told == ("stored" if is_there else "closed")
    assert len(stored_files()) == int(is_there)
    deeds = list(moving_year.activities.order_by("pk").values_list("deed", flat=True))
    last = ["document_uploaded", "rescue_cancelled"] if is_there else ["rescue_cancelled"]
    assert deeds[-len(last) :] == last
