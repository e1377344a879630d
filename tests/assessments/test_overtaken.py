"""Who comes second is refused with 409 and stands in the trail beside who was first."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.choices import TrailEvent, Verdict
from assessments.models import Activity, Evidence, Waiver
from assessments.services.overtaken import Overtaken
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.trail_verification import verify_year
from assessments.services.waivers import waive_kind
from tests.assessments.situations import (
    assert_scores_are_right,
    claim,
    hand_in,
    later,
    reviewer_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import NOW, answer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return working_year()


@pytest.fixture
def evidence(year):
    return hand_in(answer_of(year, "1.2"), title="SK Gugus Tugas")[0]


def attempts(year):
    rows = Activity.objects.filter(assessment=year, deed=TrailEvent.ATTEMPT_OVERTAKEN)
    return list(rows.order_by("pk").values_list("by", "answer__question__code", "detail", "after"))


def accept(evidence, by, at=NOW, points="10"):
    return accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(points), by=by, at=at)


def overtaken(act):
    with pytest.raises(Overtaken) as refusal:
        act()
    return refusal.value


def test_both_reviewers_of_one_document_stand_in_the_trail(year, evidence):
    first, second = reviewer_of(year).user, reviewer_of(year).user
    accept(evidence, first)

    refusal = overtaken(
        lambda: return_evidence(evidence_id=evidence.pk, reason="buram", by=second, at=later())
    )

    assert refusal.code == "already_decided"
    assert attempts(year) == [(second.pk, "1.2", "mengembalikan dokumen: SK Gugus Tugas", {})]
    accepted = Activity.objects.get(assessment=year, deed=TrailEvent.EVIDENCE_ACCEPTED)
    assert accepted.by == first
    assert Evidence.objects.get(pk=evidence.pk).verdict == Verdict.ACCEPTED
    assert verify_year(year).broken is None
    assert_scores_are_right(year)


def test_a_refusal_that_is_no_race_leaves_no_line(year, evidence):
    reviewer = reviewer_of(year).user
    before = Activity.objects.count()

    with pytest.raises(ValidationError) as refusal:
        accept(evidence, reviewer, points="999")

    assert not isinstance(refusal.value, Overtaken)
    assert Activity.objects.count() == before


def test_of_two_who_undo_a_verdict_the_second_is_told(year, evidence):
    first, second = reviewer_of(year).user, reviewer_of(year).user
    accept(evidence, first)
    undo_verdict(evidence_id=evidence.pk, by=first, at=later())

    refusal = overtaken(lambda: undo_verdict(evidence_id=evidence.pk, by=second, at=later(2)))

    assert refusal.code == "not_decided"
    assert attempts(year) == [
        (second.pk, "1.2", "membatalkan keputusan atas dokumen: SK Gugus Tugas", {})
    ]


def test_a_claim_over_one_that_was_not_seen_stands_in_the_trail_with_both_values(year):
    answer = answer_of(year, "1.2")
    first, second = staff_of(year, "DISDIK").user, staff_of(year, "DISDIK").user
    claim(answer, "10", by=first)

    refusal = overtaken(lambda: claim(answer, "15", by=second, at=later(), seen_at=None))

    assert refusal.code == "stale"
    assert attempts(year) == [(second.pk, "1.2", "mengisi klaim: 10 → 15", {})]
    answer.refresh_from_db()
    assert answer.claimed_points == 10


def test_of_two_who_waive_a_kind_the_second_stands_in_the_trail(year):
    answer = answer_of(year, "1.2")
    kind = answer.question.evidence_kinds.first()
    first, second = reviewer_of(year).user, reviewer_of(year).user
    facts = {"answer_id": answer.pk, "kind": kind, "reason": "sudah ada"}
    waive_kind(**facts, by=first, at=NOW)

    overtaken(lambda: waive_kind(**facts, by=second, at=later()))

    assert attempts(year) == [(second.pk, "1.2", f"mengecualikan jenis dokumen: {kind.name}", {})]
    assert Waiver.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_reviewers_at_once_one_wins_and_all_the_others_are_in_the_trail():
    year = working_year()
    [evidence] = hand_in(answer_of(year, "1.2"))
    people = [reviewer_of(year).user for _ in range(6)]
    gate, outcomes = threading.Barrier(len(people)), []

    def decide(person):
        gate.wait()
        try:
            accept(evidence, person)
            outcomes.append((person.pk, "accepted"))
        except Overtaken as refusal:
            outcomes.append((person.pk, refusal.code))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [winner] = [who for who, said in outcomes if said == "accepted"]
    losers = sorted(who for who, said in outcomes if said == "already_decided")
    assert sorted([winner, *losers]) == sorted(person.pk for person in people)
    assert sorted(who for who, *_rest in attempts(year)) == losers
    assert Evidence.objects.get(pk=evidence.pk).decided_by_id == winner
    assert verify_year(year).broken is None


# --- Pages ----------------------------------------------------------------------------------------


def address(name, year, *more):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *more])


def test_the_page_of_who_came_second_is_409_and_keeps_what_was_typed(client, year, evidence):
    first, second = reviewer_of(year), reviewer_of(year)
    accept(evidence, first.user)
    client.force_login(second.user)

    response = client.post(
        address("evidence_review", year, evidence.pk),
        {"verdict": "returned", "reason": "Tanda tangan belum ada."},
    )

    assert response.status_code == 409
    assert "Keputusan Anda tidak disimpan." in response.text
    assert "Tanda tangan belum ada." in response.text
    assert [who for who, *_rest in attempts(year)] == [second.user.pk]


def test_a_mistake_on_the_same_page_is_no_conflict(client, year, evidence):
    client.force_login(reviewer_of(year).user)

    response = client.post(
        address("evidence_review", year, evidence.pk), {"verdict": "returned", "reason": ""}
    )

    assert (response.status_code, attempts(year)) == (200, [])


def test_undoing_what_is_undone_shows_the_document_as_it_stands(client, year, evidence):
    reviewer = reviewer_of(year)
    client.force_login(reviewer.user)

    response = client.post(address("verdict_undo", year, evidence.pk))

    assert response.status_code == 409
    assert "belum diputuskan, jadi tidak ada yang dibatalkan" in response.text
    assert len(attempts(year)) == 1


def test_a_claim_that_came_second_is_409_with_the_newer_one(client, year):
    answer = answer_of(year, "1.2")
    member = staff_of(year, "DISDIK")
    claim(answer, "10", by=staff_of(year, "DISDIK").user, at=timezone.now() - timedelta(hours=1))
    client.force_login(member.user)

    response = client.post(
        address("claim_save", year, "1.2"), {"claimed_points": "15", "seen_at": ""}
    )

    assert response.status_code == 409
    assert "sudah mengubah jawaban ini sementara Anda mengisinya" in response.text
    assert len(attempts(year)) == 1
