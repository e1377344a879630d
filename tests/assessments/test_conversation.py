"""Messages are said once, questions reach the Gugus Tugas, answers come back."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.models import Activity, Comment, Mention, Notification
from assessments.queries.year import year_dashboard
from assessments.services.assignment import assign_question
from assessments.services.comments import add_comment
from tests.assessments.situations import (
    NOW,
    later,
    secretary_of,
    staff_of,
    working_year,
)
from tests.assessments.test_concurrency import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

SENDINGS = 20


def say(answer, text, by, **how):
    return add_comment(answer=answer, text=text, by=by, at=later(), **how)


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("user")
    return [(row.user, row.text) for row in rows]


def page_of(answer, name="question_detail"):
    where = [answer.assessment.city.slug, answer.assessment.year, answer.question.code]
    return reverse(f"assessments:{name}", args=where)


# --- Once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_message_sent_twenty_times_at_once_is_one():
    answer = answer_of(working_year(), "1.2")
    staff = staff_of(answer.assessment, "DISDIK").user
    MembershipFactory(gugus_tugas=True, city=answer.assessment.city)
    staff_of(answer.assessment, "DP3A")
    once = uuid4()

    sent = at_once(*[lambda: say(answer, "@DP3A ok", staff, once=once).pk] * SENDINGS)

    assert set(sent) == {Comment.objects.get().pk}
    assert Mention.objects.count() == 1
    assert Activity.objects.filter(deed="comment_added").count() == 1
    kinds = Notification.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["asked", "mentioned"]


def test_an_honest_repetition_from_a_new_form_is_a_message_of_its_own(answer, staff):
    for once in (uuid4(), uuid4(), None, None):
        say(answer, "ok", staff.user, once=once)

    assert [comment.text for comment in Comment.objects.all()] == ["ok"] * 4


def test_the_same_form_with_other_words_is_another_message(answer, staff):
    once = uuid4()
    for text in ("ok", "ok, besok", "ok"):
        say(answer, text, staff.user, once=once)

    assert [comment.text for comment in Comment.objects.all()] == ["ok", "ok, besok"]


def test_the_key_of_one_person_is_not_anothers(answer, staff, secretariat):
    once = uuid4()
    say(answer, "ok", staff.user, once=once)
    say(answer, "ok", secretariat.user, once=once)

    assert Comment.objects.count() == 2


def test_every_page_brings_a_key_and_a_refused_form_keeps_it(client, answer, secretariat):
    client.force_login(secretariat.user)
    first, second = (client.get(page_of(answer)).context["comment_form"] for _ in range(2))
    keys = [str(form["once"].value()) for form in (first, second)]
    assert keys[0] != keys[1]

    refused = client.post(page_of(answer, "comment_add"), {"text": "@DINKES", "once": keys[0]})
    assert refused.context["comment_form"]["once"].value() == keys[0]

    for _again in range(2):
        client.post(page_of(answer, "comment_add"), {"text": "Baik", "once": keys[0]})
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("key", ["", "bukan kunci"])
def test_a_form_without_a_key_is_taken_all_the_same(client, answer, secretariat, key):
    client.force_login(secretariat.user)

    client.post(page_of(answer, "comment_add"), {"text": "Baik", "once": key})

    assert Comment.objects.get().once is None


# --- The Gugus Tugas --------------------------------------------------------------------------


def test_a_message_of_an_opd_is_told_to_the_gugus_tugas_of_its_city(answer, staff, secretariat):
    MembershipFactory(gugus_tugas=True)  # elsewhere
    MembershipFactory(verifikator=True, city=answer.assessment.city)

    say(answer, "Perda mana?", staff.user)

    assert told("asked") == [
        (
            secretariat.user,
            f"{staff.user} (Dinas DISDIK) menulis pada pertanyaan 1.2: “Perda mana?”",
        )
    ]
    assert Notification.objects.get().url == f"{page_of(answer)}#percakapan"


def test_anybody_calls_upon_the_gugus_tugas(client, answer, secretariat):
    pendamping = MembershipFactory(pendamping=True, city=answer.assessment.city).user

    say(answer, "Tanpa sebutan", pendamping)
    comment = say(answer, "Mohon @gugustugas menjawab", pendamping)

    assert told("mentioned") == [
        (
            secretariat.user,
            f"{pendamping} menyebut Gugus Tugas pada pertanyaan 1.2: “Mohon @gugustugas menjawab”",
        )
    ]
    client.force_login(secretariat.user)
    mark = '<span class="mention" title="Gugus Tugas KLA">@gugustugas</span>'
    assert mark in client.get(page_of(comment.answer)).content.decode()


def test_the_answer_is_told_to_those_who_asked_and_only_once(answer, staff, secretariat):
    staff_of(answer.assessment, "DP3A")  # contributes, but has not asked
    colleague = staff_of(answer.assessment, "DISDIK")
    say(answer, "Perda mana?", staff.user)

    say(answer, "Perda 3/2024.", secretariat.user)
    say(answer, "Halaman 4.", secretariat.user)

    text = f"{secretariat.user} menjawab pada pertanyaan 1.2: “Perda 3/2024.”"
    assert told("replied") == [(staff.user, text), (colleague.user, text)]


def test_whoever_is_called_upon_in_the_answer_is_told_once(answer, staff, secretariat):
    say(answer, "Perda mana?", staff.user)
    say(answer, "@DISDIK Perda 3/2024.", secretariat.user)

    assert (len(told("mentioned")), told("replied")) == (1, [])


def test_an_opd_that_lost_the_question_is_not_told_of_the_answer(answer, staff, secretariat):
    say(answer, "Perda mana?", staff.user)
    dinkes = staff_of(answer.assessment, "DINKES").opd
    assign_question(
        answer_id=answer.pk,
        lead=dinkes,
        contributors=[],
        due_on=None,
        by=secretary_of(answer),
        at=NOW,
    )
    say(answer, "Perda 3/2024.", secretariat.user)

    assert told("replied") == []


def test_questions_stay_unanswered_until_whoever_coordinates_writes(
    client, year, answer, staff, reviewer, secretariat
):
    other = working_year()
    say(answer_of(other, "1.1"), "Di kota lain", staff_of(other, "DP3A").user)
    say(answer_of(year, "1.1"), "Dari Gugus Tugas", secretariat.user)

    def unanswered():
        return year_dashboard(year, today=NOW.date()).actions.questions_unanswered

    counts = [unanswered()]
    for by in (staff.user, staff.user, reviewer.user, secretariat.user, staff.user):
        say(answer, "…", by)
        counts.append(unanswered())
    assert counts == [0, 1, 1, 1, 0, 1]

    client.force_login(secretariat.user)
    shown = client.get(reverse("assessments:city_dashboard", args=[year.city.slug]))
    action = next(a for a in shown.context["actions"] if "belum dijawab" in a.label)
    listed = client.get(action.url).context["page_obj"]
    assert (action.count, [row.question.code for row in listed]) == (1, ["1.2"])
