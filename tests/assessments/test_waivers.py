"""The checklist of a question: what is asked, what is settled, and what a reviewer waives."""

import pytest
from django.urls import reverse

from assessments.choices import AnswerState, ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import Answer, TotalScore, Waiver
from assessments.queries import task_list
from assessments.queries.tasks import checklists
from assessments.services.waivers import remove_waiver, waive_kind
from clusters.models import EvidenceKind
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    history,
    later,
    overtaken,
    refused,
    secretary_of,
    set_stage,
    staff_of,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

REASON = "Kota ini tidak memiliki pesantren."


@pytest.fixture
def by(year):
    return secretary_of(year)


def kind_of(answer, code):
    return EvidenceKind.objects.get(code=code, instrument=answer.assessment.instrument_id)


def waive(answer, code="foto", *, by, at=NOW, reason=REASON):
    return waive_kind(answer_id=answer.pk, kind=kind_of(answer, code), reason=reason, by=by, at=at)


def checklist(answer):
    return {one.code: (one.state, one.is_settled) for one in checklists([answer])[answer.pk]}


# --- The checklist ----------------------------------------------------------------------------


def test_each_kind_is_missing_until_something_is_handed_in(answer):
    assert checklist(answer) == {"perda": ("empty", False), "foto": ("empty", False)}


@pytest.mark.parametrize(
    ("traits", "state", "settled"),
    [
        ({}, Verdict.WAITING, False),
        ({"returned": True}, Verdict.RETURNED, False),
        ({"accepted": True}, Verdict.ACCEPTED, True),
    ],
)
def test_a_kind_stands_where_its_document_stands(answer, traits, state, settled):
    EvidenceFactory(answer=answer, kind=kind_of(answer, "perda"), **traits)

    assert checklist(answer) == {"perda": (state, settled), "foto": ("empty", False)}


@pytest.mark.parametrize("traits", [None, {}, {"returned": True}])
def test_a_waived_kind_is_settled_whatever_was_handed_in(answer, by, traits):
    if traits is not None:
        EvidenceFactory(answer=answer, kind=kind_of(answer, "foto"), **traits)

    waive(answer, by=by)

    assert checklist(answer) == {"perda": ("empty", False), "foto": ("waived", True)}


def test_an_accepted_document_outshines_a_waiver(answer, by):
    EvidenceFactory(answer=answer, kind=kind_of(answer, "foto"), accepted=True)

    waive(answer, by=by)

    assert checklist(answer)["foto"] == (Verdict.ACCEPTED, True)


# --- Waiving ----------------------------------------------------------------------------------


def test_a_waiver_says_who_when_and_why(year, answer, by):
    waiver = waive(answer, by=by, at=later())

    assert (waiver.answer, waiver.kind.code, waiver.reason) == (answer, "foto", REASON)
    assert (waiver.by, waiver.at) == (by, later())
    assert history(year)[-1] == (TrailEvent.KIND_WAIVED, f"Foto: {REASON}", by, later())


def test_a_waiver_proves_nothing(year, answer, by):
    granted(answer, "10")
    for code in ("perda", "foto"):
        waive(answer, code, by=by)

    total = TotalScore.objects.get(assessment=year, kind=ScoreKind.EVIDENCED)
    assert total.points == 0
    assert Answer.objects.with_state().get(pk=answer.pk).state == AnswerState.EMPTY
    assert_scores_are_right(year)


def test_a_removed_waiver_asks_for_the_kind_again_and_stays_in_the_history(year, answer, by):
    waiver = waive(answer, by=by)

    remove_waiver(waiver_id=waiver.pk, by=by, at=later())

    assert checklist(answer)["foto"] == ("empty", False)
    assert [row[:2] for row in history(year)[-2:]] == [
        (TrailEvent.KIND_WAIVED, f"Foto: {REASON}"),
        (TrailEvent.WAIVER_REMOVED, "Foto"),
    ]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_waived_without_a_reason(answer, by, reason):
    with refused("reason"):
        waive(answer, by=by, reason=reason)


def test_a_kind_that_is_not_asked_for_is_not_waived(year, by):
    with refused("wrong_kind"):
        waive(answer_of(year, "2a.2"), "perda", by=by)


def test_a_kind_is_waived_once_and_the_second_hears_of_the_first(answer, by):
    waive(answer, by=by)

    with overtaken("already_waived") as refusal:
        waive(answer, by=secretary_of(answer), reason="Lain")

    assert REASON in refusal.value.messages[0]


