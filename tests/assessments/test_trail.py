"""The trail of a year: every deed once, in order, chained, and never changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.choices import ScoreKind, Stage, TrailEvent
from assessments.models import Activity, PointsRecord
from assessments.services.activity import record
from assessments.services.answers import import_points
from assessments.services.assignment import assign_question
from assessments.services.comments import add_comment
from assessments.services.creation import change_assessment
from assessments.services.review import accept_evidence, grant_points, return_evidence, undo_verdict
from cities.models import Opd
from tests.assessments.situations import (
    NOW,
    admin_of,
    checked,
    claim,
    hand_in,
    later,
    secretary_of,
    set_stage,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from trail import hash_chain
from trail.address import current_address

pytestmark = pytest.mark.django_db


def trail_of(assessment):
    return list(Activity.objects.filter(assessment=assessment).order_by("position"))


def changes_of(assessment):
    """What the last deed changed."""
    row = trail_of(assessment)[-1]
    return row.deed, row.before, row.after


# --- The chain --------------------------------------------------------------------------------


def test_the_lines_of_a_year_are_numbered_from_one_and_each_names_the_one_before(year, answer):
    by = secretary_of(year)
    claim(answer, "5", by=by)
    claim(answer, "6", by=by, at=later(), seen_at=NOW)

    rows = trail_of(year)

    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [row.hash for row in rows] == [row.compute_hash() for row in rows]
    assert len({row.hash for row in rows}) == len(rows)


def test_two_years_have_chains_of_their_own(year):
    other = working_year(year=2027, city=year.city, spec=None)

    assert trail_of(other)[0].position == trail_of(year)[0].position == 1
    assert trail_of(other)[0].previous_hash == trail_of(year)[0].previous_hash == hash_chain.START
    assert trail_of(other)[0].hash != trail_of(year)[0].hash


def test_the_fingerprint_of_a_line_never_changes_with_the_code():
    entry = Activity(
        assessment_id=1,
        position=2,
        deed="claim_saved",
        answer_id=3,
        detail="– → 13,2",
        before={"points": None},
        after={"points": "13,2"},
        at=NOW,
        by_id=4,
        address="203.0.113.9",
        previous_hash="0" * 64,
    )

    assert entry.compute_hash() == (
        "326306636cd4a6a1182abf26a0177d40037950ce5abc5bf8b0fceaa4729895e4"
    )


@pytest.mark.django_db(transaction=True)
def test_deeds_at_the_same_moment_never_follow_the_same_line():
    year = working_year()
    answer = answer_of(year, "1.2")
    people = [secretary_of(year) for _ in range(6)]
    before = len(trail_of(year))

    def deed(number):
        def write():
            for round_ in range(5):
                hand_in(answer, by=people[number], files=[checked(f"{number} {round_}".encode())])

        return write

    def outside_the_lock():
        with transaction.atomic():  # a deed that forgot to hold the year
            record(TrailEvent.CLAIM_SAVED, assessment=year, by=people[0], at=NOW)

    at_once(*(deed(number) for number in range(4)), *[outside_the_lock] * 4)

    rows = trail_of(year)
    assert len(rows) == before + 4 * 5 + 4
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]


# --- Append only ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["assessments_activity", "assessments_pointsrecord"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET by_id = by_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(answer, table, statement):
    claim(answer, "5")
    rows = (list(Activity.objects.values()), list(PointsRecord.objects.values()))

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert (list(Activity.objects.values()), list(PointsRecord.objects.values())) == rows


@pytest.mark.parametrize("model", [Activity, PointsRecord])
def test_neither_save_nor_delete_gets_past_the_database(answer, model):
    claim(answer, "5")
    row = model.objects.order_by("-pk").first()

    for deed in (row.save, row.delete, model.objects.all().delete):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            deed()

    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", ["assessments_activity", "assessments_pointsrecord"])
def test_the_database_refuses_to_empty_the_table(answer, table):
    claim(answer, "5")
    cursor = connection.cursor()
    emptying = f"DELETE FROM {table}"
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else it is refused for those
        emptying = f"TRUNCATE {table}"

    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        cursor.execute(emptying)


# --- From where -------------------------------------------------------------------------------


def test_a_deed_on_a_page_keeps_the_address_that_it_came_from(client, year, answer, staff):
    client.force_login(staff.user)

    client.post(
        f"{answer.get_absolute_url()}klaim/", {"claimed_points": "5"}, REMOTE_ADDR="203.0.113.9"
    )

    last = trail_of(year)[-1]
    assert (last.deed, last.by, last.address) == (TrailEvent.CLAIM_SAVED, staff.user, "203.0.113.9")
    assert current_address() is None


def test_a_deed_without_a_page_has_no_address(year):
    assert [row.address for row in trail_of(year)] == [None] * len(trail_of(year))


# --- Before and after -------------------------------------------------------------------------


def test_a_claim_says_only_what_it_changed(year, answer):
    by = secretary_of(year)
    claim(answer, "5", by=by, note="Perda 3/2023")
    assert changes_of(year) == (
        TrailEvent.CLAIM_SAVED,
        {"points": None, "note": ""},
        {"points": "5", "note": "Perda 3/2023"},
    )

    claim(answer, "13.20", by=by, at=later(), seen_at=NOW, note="Perda 3/2023")
    assert changes_of(year) == (TrailEvent.CLAIM_SAVED, {"points": "5"}, {"points": "13,2"})


def test_an_import_keeps_each_question_that_it_changed(year, answer):
    by = secretary_of(year)
    claim(answer, "5", by=by)
    sheet = {"1.1": Decimal(30), "1.2": Decimal(6), "2b.1": None}

    import_points(
        assessment=year, kind=ScoreKind.CLAIMED, points=sheet, overwrite=True, by=by, at=later()
    )

    assert changes_of(year) == (
        TrailEvent.SHEET_IMPORTED,
        {"1.1": None, "1.2": "5"},
        {"1.1": "30", "1.2": "6"},
    )


def test_a_verdict_its_undoing_and_points_say_what_was_before(year, answer, reviewer, staff):
    evidence = hand_in(answer, by=staff.user)[0]
    who = {"by": reviewer.user, "at": later()}
    accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(12), **who)
    grant_points(answer_id=answer.pk, granted_points=Decimal("12.5"), **who)
    undo_verdict(evidence_id=evidence.pk, **who)
    return_evidence(evidence_id=evidence.pk, reason="Belum bertanda tangan", **who)

    assert [(row.deed, row.before, row.after) for row in trail_of(year)[-5:]] == [
        (TrailEvent.POINTS_GRANTED, {"points": None}, {"points": "12"}),
        (
            TrailEvent.EVIDENCE_ACCEPTED,
            {"verdict": "Menunggu pemeriksaan"},
            {"verdict": "Diterima"},
        ),
        (TrailEvent.POINTS_GRANTED, {"points": "12"}, {"points": "12,5"}),
        (
            TrailEvent.VERDICT_UNDONE,
            {"verdict": "Diterima", "reason": ""},
            {"verdict": "Menunggu pemeriksaan", "reason": ""},
        ),
        (
            TrailEvent.EVIDENCE_RETURNED,
            {"verdict": "Menunggu pemeriksaan"},
            {"verdict": "Dikembalikan"},
        ),
    ]


def test_a_message_is_a_line_of_the_trail_but_not_told_twice_on_the_page(
    client, year, answer, reviewer
):
    add_comment(answer=answer, text="Mohon ditandatangani", by=reviewer.user, at=later())
    client.force_login(reviewer.user)

    response = client.get(answer.get_absolute_url())
    told = client.get(f"{answer.get_absolute_url()}riwayat/").context["page_obj"]

    assert changes_of(year) == (TrailEvent.COMMENT_ADDED, {}, {"text": "Mohon ditandatangani"})
    assert response.content.decode().count("Mohon ditandatangani") == 1
    assert [row.deed for row in told] == []


def test_an_assignment_says_who_held_the_question_before(year, answer):
    dinkes = Opd.objects.get(city=year.city, code="DINKES")

    assign_question(
        answer_id=answer.pk,
        lead=dinkes,
        contributors=[],
        due_on=date(2026, 4, 1),
        by=secretary_of(year),
        at=later(),
    )

    assert changes_of(year) == (
        TrailEvent.QUESTIONS_ASSIGNED,
        {"lead": "Dinas DISDIK", "contributors": ["Dinas DP3A"], "due_on": None},
        {"lead": "Dinas DINKES", "contributors": [], "due_on": "2026-04-01"},
    )


def test_target_deadline_and_stage_say_what_was_before(year):
    band = year.instrument.bands.get(predikat="Madya")
    by = admin_of(year)
    change_assessment(
        assessment_id=year.pk, target=band, deadline=date(2026, 5, 1), by=by, at=later()
    )
    assert changes_of(year) == (
        TrailEvent.ASSESSMENT_CHANGED,
        {"target": None, "deadline": None},
        {"target": "Madya", "deadline": "2026-05-01"},
    )

    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, by=by, at=later())
    assert changes_of(year) == (
        TrailEvent.ASSESSMENT_SUBMITTED,
        {"stage": "Evaluasi mandiri"},
        {"stage": "Diajukan"},
    )
