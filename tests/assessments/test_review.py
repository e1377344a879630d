"""Deciding on documents and granting points."""

from decimal import Decimal

import pytest

from assessments.choices import ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import Answer, Evidence
from assessments.services.documents import withdraw_evidence
from assessments.services.review import (
    accept_evidence,
    grant_points,
    return_evidence,
    undo_verdict,
)
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    history,
    later,
    overtaken,
    refused,
    reviewer_of,
    secretary_of,
    set_stage,
    stored_scores,
)
from tests.factories.assessments import EvidenceFactory, granted

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(answer):
    author = secretary_of(answer)
    return EvidenceFactory(answer=answer, document__title="Perda KLA", document__uploaded_by=author)


@pytest.fixture
def by(year):
    return reviewer_of(year, user__name="Ibu Verifikator").user


def accept(evidence, points="12", *, by, at=NOW):
    return accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(points), by=by, at=at)


def send_back(evidence, reason="Belum ditandatangani", *, by, at=NOW):
    return return_evidence(evidence_id=evidence.pk, reason=reason, by=by, at=at)


def undo(evidence, *, by, at=NOW):
    return undo_verdict(evidence_id=evidence.pk, by=by, at=at)


def grant(answer, points, *, by, at=NOW):
    return grant_points(answer_id=answer.pk, granted_points=Decimal(points), by=by, at=at)


def close(year, by):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)


def decision(evidence):
    row = Evidence.objects.get(pk=evidence.pk)
    return row.verdict, row.reason, row.decided_by, row.decided_at


def proven(year):
    return stored_scores(year, ScoreKind.EVIDENCED)["total"]


# --- Each deed --------------------------------------------------------------------------------


def test_an_accepted_document_makes_its_questions_points_count(year, answer, evidence, by):
    accept(evidence, "13.2", by=by, at=later())

    assert decision(evidence) == (Verdict.ACCEPTED, "", by, later())
    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.granted_points, stored.granted_by, stored.granted_at) == (
        Decimal("13.2"),
        by,
        later(),
    )
    assert proven(year) == (Decimal("13.2"), None, False, 1)
    assert_scores_are_right(year)
    assert history(year)[-2:] == [
        (TrailEvent.POINTS_GRANTED, "– → 13,2", by, later()),
        (TrailEvent.EVIDENCE_ACCEPTED, "Perda KLA", by, later()),
    ]


def test_a_returned_document_carries_its_reason_and_proves_nothing(year, evidence, by):
    send_back(evidence, "  Halaman 2 tidak terbaca \n", by=by, at=later())

    assert decision(evidence) == (Verdict.RETURNED, "Halaman 2 tidak terbaca", by, later())
    assert proven(year) == (0, None, False, 0)
    assert_scores_are_right(year)
    assert history(year)[-1] == (
        TrailEvent.EVIDENCE_RETURNED,
        "Perda KLA: Halaman 2 tidak terbaca",
        by,
        later(),
    )


def test_a_second_document_accepted_with_the_same_points_does_not_grant_them_again(
    year, answer, evidence, by
):
    accept(evidence, by=by)
    accept(EvidenceFactory(answer=answer), by=secretary_of(year), at=later())

    assert Answer.objects.get(pk=answer.pk).granted_by == by
    deeds = [deed for deed, *_rest in history(year)]
    assert (deeds.count(TrailEvent.POINTS_GRANTED), deeds.count(TrailEvent.EVIDENCE_ACCEPTED)) == (
        1,
        2,
    )


def test_an_undone_verdict_puts_the_document_back_and_its_points_no_longer_count(
    year, answer, evidence, by
):
    accept(evidence, by=by)

    undo(evidence, by=by, at=later())

    assert decision(evidence) == (Verdict.WAITING, "", None, None)
    assert Answer.objects.get(pk=answer.pk).granted_points == 12
    assert proven(year) == (0, None, False, 0)
    assert_scores_are_right(year)
    assert history(year)[-1] == (TrailEvent.VERDICT_UNDONE, "Perda KLA: Diterima", by, later())


def test_points_count_while_any_document_still_proves_them(year, answer, evidence, by):
    other = EvidenceFactory(answer=answer)
    accept(evidence, by=by)
    accept(other, by=by)

    undo(evidence, by=by)

    assert proven(year) == (12, None, False, 1)


def test_an_undone_return_can_be_accepted(year, evidence, by):
    send_back(evidence, by=by)
    undo(evidence, by=by)

    accept(evidence, by=by)

    assert decision(evidence) == (Verdict.ACCEPTED, "", by, NOW)
    assert_scores_are_right(year)


