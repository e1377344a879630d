"""The first page of a year: what needs somebody today, and with whom it lies."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import AnswerState, Stage
from assessments.models import Answer, Assessment
from assessments.queries.overview import OpenKind, backlog, named, open_questions, year_overview
from assessments.queries.year import year_dashboard
from assessments.services.comments import add_comment
from assessments.services.scores import refresh_all
from tests.assessments.situations import (
    NOW,
    later,
    secretary_of,
    set_stage,
    staff_of,
    working_year,
)
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 5)  # three days after NOW
PAST = TODAY - timedelta(days=1)


def overview(year, today=TODAY):
    return year_overview(Assessment.objects.get(pk=year.pk), today=today)


def told(year):
    return {one.kind: (one.count, one.fact) for one in overview(year).matters}


def offered(answer, code, **traits):
    opd = answer.assessment.city.opds.get(code=code) if code else None
    kind = answer.assessment.instrument.evidence_kinds.first()
    return EvidenceFactory(answer=answer, kind=kind, document__opd=opd, **traits)


def everybody_leads(year):
    answer = answer_of(year, "2a.1")
    answer.assignments.create(opd=year.city.opds.get(code="DP3A"), is_lead=True)


def test_a_year_in_which_nothing_is_open_says_nothing(year):
    everybody_leads(year)

    assert told(year) == {}


def test_documents_that_wait_are_told_by_who_handed_them_in(year):
    everybody_leads(year)
    for code, opd in (("1.1", "DP3A"), ("1.1", "DP3A"), ("2a.2", "DINKES"), ("1.2", None)):
        offered(answer_of(year, code), opd)
    offered(answer_of(working_year(), "1.1"), "DISDIK")  # in another city
    offered(answer_of(year, "2b.1"), "DINKES", accepted=True)
    granted(answer_of(year, "1.1"), "10")  # proven by nothing yet

    count, fact = told(year)[OpenKind.WAITING]

    assert count == 4
    assert fact == (
        "Dinas DP3A (2), Dinas DINKES (1), dan 1 lainnya."
        " Terlama 3 hari; 65 poin bergantung padanya."
    )


def test_the_oldest_document_counts_in_days_of_the_city(year):
    late_evening = NOW.replace(hour=16, minute=59)  # 23.59 WIB
    offered(answer_of(year, "1.1"), "DP3A", offered_at=late_evening)
    assert backlog(year, today=TODAY).oldest == 3

    offered(answer_of(year, "1.2"), "DP3A", offered_at=late_evening + timedelta(minutes=1))
    assert backlog(year, today=TODAY).oldest == 3
    assert backlog(year, today=TODAY).by_opd == Counter({"Dinas DP3A": 2})


def test_what_was_returned_and_what_is_late_lies_with_the_leading_opd(year):
    everybody_leads(year)
    offered(answer_of(year, "1.2"), "DP3A", returned=True)
    offered(answer_of(year, "2a.2"), "DINKES", returned=True)
    for code in ("2a.2", "2b.1"):
        answer_of(year, code).assignments.update(due_on=PAST)

    assert told(year) == {
        OpenKind.RETURNED: (2, "Dinas DISDIK (1), Dinas DINKES (1)."),
        OpenKind.LATE: (2, "Dinas DINKES (2)."),
    }


def test_a_question_without_a_lead_is_named_by_its_code_though_somebody_contributes(year):
    answer_of(year, "1.2").assignments.update(is_lead=False)
    answer_of(year, "2a.1").assignments.create(opd=year.city.opds.get(code="DINKES"))

    assert told(year) == {OpenKind.UNLED: (2, "Pertanyaan 1.2, 2a.1.")}


def test_a_message_of_an_opd_waits_for_an_answer_once_a_question(year):
    everybody_leads(year)
    answer, staff = answer_of(year, "1.2"), staff_of(year, "DP3A").user
    for text in ("Perda mana?", "Masih menunggu."):
        add_comment(answer=answer, text=text, by=staff, at=later())
    elsewhere = working_year()
    asker = staff_of(elsewhere, "DP3A").user
    add_comment(answer=answer_of(elsewhere, "1.1"), text="Lain kota", by=asker, at=later())
    assert told(year) == {OpenKind.UNANSWERED: (1, "Dinas DISDIK (1).")}

    add_comment(answer=answer, text="Perda 3/2024", by=secretary_of(year), at=later(2))
    assert told(year) == {}


def test_opds_that_ask_as_much_are_named_in_the_order_of_the_instrument(year):
    everybody_leads(year)
    for code, opd in (("2b.1", "DINKES"), ("2a.1", "DP3A"), ("1.2", "DISDIK")):
        staff = staff_of(year, opd).user
        add_comment(answer=answer_of(year, code), text="Perda mana?", by=staff, at=later())

    for _again in range(2):
        assert told(year) == {
            OpenKind.UNANSWERED: (3, "Dinas DISDIK (1), Dinas DP3A (1), dan 1 lainnya.")
        }


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"A": 3}, "A (3)"),
        ({"A": 1, "B": 2}, "B (2), A (1)"),
        ({"A": 1, "B": 2, "C": 1}, "B (2), A (1), dan 1 lainnya"),
    ],
)
def test_two_are_named_and_the_others_counted(counts, words):
    assert named(Counter(counts)) == words


def test_the_overview_counts_what_the_whole_dashboard_counts(year):
    offered(answer_of(year, "1.1"), "DP3A")
    offered(answer_of(year, "2a.2"), "DINKES", returned=True)
    proven = answer_of(year, "1.2")
    offered(proven, "DISDIK", accepted=True)
    granted(proven, "13.2")
    open_year(city=year.city, year=2025)
    AwardFactory(city=year.city, year=2024)
    Assessment.objects.filter(pk=year.pk).update(deadline=PAST)
    refresh_all(assessment_id=year.pk)

    shown = overview(year)
    whole = year_dashboard(Assessment.objects.get(pk=year.pk), today=TODAY)

    counts = {one.kind: one.count for one in shown.matters}
    assert (shown.states, shown.questions) == (whole.states, whole.questions)
    assert shown.standing.evidenced == whole.evidenced
    assert shown.standing.last_year == whole.last_year
    assert shown.standing.ladder == whole.ladder
    assert shown.week == whole.week
    assert counts == {
        OpenKind.WAITING: whole.actions.documents_waiting,
        OpenKind.RETURNED: whole.actions.questions_returned,
        OpenKind.LATE: whole.actions.questions_late,
        OpenKind.UNLED: whole.actions.questions_without_lead,
    }


def test_questions_come_in_their_order_with_what_is_left(year):
    proven = answer_of(year, "1.2")
    offered(proven, "DISDIK", accepted=True)
    granted(proven, "13.2")

    found = open_questions(year, today=TODAY)

    assert [one.code for one in found] == ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]
    assert (found[1].state, found[1].left) == (AnswerState.ACCEPTED, Decimal("6.8"))
    assert [one.lead for one in found] == [
        "Dinas DP3A",
        "Dinas DISDIK",
        None,
        "Dinas DINKES",
        "Dinas DINKES",
    ]
    assert len(found) == Answer.objects.filter(assessment=year).count()


# --- The page -----------------------------------------------------------------------------------


def actions_for(client, year, role):
    client.force_login(MembershipFactory(city=year.city, **{role: True}).user)
    url = reverse("assessments:assessment_detail", args=[year.city.slug, year.year])
    return {action.label: action for action in client.get(url).context["actions"]}


def buttons(client, year, role):
    return {label: one.button for label, one in actions_for(client, year, role).items()}


WAITING = "dokumen menunggu pemeriksaan"
UNLED = "pertanyaan tanpa penanggung jawab"


@pytest.mark.parametrize(
    ("role", "waiting", "unled"),
    [
        ("gugus_tugas", "Periksa", "Tunjuk"),
        ("verifikator", "Periksa", "Lihat"),
        ("admin_kota", "Lihat", "Tunjuk"),
        ("pimpinan", "Lihat", "Lihat"),
    ],
)
def test_the_button_says_what_the_person_may_do(client, year, role, waiting, unled):
    offered(answer_of(year, "1.1"), "DP3A")

    shown = buttons(client, year, role)

    assert (shown[WAITING], shown[UNLED]) == (waiting, unled)


def test_what_the_stage_no_longer_allows_can_only_be_looked_at(client, year):
    offered(answer_of(year, "1.1"), "DP3A")
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, by=secretary_of(year), at=timezone.now())

    shown = buttons(client, year, "gugus_tugas")

    assert (shown[WAITING], shown[UNLED]) == ("Lihat", "Lihat")


def test_a_missing_target_and_deadline_lead_whoever_may_set_them(client, year):
    Assessment.objects.filter(pk=year.pk).update(target=None, deadline=None)
    page = reverse("assessments:assessment_edit", args=[year.city.slug, year.year])

    ways = {
        role: [
            (one.url, one.button)
            for one in actions_for(client, year, role).values()
            if one.count is None
        ]
        for role in ("admin_kota", "pimpinan")
    }

    assert ways == {
        "admin_kota": [(page, "Tetapkan target"), (page, "Tetapkan tenggat")],
        "pimpinan": [("", ""), ("", "")],
    }
