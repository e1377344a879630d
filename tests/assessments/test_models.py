"""What the database refuses, and what rows say of themselves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from assessments.choices import AnswerState, ScoreKind, Stage, Verdict
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Award,
    Evidence,
    Rendition,
    StageScore,
    SupportingDocument,
    is_late,
)
from cities.models import Membership
from tests.assessments.situations import NOW, claim, secretary_of, staff_of, working_year
from tests.factories.assessments import (
    AwardFactory,
    EvidenceFactory,
    SupportingDocumentFactory,
    answer_of,
    granted,
    open_year,
)
from tests.factories.cities import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


def violates(constraint, row):
    """The database refuses the row, and where people could meet it a sentence says why."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    names = {one.name: one for one in row._meta.constraints}
    with pytest.raises(ValidationError):
        names[constraint].validate(type(row), row)


def changed(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return row


# --- What can never be ------------------------------------------------------------------------


def test_a_city_has_one_assessment_a_year(year):
    violates("assessments_assessment_one_per_year", changed(year, pk=None))


def test_a_stage_that_nobody_knows_is_refused(year):
    violates("assessments_assessment_known_stage", changed(year, stage="lain"))


def test_a_question_is_answered_once_a_year(answer):
    violates("assessments_answer_once_per_question", changed(answer, pk=None))


@pytest.mark.parametrize("field", ["claimed_points", "granted_points"])
def test_points_are_never_negative(answer, field):
    person = UserFactory()
    signed = {"granted_at": NOW, "granted_by": person, "granted_points": 1}

    violates(
        "assessments_answer_points_not_negative",
        changed(answer, **(signed | {field: Decimal("-0.001")})),
    )


def test_a_claim_has_an_author_and_a_time_or_neither(answer):
    violates("assessments_answer_claim_is_signed", changed(answer, claimed_at=NOW))
    violates(
        "assessments_answer_claim_is_signed",
        changed(answer, claimed_at=None, claimed_by=UserFactory()),
    )


def test_granted_points_have_an_author_and_a_time(answer):
    violates("assessments_answer_grant_is_signed", changed(answer, granted_points=1))
    violates(
        "assessments_answer_grant_is_signed",
        changed(answer, granted_points=None, granted_at=NOW, granted_by=UserFactory()),
    )


def test_an_opd_holds_a_question_once(answer):
    held = answer.assignments.first()

    violates("assessments_assignment_once", changed(held, pk=None, is_lead=False))


def test_a_question_has_one_lead(answer):
    contributor = answer.assignments.get(is_lead=False)

    violates("assessments_assignment_one_lead", changed(contributor, is_lead=True))


def test_a_document_is_offered_once_for_a_question(answer):
    violates(
        "assessments_evidence_once_per_answer", changed(EvidenceFactory(answer=answer), pk=None)
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": Verdict.ACCEPTED},
        {"verdict": Verdict.RETURNED, "reason": "Buram"},
        {"decided_at": NOW},
        {"verdict": "mungkin", "decided_at": NOW},
    ],
)
def test_a_verdict_is_one_of_two_and_signed(answer, fields):
    evidence = EvidenceFactory(answer=answer)

    violates("assessments_evidence_verdict_is_signed", changed(evidence, **fields))


def test_a_returned_document_has_a_reason(answer):
    evidence = EvidenceFactory(answer=answer, returned=True)

    violates("assessments_evidence_return_has_reason", changed(evidence, reason=""))


def test_a_period_does_not_end_before_it_starts(year):
    document = SupportingDocumentFactory(city=year.city)

    violates(
        "assessments_document_period_in_order",
        changed(document, period_start=TODAY, period_end=YESTERDAY),
    )


def test_a_city_has_one_award_a_year():
    violates("assessments_award_one_per_year", changed(AwardFactory(), pk=None))


def official(answer, **fields):
    given = {"kind": ScoreKind.VA, "points": Decimal(5), "entered_at": NOW}
    return StageScore(answer=answer, entered_by=UserFactory(), **(given | fields))


def test_an_official_result_is_one_a_stage_not_negative_and_really_official(answer):
    official(answer).save()

    violates("assessments_stagescore_once_per_stage", official(answer))
    violates("assessments_stagescore_not_negative", official(answer, kind="VF", points=-1))
    violates("assessments_stagescore_official", official(answer, kind=ScoreKind.CLAIMED))


