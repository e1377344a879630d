"""Questions reach the Gugus Tugas, answers come back."""

import pytest
from django.urls import reverse

from assessments.models import Notification
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
