"""Calling upon an OPD in the conversation about a question."""

import pytest
from django.urls import reverse

from assessments.models import Comment, Mention, Notification
from assessments.queries.question import conversation
from assessments.services.assignment import assign_question
from assessments.services.comments import add_comment
from assessments.templatetags.conversations import with_mentions
from cities.models import Opd
from tests.assessments.situations import (
    NOW,
    later,
    refused,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.cities import MembershipFactory, OpdFactory


def say(answer, text, by=None):
    return add_comment(answer=answer, text=text, by=by or secretary_of(answer), at=later())


def mentioned(comment):
    return [(mention.opd.code, mention.code) for mention in comment.mentions.all()]


def page_of(answer):
    where = [answer.assessment.city.slug, answer.assessment.year, answer.question.code]
    return reverse("assessments:question_detail", args=where)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@DISDIK mohon SK-nya", [("DISDIK", "DISDIK")]),
        ("Mohon @disdik.", [("DISDIK", "disdik")]),
        ("@DISDIK dan @DP3A, lalu @disdik", [("DISDIK", "DISDIK"), ("DP3A", "DP3A")]),
        ("(@DP3A)", [("DP3A", "DP3A")]),
        ("surel@DISDIK.go.id", []),
        ("@DISDIKPORA", []),
        ("@DISDIK-2", []),
        ("@kotalayakanak mengunggah foto", []),
        ("DISDIK @ DP3A", []),
        ("", []),
    ],
)
def test_an_opd_is_named_by_at_and_its_code(answer, text, found):
    assert mentioned(say(answer, text)) == found


def test_the_longer_of_two_codes_is_meant(answer):
    other = OpdFactory(city=answer.assessment.city, code="DISDIK.PAUD")
    assign_question(
        answer_id=answer.pk,
        lead=other,
        contributors=[],
        due_on=None,
        by=secretary_of(answer),
        at=NOW,
    )

    assert mentioned(say(answer, "@DISDIK.PAUD")) == [("DISDIK.PAUD", "DISDIK.PAUD")]


def test_an_opd_that_does_not_hold_the_question_cannot_be_called_upon(answer):
    with refused("not_assigned") as refusal:
        say(answer, "@DISDIK tanya @DINKES saja")

    assert refusal.value.messages == [
        (
            "Dinas DINKES tidak ditugasi untuk pertanyaan ini, jadi tidak dapat membaca pesan Anda. "
            "Sebut OPD yang ditugasi, atau minta Gugus Tugas menugaskannya dahulu."
        )
    ]


def test_the_form_shows_the_refusal_and_keeps_what_was_typed(client, answer, secretariat):
    client.force_login(secretariat.user)

    page = client.post(f"{page_of(answer)}pesan/", {"text": "Halo @DINKES"})

    assert "Dinas DINKES tidak ditugasi" in page.content.decode()
    assert page.context["comment_form"]["text"].value() == "Halo @DINKES"
    assert not Comment.objects.exists()


def test_an_opd_of_another_city_is_never_meant(answer):
    OpdFactory(code="DINKES2")  # elsewhere
    working_year()

    assert mentioned(say(answer, "@DINKES2 @DISDIK")) == [("DISDIK", "DISDIK")]
    assert set(Mention.objects.values_list("opd__city", flat=True)) == {answer.assessment.city_id}


def test_the_people_of_the_opd_are_told_and_nobody_else(year, answer, staff, secretariat):
    colleague = staff_of(year, "DISDIK")
    staff_of(year, "DP3A")
    staff_of(working_year(), "DISDIK")

    say(answer, "@DISDIK kapan SK terbit?", by=staff.user)

    told = Notification.objects.filter(kind="mentioned")
    assert [(row.user, row.text, row.url) for row in told] == [
        (
            colleague.user,
            f"{staff.user} menyebut Dinas DISDIK pada pertanyaan 1.2: “@DISDIK kapan SK terbit?”",
            f"{page_of(answer)}#percakapan",
        )
    ]


def test_nothing_is_lost_when_the_question_changes_hands(client, year, answer, staff):
    new = staff_of(year, "DINKES")
    say(answer, "Mohon @DISDIK melengkapi SK", by=staff.user)
    client.force_login(new.user)
    assert client.get(page_of(answer)).status_code == 404

    assign_question(
        answer_id=answer.pk,
        lead=new.opd,
        contributors=[],
        due_on=None,
        by=secretary_of(year),
        at=NOW,
    )

    page = client.get(page_of(answer))
    assert [comment.text for comment in page.context["comments"]] == ["Mohon @DISDIK melengkapi SK"]
    assert '<span class="mention" title="Dinas DISDIK">@DISDIK</span>' in page.content.decode()
    client.force_login(staff.user)
    assert client.get(page_of(answer)).status_code == 404


def test_a_pendamping_may_write(client, year, answer):
    client.force_login(MembershipFactory(pendamping=True, city=year.city).user)

    client.post(f"{page_of(answer)}pesan/", {"text": "Sudah ada @DISDIK"})

    assert mentioned(Comment.objects.get()) == [("DISDIK", "DISDIK")]


def test_a_mention_keeps_the_code_as_it_was_written(answer):
    say(answer, "@DISDIK")
    Opd.objects.filter(code="DISDIK").update(code="DIKBUD", name="Dinas <Pendidikan>")

    [shown] = map(with_mentions, conversation(answer))

    assert shown == ('<p><span class="mention" title="Dinas &lt;Pendidikan&gt;">@DISDIK</span></p>')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "<b>@DISDIK</b>",
            '<p>&lt;b&gt;<span class="mention" title="Dinas DISDIK">@DISDIK</span>&lt;/b&gt;</p>',
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("satu\ndua\n\ntiga", "<p>satu<br>dua</p>\n\n<p>tiga</p>"),
    ],
)
def test_a_comment_is_escaped_around_its_mentions(answer, text, shown):
    say(answer, text)

    assert list(map(with_mentions, conversation(answer))) == [shown]


def test_a_comment_that_calls_upon_several_is_told_once(answer):
    say(answer, "@DISDIK dan @DP3A")
    say(answer, "Terima kasih")

    said = conversation(answer)

    assert [comment.text for comment in said] == ["@DISDIK dan @DP3A", "Terima kasih"]
    assert [[call.code for call in comment.calls] for comment in said] == [["DISDIK", "DP3A"], []]


def test_the_form_names_the_codes_that_may_be_called_upon(client, answer, secretariat):
    client.force_login(secretariat.user)

    text = client.get(page_of(answer)).content.decode()

    assert '<code class="mention">@DISDIK</code> <code class="mention">@DP3A</code>' in text
    assert "@DINKES" not in text


def test_the_conversation_costs_the_same_with_1_and_with_30(
    client, answer, secretariat, django_assert_max_num_queries
):
    client.force_login(secretariat.user)
    say(answer, "@DISDIK")
    with django_assert_max_num_queries(99) as first:
        client.get(page_of(answer))
    for _number in range(29):
        say(answer, "@DISDIK dan @DP3A")
    with django_assert_max_num_queries(99) as second:
        client.get(page_of(answer))

    assert len(second) == len(first)