# --- Who signed something is kept -------------------------------------------------------------


def test_people_who_signed_something_are_not_deleted(answer):
    author = secretary_of(answer)
    claim(answer, "5", by=author)
    evidence = EvidenceFactory(answer=answer, accepted=True)

    for person in (author, evidence.decided_by, evidence.document.uploaded_by):
        with pytest.raises(RestrictedError):
            person.delete()


def test_what_a_year_stands_on_is_not_deleted(year, answer):
    for row in (year.city, year.instrument, answer.question, year):
        with pytest.raises(ProtectedError):
            row.delete()


# --- Who sees what ----------------------------------------------------------------------------


def test_an_opd_sees_the_questions_assigned_to_it_and_their_documents(year):
    dinkes = staff_of(year, "DINKES")
    own = EvidenceFactory(answer=answer_of(year, "2a.2"))
    EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(working_year(), "2a.2"))

    codes = Answer.objects.visible_to(dinkes).in_order().values_list("question__code", flat=True)
    assert list(codes) == ["2a.2", "2b.1"]
    assert list(Evidence.objects.visible_to(dinkes)) == [own]
    assert list(SupportingDocument.objects.visible_to(dinkes)) == [own.document]


def test_a_document_offered_for_two_questions_stands_there_once(year):
    dp3a = staff_of(year, "DP3A")
    evidence = EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(year, "1.1"), document=evidence.document, kind=evidence.kind)

    assert list(SupportingDocument.objects.visible_to(dp3a)) == [evidence.document]


@pytest.mark.parametrize("role", ["gugus_tugas", "verifikator", "pimpinan", "pendamping"])
def test_the_others_see_everything_of_their_city_and_nothing_else(year, role):
    member = MembershipFactory(**{role: True}, city=year.city)
    own = EvidenceFactory(answer=answer_of(year, "1.2"))
    EvidenceFactory(answer=answer_of(working_year(), "1.2"))

    assert Answer.objects.visible_to(member).count() == 5
    assert list(Evidence.objects.visible_to(member)) == [own]
    assert list(SupportingDocument.objects.visible_to(member)) == [own.document]


def test_an_opd_member_whose_opd_is_unknown_sees_nothing(year):
    lost = Membership(city=year.city, user=UserFactory(), role="opd")

    assert list(Answer.objects.visible_to(lost)) == []


def test_an_opd_withdraws_only_what_it_handed_in_and_the_secretariat_any(year, answer):
    disdik = staff_of(year, "DISDIK")
    own = EvidenceFactory(answer=answer, document__opd=disdik.opd)
    by_another = EvidenceFactory(answer=answer, document__opd=staff_of(year, "DP3A").opd)
    EvidenceFactory(answer=answer, document__opd=disdik.opd, accepted=True)
    secretariat = MembershipFactory(gugus_tugas=True, city=year.city)

    assert list(Evidence.objects.withdrawable_by(disdik)) == [own]
    rows = Evidence.objects.withdrawable_by(secretariat).order_by("pk")
    assert list(rows) == [own, by_another]


# --- What a question needs next ---------------------------------------------------------------


def state_of(answer):
    row = Answer.objects.with_state().get(pk=answer.pk)
    return row.state, row.is_proven


def superseded(answer):
    better = EvidenceFactory(answer=answer)
    EvidenceFactory(answer=answer, returned=True, superseded_by=better)


