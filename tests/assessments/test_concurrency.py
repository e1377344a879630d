"""Several people at the same moment, each in a thread with a connection of their own.

On PostgreSQL they wait for the row that they lock; on SQLite for the one writer there is.
"""

import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from assessments.choices import ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import Activity, Answer, Assessment, Evidence, SupportingDocument
from assessments.services.answers import import_points, save_claim
from assessments.services.creation import open_assessment
from assessments.services.documents import withdraw_evidence
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from assessments.services.scores import refresh_all
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    hand_in,
    later,
    secretary_of,
    set_stage,
    stored_files,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 30
WRITERS = 8


@pytest.fixture
def concurrent_year(transactional_db):
    return working_year()


@pytest.fixture
def question(concurrent_year):
    return answer_of(concurrent_year, "1.2")


def acceptance(evidence, by, points="12"):
    def accept():
        accept_evidence(evidence_id=evidence.pk, granted_points=Decimal(points), by=by, at=later())
        return Verdict.ACCEPTED

    return accept


def refusal(evidence, by):
    def send_back():
        return_evidence(evidence_id=evidence.pk, reason="Buram", by=by, at=later())
        return Verdict.RETURNED

    return send_back


def test_of_two_verdicts_on_one_document_exactly_one_holds(concurrent_year, question):
    first, second = secretary_of(question), secretary_of(question)
    outcomes = []
    for _round in range(ROUNDS):
        evidence = EvidenceFactory(answer=question)
        told = at_once(acceptance(evidence, first), refusal(evidence, second))
        evidence.refresh_from_db()
        winner = first if evidence.verdict == Verdict.ACCEPTED else second
        assert sorted(told) == sorted([evidence.verdict, "already_decided"])
        assert evidence.decided_by == winner
        outcomes.append(evidence.verdict)

    verdicts = Activity.objects.filter(
        deed__in=[TrailEvent.EVIDENCE_ACCEPTED, TrailEvent.EVIDENCE_RETURNED]
    )
    assert verdicts.count() == len(outcomes) == ROUNDS
    assert_scores_are_right(concurrent_year)