def test_a_waiver_removed_twice_is_told_so(answer, by):
    waiver = waive(answer, by=by)
    remove_waiver(waiver_id=waiver.pk, by=by, at=NOW)

    with refused("removed"):
        remove_waiver(waiver_id=waiver.pk, by=by, at=NOW)


def test_nothing_is_waived_or_required_again_in_a_closed_year(year, answer, by):
    waiver = waive(answer, by=by)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        waive(answer, "perda", by=by)
    with refused("closed"):
        remove_waiver(waiver_id=waiver.pk, by=by, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_waivers_at_once_one_holds():
    answer = answer_of(working_year(), "1.2")
    people = [secretary_of(answer) for _ in range(2)]

    def waiving(by):
        def waive_it():
            waive(answer, by=by)
            return "waived"

        return waive_it

    assert sorted(at_once(*map(waiving, people))) == ["already_waived", "waived"]


# --- Pages ------------------------------------------------------------------------------------


def address(name, answer, *more):
    assessment = answer.assessment
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *more])


def test_a_reviewer_waives_a_kind_and_requires_it_again(client, answer, reviewer):
    client.force_login(reviewer.user)

    waived = client.post(
        address("kind_waive", answer, "1.2"), {"kind": "foto", "reason": REASON}, follow=True
    )
    waiver = Waiver.objects.get()
    again = client.post(address("waiver_remove", answer, waiver.pk), follow=True)

    assert (waived.context["owed"].settled, again.context["owed"].settled) == (1, 0)
    assert "1 dari 2 jenis lengkap" in waived.content.decode()
    assert REASON in waived.content.decode()
    assert Waiver.objects.count() == 0


def test_a_waiver_without_a_reason_is_refused_on_the_page(client, answer, reviewer):
    client.force_login(reviewer.user)

    page = client.post(
        address("kind_waive", answer, "1.2"), {"kind": "foto", "reason": " "}, follow=True
    )

    assert "Tuliskan mengapa dokumen ini tidak diperlukan." in page.content.decode()
    assert Waiver.objects.count() == 0


def test_an_opd_reads_why_but_waives_nothing(client, year, answer, staff, by):
    waiver = waive(answer, by=by)
    client.force_login(staff.user)

    page = client.get(answer.get_absolute_url())
    refusals = [
        client.post(address("kind_waive", answer, "1.2"), {"kind": "perda", "reason": "-"}),
        client.post(address("waiver_remove", answer, waiver.pk)),
    ]

    assert (REASON in page.content.decode(), page.context["waiver_form"]) == (True, None)
    assert [response.status_code for response in refusals] == [403, 403]


def test_a_waiver_of_another_city_does_not_exist(client, answer, by):
    waiver = waive(answer, by=by)
    foreign = working_year()
    client.force_login(MembershipFactory(verifikator=True, city=foreign.city).user)
    there = answer_of(foreign, "1.2")

    assert client.post(address("waiver_remove", there, waiver.pk)).status_code == 404
    assert Waiver.objects.count() == 1


def test_a_task_says_how_many_kinds_are_settled(client, year, answer, staff, by):
    EvidenceFactory(answer=answer, kind=kind_of(answer, "perda"), accepted=True)
    waive(answer, by=by)
    answers = Answer.objects.filter(pk=answer.pk)

    tasks = task_list(answers, staff.opd, today=NOW.date())
    client.force_login(staff.user)
    tasks_page = reverse("assessments:task_list", args=[year.city.slug])
    page = client.get(tasks_page, {"keadaan": "selesai"}).content.decode()

    assert [row.settled for row in tasks.rows] == [2]
    assert "2 dari 2 jenis lengkap" in page


def test_the_tasks_take_as_many_queries_with_many_waivers(year, by, django_assert_num_queries):
    staff = staff_of(year, "DISDIK")
    answers = Answer.objects.visible_to(staff)
    EvidenceFactory(answer=answer_of(year, "1.2"))
    with django_assert_num_queries(4):
        task_list(answers, staff.opd, today=NOW.date())
    for code in ("perda", "foto"):
        waive(answer_of(year, "1.2"), code, by=by)

    with django_assert_num_queries(4):
        task_list(answers, staff.opd, today=NOW.date())