def test_points_of_a_proven_question_can_be_set_anew(year, answer, evidence, by):
    accept(evidence, by=by)
    colleague = secretary_of(year)

    grant(answer, "20", by=colleague, at=later())

    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.granted_points, stored.granted_by) == (20, colleague)
    assert proven(year) == (20, None, False, 1)
    assert history(year)[-1] == (TrailEvent.POINTS_GRANTED, "12 → 20", colleague, later())


def test_points_set_to_what_they_are_leave_no_trace(year, answer, evidence, by):
    accept(evidence, by=by)
    before = history(year)

    grant(answer, "12", by=secretary_of(year), at=later())

    assert history(year) == before


# --- Refusals change nothing ------------------------------------------------------------------


def test_nobody_decides_on_a_document_of_their_own(evidence):
    author = evidence.document.uploaded_by

    with refused("own_document"):
        accept(evidence, by=author)
    with refused("own_document"):
        send_back(evidence, by=author)


@pytest.mark.parametrize("decided", ["accepted", "returned"])
def test_nobody_undoes_the_verdict_on_a_document_of_their_own(answer, decided):
    author = secretary_of(answer)
    evidence = EvidenceFactory(answer=answer, document__uploaded_by=author, **{decided: True})

    with refused("own_document"):
        undo(evidence, by=author)


def test_nobody_grants_points_that_their_own_document_proves(answer, by):
    own = EvidenceFactory(answer=answer, accepted=True, document__uploaded_by=by)
    EvidenceFactory(answer=answer, accepted=True)

    with refused("own_document"):
        grant(answer, "20", by=own.document.uploaded_by)


def test_accepting_a_colleagues_document_leaves_the_points_that_ones_own_document_proves(
    answer, evidence, by
):
    EvidenceFactory(answer=answer, accepted=True, document__uploaded_by=by)
    grant(answer, "12", by=secretary_of(answer))

    with refused("own_document"):
        accept(evidence, "20", by=by)
    accept(evidence, "12", by=by)

    answer.refresh_from_db()
    assert answer.granted_points == Decimal(12)


@pytest.mark.parametrize("decided", ["accepted", "returned"])
def test_a_decided_document_is_not_decided_again(answer, by, decided):
    evidence = EvidenceFactory(answer=answer, **{decided: True})

    with overtaken("already_decided") as refusal:
        accept(evidence, by=by)
    with overtaken("already_decided"):
        send_back(evidence, by=by)

    assert evidence.decided_by.name in refusal.value.messages[0]
    assert "2 Maret 2026 10.00" in refusal.value.messages[0]


def test_a_document_is_not_returned_without_a_reason(evidence, by):
    with refused("reason"):
        send_back(evidence, " \n ", by=by)


@pytest.mark.parametrize(
    ("points", "code"),
    [("20.001", "over_maximum"), ("-0.001", "negative"), ("0.0001", "too_precise")],
)
def test_points_that_the_question_cannot_have_are_not_granted(answer, evidence, by, points, code):
    with refused(code):
        accept(evidence, points, by=by)
    accept(evidence, "12", by=by)
    with refused(code):
        grant(answer, points, by=by)


def test_a_verdict_that_was_not_given_is_not_undone(evidence, by):
    with overtaken("not_decided"):
        undo(evidence, by=by)


@pytest.mark.parametrize("trait", [{}, {"returned": True}])
def test_points_are_not_granted_without_an_accepted_document(answer, by, trait):
    EvidenceFactory(answer=answer, **trait)
    granted(answer, "5")

    with refused("unproven"):
        grant(answer, "20", by=by)


def test_a_closed_year_is_not_reviewed(year, answer, evidence, by):
    accepted = EvidenceFactory(answer=answer, accepted=True)
    close(year, by)

    with refused("closed"):
        accept(evidence, by=by)
    with refused("closed"):
        send_back(evidence, by=by)
    with refused("closed"):
        undo(accepted, by=by)
    with refused("closed"):
        grant(answer, "5", by=by)


@pytest.mark.parametrize("deed", [accept, send_back, undo])
def test_a_document_that_was_withdrawn_meanwhile_is_told_so(evidence, by, deed):
    withdraw_evidence(evidence_id=evidence.pk, by=evidence.document.uploaded_by, at=NOW)

    with refused("withdrawn"):
        deed(evidence, by=by)