def test_a_document_is_either_withdrawn_or_decided(concurrent_year, question):
    reviewer, author = secretary_of(question), secretary_of(question)
    for _round in range(ROUNDS // 3):
        evidence = EvidenceFactory(answer=question, document__uploaded_by=author)

        def take_back(pk=evidence.pk):
            withdraw_evidence(evidence_id=pk, by=author, at=NOW)
            return "gone"

        told = at_once(acceptance(evidence, reviewer), take_back)
        is_there = Evidence.objects.filter(pk=evidence.pk).exists()
        assert told == ([Verdict.ACCEPTED, "decided"] if is_there else ["withdrawn", "gone"])

    assert len(stored_files()) == Evidence.objects.count()
    assert_scores_are_right(concurrent_year)


def test_eight_writers_at_once_leave_no_total_behind(concurrent_year):
    answers = list(Answer.objects.filter(assessment=concurrent_year).select_related("question"))
    kind = answer_of(concurrent_year, "1.2").question.evidence_kinds.first()
    evidence = [EvidenceFactory(answer=answer, kind=kind) for answer in answers for _ in range(2)]
    users = [secretary_of(concurrent_year) for _ in range(WRITERS)]

    def writer(number):
        chance = random.Random(number)  # the same deeds at every run, in another order

        def write():
            return [one_deed(chance, answers, evidence, users[number]) for _deed in range(12)]

        return write

    deeds = at_once(*(writer(number) for number in range(WRITERS)))

    assert [len(done) for done in deeds] == [12] * WRITERS
    assert refresh_all(assessment_id=concurrent_year.pk) == []
    assert_scores_are_right(concurrent_year)


def one_deed(chance, answers, evidence, by):
    """A claim, a verdict, its undoing or a small import; refusals are part of the day."""
    answer, document = chance.choice(answers), chance.choice(evidence)
    points = Decimal(chance.randrange(int(answer.question.max_points) + 1))
    seen_at = Answer.objects.values_list("claimed_at", flat=True).get(pk=answer.pk)
    code = answer.question.code
    deeds = {
        "claim": lambda: save_claim(
            answer_id=answer.pk,
            points=points,
            value=None,
            choice="",
            note="",
            seen_at=seen_at,
            by=by,
            at=later(chance.randrange(10_000)),
        ),
        "accept": lambda: accept_evidence(
            evidence_id=document.pk, granted_points=Decimal(3), by=by, at=NOW
        ),
        "return": lambda: return_evidence(evidence_id=document.pk, reason="Buram", by=by, at=NOW),
        "undo": lambda: undo_verdict(evidence_id=document.pk, by=by, at=NOW),
        "import": lambda: import_points(
            assessment=answer.assessment,
            kind=ScoreKind.VA,
            points={code: points},
            overwrite=True,
            by=by,
            at=NOW,
        ),
    }
    name = chance.choice(list(deeds))
    try:
        deeds[name]()
    except ValidationError as error:
        return error.code
    return name


def test_two_people_opening_the_same_year_open_one(transactional_db):
    city, instrument = CityFactory(), make_instrument()
    users = SiteAdminFactory.create_batch(2)

    def opening(by):
        def open_it():
            open_assessment(
                city=city,
                instrument=instrument,
                year=2026,
                target=None,
                deadline=None,
                by=by,
                at=NOW,
            )
            return "opened"

        return open_it

    told = at_once(*(opening(user) for user in users))

    assert sorted(told) == ["exists", "opened"]
    assert Assessment.objects.count() == 1
    assert Answer.objects.count() == 5
    assert_scores_are_right(Assessment.objects.get())


def test_the_same_file_sent_many_times_at_once_is_one_document(question):
    by = secretary_of(question)

    def send():
        hand_in(question, by=by, files=[checked(b"klik ganda")])
        return "stored"

    told = at_once(*[send] * 5)

    assert sorted(told) == ["already_offered"] * 4 + ["stored"]
    assert (SupportingDocument.objects.count(), Evidence.objects.count()) == (1, 1)
    assert len(stored_files()) == 1
    assert Activity.objects.filter(deed=TrailEvent.DOCUMENT_UPLOADED).count() == 1


def test_a_verdict_comes_before_the_closing_of_the_year_or_not_at_all(concurrent_year, question):
    by = secretary_of(question)

    def move(stage):
        set_stage(assessment_id=concurrent_year.pk, stage=stage, at=NOW)

    for _round in range(ROUNDS // 3):
        evidence = EvidenceFactory(answer=question)
        told, _none = at_once(acceptance(evidence, by), lambda: move(Stage.CLOSED))
        evidence.refresh_from_db()
        assert (told, evidence.verdict) in {
            (Verdict.ACCEPTED, Verdict.ACCEPTED),
            ("closed", Verdict.WAITING),
        }
        verdicts_and_stages = Activity.objects.filter(
            deed__in=[TrailEvent.EVIDENCE_ACCEPTED, TrailEvent.ASSESSMENT_SUBMITTED]
        )
        deeds = list(verdicts_and_stages.order_by("-pk").values_list("deed", flat=True)[:2])
        if told == Verdict.ACCEPTED:
            assert deeds == [TrailEvent.ASSESSMENT_SUBMITTED, TrailEvent.EVIDENCE_ACCEPTED]
        move(Stage.SELF_ASSESSMENT)

    assert_scores_are_right(concurrent_year)


def test_of_two_claims_made_from_the_same_page_one_is_refused(question):
    first, second = secretary_of(question), secretary_of(question)

    def claiming(points, by):
        def claim_it():
            save_claim(
                answer_id=question.pk,
                points=Decimal(points),
                value=None,
                choice="",
                note="",
                seen_at=None,
                by=by,
                at=later(points),
            )
            return points

        return claim_it

    told = at_once(claiming(10, first), claiming(20, second))

    question.refresh_from_db()
    assert sorted(map(str, told)) == sorted([str(int(question.claimed_points)), "stale"])
