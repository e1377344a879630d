"""Who is told of what, by which way, in the transaction of the deed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessments.choices import NotificationKind
from assessments.models import Notification, NotificationPreference
from assessments.services.assignment import assign_defaults, assign_in_bulk, assign_question
from assessments.services.inbox import set_preferences
from assessments.services.notifications import Channels, Notice, channels_of, deliver
from assessments.services.review import accept_evidence, return_evidence, undo_verdict
from cities.models import Opd
from tests.assessments.situations import (
    NOW,
    city_with_opds,
    hand_in,
    later,
    overtaken,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of, open_year
from tests.factories.cities import MembershipFactory, UserFactory


def told(**wanted):
    """Who was told what, in the order in which it was written."""
    rows = Notification.objects.filter(**wanted).order_by("pk")
    return [(row.user, row.kind, row.text) for row in rows]


def opd_of(year, code):
    return Opd.objects.get(city=year.city, code=code)


def question_url(answer):
    return answer.get_absolute_url()


# --- Assigned ---------------------------------------------------------------------------------


def test_opening_a_year_tells_each_opd_once_how_much_it_was_given(db):
    city = city_with_opds()
    dinkes = MembershipFactory(of_opd=True, city=city, opd=Opd.objects.get(code="DINKES"))
    disdik = MembershipFactory(of_opd=True, city=city, opd=Opd.objects.get(code="DISDIK"))
    MembershipFactory(gugus_tugas=True, city=city)

    year = open_year(city=city)

    assert told() == [
        (dinkes.user, "assigned", "2 pertanyaan ditugaskan kepada Dinas DINKES."),
        (disdik.user, "assigned", "Pertanyaan 1.2 ditugaskan kepada Dinas DISDIK."),
    ]
    urls = list(Notification.objects.order_by("pk").values_list("url", flat=True))
    assert urls == [f"/kota/{city.slug}/tugas/", question_url(answer_of(year, "1.2"))]


def test_defaults_that_change_nothing_tell_nobody(year, staff):
    assign_defaults(assessment_id=year.pk, by=secretary_of(year), at=later())

    assert told() == []


def test_only_who_is_new_to_a_question_is_told(year, answer, staff):
    newcomer = staff_of(year, "DINKES")
    staff_of(working_year(), "DINKES")

    assign_question(
        answer_id=answer.pk,
        lead=opd_of(year, "DINKES"),
        contributors=[opd_of(year, "DISDIK")],
        due_on=date(2026, 5, 1),
        by=secretary_of(year),
        at=later(),
    )

    assert told() == [(newcomer.user, "assigned", "Pertanyaan 1.2 ditugaskan kepada Dinas DINKES.")]


def bulk(year, codes, opd, *, at, by=None):
    return assign_in_bulk(
        assessment=year,
        answer_ids=[answer_of(year, code).pk for code in codes],
        opd=opd_of(year, opd),
        is_lead=True,
        due_on=None,
        by=by or secretary_of(year),
        at=at,
    )


def test_many_at_once_are_told_in_one_sentence_without_those_already_held(year, staff):
    bulk(year, ["1.1", "1.2", "2a.1"], "DISDIK", at=later())

    assert told() == [(staff.user, "assigned", "2 pertanyaan ditugaskan kepada Dinas DISDIK.")]


def test_the_same_assignment_a_second_time_tells_nobody(year, staff):
    bulk(year, ["1.1", "2a.1"], "DISDIK", at=later(1))
    bulk(year, ["1.1", "2a.1"], "DISDIK", at=later(2))

    assert len(told()) == 1


# --- Returned and accepted --------------------------------------------------------------------


def send_back(evidence, *, by, at=None, reason="Belum ditandatangani"):
    return return_evidence(evidence_id=evidence.pk, reason=reason, by=by, at=at or later())


def accept(evidence, *, by, at=None):
    return accept_evidence(
        evidence_id=evidence.pk, granted_points=Decimal(5), by=by, at=at or later()
    )


def test_a_return_is_told_with_its_reason_to_the_lead_and_to_who_handed_in(
    year, answer, staff, reviewer
):
    partner = staff_of(year, "DP3A")
    staff_of(year, "DINKES")
    evidence = hand_in(answer, by=partner.user, opd=partner.opd, title="SK Gugus")[0]

    send_back(evidence, by=reviewer.user)

    sentence = "“SK Gugus” untuk pertanyaan 1.2 dikembalikan: Belum ditandatangani"
    assert sorted(told(), key=lambda row: row[0].pk) == [
        (staff.user, "returned", sentence),
        (partner.user, "returned", sentence),
    ]
    assert {row.url for row in Notification.objects.all()} == {question_url(answer)}


def test_an_opd_that_only_contributes_hears_of_its_own_papers_alone(year, answer, staff, reviewer):
    staff_of(year, "DP3A")
    evidence = hand_in(answer, by=staff.user, opd=staff.opd)[0]

    accept(evidence, by=reviewer.user)

    assert told() == [(staff.user, "accepted", "“surat” untuk pertanyaan 1.2 diterima.")]


def test_the_secretariat_hears_of_what_it_uploaded_itself(year, answer, reviewer, secretariat):
    MembershipFactory(gugus_tugas=True, city=year.city)
    evidence = hand_in(answer, by=secretariat.user)[0]

    send_back(evidence, by=reviewer.user)

    assert [row[0] for row in told()] == [secretariat.user]


def test_who_holds_the_question_no_more_is_not_told(year, answer, staff, reviewer):
    evidence = hand_in(answer, by=staff.user, opd=staff.opd)[0]
    new = staff_of(year, "DINKES")
    assign_question(
        answer_id=answer.pk,
        lead=new.opd,
        contributors=[],
        due_on=None,
        by=secretary_of(year),
        at=NOW,
    )
    Notification.objects.all().delete()

    send_back(evidence, by=reviewer.user)

    assert [row[0] for row in told()] == [new.user]


def test_a_second_return_after_an_undoing_is_told_again(answer, staff, reviewer):
    evidence = EvidenceFactory(answer=answer)

    send_back(evidence, by=reviewer.user, at=later(1))
    undo_verdict(evidence_id=evidence.pk, by=reviewer.user, at=later(2))
    send_back(evidence, by=reviewer.user, at=later(3))

    assert [row[1] for row in told()] == ["returned", "returned"]


def test_a_refused_decision_tells_nobody(answer, staff, reviewer):
    evidence = EvidenceFactory(answer=answer, returned=True)

    with overtaken("already_decided"):
        accept(evidence, by=reviewer.user)

    assert told() == []


def test_a_deed_that_is_rolled_back_tells_nobody(answer, staff, reviewer):
    evidence = EvidenceFactory(answer=answer)

    def send_back_and_fail():
        with transaction.atomic():
            send_back(evidence, by=reviewer.user)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        send_back_and_fail()

    assert told() == []


def test_a_long_reason_is_shortened_in_the_notice(answer, staff, reviewer):
    send_back(EvidenceFactory(answer=answer), by=reviewer.user, reason="x" * 2000)

    (row,) = told()
    assert row[2].endswith("x…")
    assert len(row[2]) < 400


# --- Ways -------------------------------------------------------------------------------------


def notice(user, year, key="peristiwa", kind=NotificationKind.RETURNED):
    return Notice(user.pk, kind, year.pk, "Kabar", "/", key)


@pytest.mark.parametrize(
    ("kind", "by_email"),
    [
        (kind, kind not in (NotificationKind.ACCEPTED, NotificationKind.FILE_READY))
        for kind in NotificationKind
    ],
)
def test_by_default_all_but_acceptances_and_ready_files_are_mailed(year, staff, kind, by_email):
    deliver([notice(staff.user, year, kind=kind)], at=NOW)

    row = Notification.objects.get()
    assert (row.in_app, row.by_email) == (True, by_email)


@pytest.mark.parametrize(
    ("in_app", "email", "written"),
    [
        (True, True, [(True, True)]),
        (True, False, [(True, False)]),
        (False, True, [(False, True)]),
        (False, False, []),
    ],
)
def test_each_person_chooses_the_ways(year, staff, in_app, email, written):
    chosen = {NotificationKind.RETURNED: Channels(in_app=in_app, email=email)}
    set_preferences(chosen=chosen, by=staff.user)

    deliver([notice(staff.user, year)], at=NOW)

    assert list(Notification.objects.values_list("in_app", "by_email")) == written


def test_one_persons_choice_is_nobody_elses(year, staff):
    colleague = staff_of(year, "DISDIK")
    nothing = Channels(in_app=False, email=False)
    set_preferences(chosen=dict.fromkeys(NotificationKind, nothing), by=staff.user)

    deliver([notice(staff.user, year), notice(colleague.user, year)], at=NOW)

    assert [row[0] for row in told()] == [colleague.user]


def test_the_usual_way_needs_no_row_and_comes_back_when_chosen_again(year, staff):
    kind = NotificationKind.ACCEPTED
    set_preferences(chosen={kind: Channels(in_app=True, email=True)}, by=staff.user)
    assert NotificationPreference.objects.count() == 1

    set_preferences(chosen={kind: Channels(in_app=True, email=False)}, by=staff.user)

    assert NotificationPreference.objects.count() == 0
    assert channels_of([staff.user_id])[staff.user_id, kind] == Channels(in_app=True, email=False)


def test_the_same_occasion_reaches_a_person_once(year, staff):
    colleague = staff_of(year, "DISDIK")

    for _time in range(2):
        deliver([notice(staff.user, year), notice(colleague.user, year)], at=NOW)

    assert [row[0] for row in told()] == [staff.user, colleague.user]


def test_delivering_nothing_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        deliver([], at=NOW)


def test_telling_30_people_costs_as_much_as_telling_one(year, django_assert_num_queries):
    users = UserFactory.create_batch(30)

    with django_assert_num_queries(2):  # preferences, insert
        deliver([notice(users[0], year)], at=NOW)
    with django_assert_num_queries(2):
        deliver([notice(user, year, key="lain") for user in users], at=NOW)


def test_a_notice_that_goes_nowhere_is_refused_by_the_database(year, staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(
            user=staff.user,
            kind=NotificationKind.RETURNED,
            assessment=year,
            text="Kabar",
            url="/",
            key="x",
            created_at=NOW,
            in_app=False,
            by_email=False,
        )