SITUATIONS = {
    "nothing": (lambda _answer: None, AnswerState.EMPTY, False),
    "claim": (lambda answer: claim(answer, "0"), AnswerState.ANSWERED, False),
    "granted only": (lambda answer: granted(answer, "5"), AnswerState.EMPTY, False),
    "waiting": (lambda answer: EvidenceFactory(answer=answer), AnswerState.WAITING, False),
    "returned": (
        lambda answer: EvidenceFactory(answer=answer, returned=True),
        AnswerState.RETURNED,
        False,
    ),
    "returned and replaced": (superseded, AnswerState.WAITING, False),
    "accepted": (
        lambda answer: EvidenceFactory(answer=answer, accepted=True),
        AnswerState.ACCEPTED,
        True,
    ),
    "accepted and waiting": (
        lambda answer: (
            EvidenceFactory(answer=answer, accepted=True),
            EvidenceFactory(answer=answer),
        ),
        AnswerState.WAITING,
        True,
    ),
    "accepted and returned": (
        lambda answer: (
            EvidenceFactory(answer=answer, accepted=True),
            EvidenceFactory(answer=answer, returned=True),
        ),
        AnswerState.RETURNED,
        True,
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_state_says_what_the_question_needs_next(year, answer, situation):
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)  # of another question
    arrange, state, is_proven = SITUATIONS[situation]

    arrange(answer)

    assert state_of(answer) == (state, is_proven)


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        (AnswerState.EMPTY, YESTERDAY, True),
        (AnswerState.ANSWERED, YESTERDAY, True),
        (AnswerState.RETURNED, YESTERDAY, True),
        (AnswerState.WAITING, YESTERDAY, False),
        (AnswerState.ACCEPTED, YESTERDAY, False),
        (AnswerState.EMPTY, TODAY, False),
        (AnswerState.EMPTY, None, False),
    ],
)
def test_a_question_is_late_the_day_after_its_date_until_it_is_handed_in(state, due_on, late):
    assert is_late(state, due_on, TODAY) == late


def test_a_question_is_due_with_the_earliest_of_its_dates_or_with_the_year():
    year = working_year(deadline=date(2026, 6, 30))
    answer = answer_of(year, "1.2")
    disdik = staff_of(year, "DISDIK").opd

    def due(opd=None):
        return Answer.objects.with_due_on(opd).get(pk=answer.pk).due_on

    undated = due()
    Assignment.objects.filter(opd__code="DP3A").update(due_on=date(2026, 4, 1))
    assert (undated, due(), due(disdik)) == (
        date(2026, 6, 30),
        date(2026, 4, 1),
        date(2026, 6, 30),
    )


# --- Years ------------------------------------------------------------------------------------


def test_a_city_works_on_its_newest_open_year(year):
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.CLOSED)
    older = open_year(city=year.city, year=2024)
    open_year(city=year.city, year=2023)
    open_year()

    assert Assessment.objects.current(year.city) == older


def test_without_an_open_year_it_is_the_newest(year):
    open_year(city=year.city, year=2024)
    Assessment.objects.update(stage=Stage.CLOSED)

    assert Assessment.objects.current(year.city) == year
    assert Assessment.objects.current(working_year().city) != year


def test_days_are_counted_to_the_deadline_and_past_it(year):
    assert year.days_left(TODAY) is None
    year.deadline = TODAY
    assert [year.days_left(day) for day in (YESTERDAY, TODAY, TODAY + timedelta(2))] == [1, 0, -2]


# --- Addresses and words ----------------------------------------------------------------------


def test_rows_know_their_page_and_their_name(year, answer):
    document = SupportingDocumentFactory(city=year.city, title="Perda")
    slug = year.city.slug

    assert str(year) == f"{year.city.name} 2026"
    assert str(answer) == f"{year.city.name} 2026 1.2"
    assert year.get_absolute_url() == f"/kota/{slug}/penilaian/2026/"
    assert answer.get_absolute_url() == f"/kota/{slug}/penilaian/2026/pertanyaan/1.2/"
    assert document.get_absolute_url() == f"/kota/{slug}/dokumen/{document.pk}/"
    assert str(Award(city=year.city, year=2023, predikat="Nindya")).endswith("2023: Nindya")


@pytest.mark.parametrize(
    ("media_type", "family"),
    [
        ("application/pdf", "pdf"),
        ("image/png", "picture"),
        ("image/jpeg", "picture"),
        ("text/plain", "text"),
    ],
)
def test_a_page_shows_what_the_rendition_is(media_type, family):
    document = SupportingDocument(media_type="application/msword")
    Rendition(document=document, state="ready", media_type=media_type)

    assert document.preview_family == family


def test_a_page_shows_nothing_before_there_is_a_rendition():
    document = SupportingDocument(media_type="application/pdf")

    assert (document.preview, document.preview_family, document.preview_state) == (
        None,
        "",
        "pending",
    )


def test_a_member_without_rights_on_the_whole_sees_no_year_of_another_city(year):
    stranger = MembershipFactory(of_opd=True)

    assert list(Answer.objects.visible_to(stranger)) == []
    assert list(SupportingDocument.objects.visible_to(stranger)) == []
