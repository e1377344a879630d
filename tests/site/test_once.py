"""A form does its deed once, however often it arrives."""

import re
from datetime import timedelta

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.db import OperationalError
from django.http import HttpResponseRedirect
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Activity, Comment
from cities.models import CityActivity, CityTrailEvent, Invitation, SentForm
from cities.services.sent_forms import claim, sweep
from kla.form_tokens import FIELD, new_token, owner_of
from kla.once import TAKEN_COOKIE, leads_on
from tests.assessments.situations import staff_of, working_year
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import InvitationFactory, MembershipFactory, UserFactory

ARRIVALS = 20


@pytest.fixture
def answer(db):
    return answer_of(working_year(), "1.2")


@pytest.fixture
def staff(answer, client):
    user = staff_of(answer.assessment, "DISDIK").user
    client.force_login(user)
    return user


def address(answer, name="comment_add"):
    year = answer.assessment
    args = [year.city.slug, year.year, answer.question.code]
    return reverse(f"assessments:{name}", args=args)


def form_of(client, answer, name="comment_add"):
    """The hidden fields of the form on the question's page that leads to this address."""
    page = client.get(answer.get_absolute_url()).text
    (form,) = re.findall(rf'<form [^>]*action="{address(answer, name)}".*?</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def led_to(response):
    assert response.status_code == 302
    return response["Location"]


def test_the_same_comment_sent_twenty_times_is_one(client, answer, staff):
    filled = form_of(client, answer) | {"text": "Perda mana?"}
    led = {led_to(client.post(address(answer), filled)) for _ in range(ARRIVALS)}

    assert len(led) == 1
    assert [comment.text for comment in Comment.objects.all()] == ["Perda mana?"]
    assert Activity.objects.filter(answer=answer).count() == 1
    assert [sent.location for sent in SentForm.objects.all()] == [*led]


def test_who_sends_again_is_told_that_it_was_done(client, answer, staff):
    filled = form_of(client, answer) | {"text": "Perda mana?"}
    client.post(address(answer), filled)
    client.get(answer.get_absolute_url())
    again = client.post(address(answer), filled, follow=True)

    assert "sudah terkirim sebelumnya" in again.text


@pytest.mark.django_db(transaction=True)
def test_twenty_arrivals_at_the_same_moment_are_one_deed(transactional_db):
    answer = answer_of(working_year(), "1.2")
    staff = staff_of(answer.assessment, "DISDIK").user
    first = Client()
    first.force_login(staff)
    filled = form_of(first, answer) | {"text": "Perda mana?"}

    def arrive():
        client = Client()
        client.cookies = first.cookies.copy()
        return led_to(client.post(address(answer), filled))

    assert len(set(at_once(*[arrive] * ARRIVALS))) == 1
    assert Comment.objects.count() == 1
    assert Activity.objects.filter(answer=answer).count() == 1
    assert SentForm.objects.count() == 1


def test_the_same_form_with_other_words_is_another_deed(client, answer, staff):
    filled = form_of(client, answer)
    for text in ("Perda mana?", "Perda yang mana?"):
        client.post(address(answer), filled | {"text": text})

    assert [one.text for one in Comment.objects.order_by("pk")] == [
        "Perda mana?",
        "Perda yang mana?",
    ]


def test_each_page_brings_a_form_of_its_own(client, answer, staff):
    for _ in range(2):
        client.post(address(answer), form_of(client, answer) | {"text": "Baik"})

    assert Comment.objects.count() == 2


def test_a_form_that_was_refused_may_be_sent_again(client, answer, staff):
    filled = form_of(client, answer) | {"text": ""}
    assert client.post(address(answer), filled).status_code == 200
    assert SentForm.objects.count() == 0

    client.post(address(answer), filled | {"text": "Baik"})
    assert Comment.objects.count() == 1


def test_a_deed_that_broke_down_leaves_its_form_unsent(client, answer, staff, monkeypatch):
    filled = form_of(client, answer) | {"text": "Baik"}

    def broken(**facts):
        Comment.objects.create(answer=answer, by=staff, at=facts["at"], text="halfway")
        raise OperationalError("the connection is lost")

    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("assessments.views.question.add_comment", broken)
        assert client.post(address(answer), filled).status_code == 503
    assert (Comment.objects.count(), SentForm.objects.count()) == (0, 0)

    client.post(address(answer), filled)
    assert [one.text for one in Comment.objects.all()] == ["Baik"]


def test_without_a_token_or_with_that_of_another_everything_is_as_before(client, answer, staff):
    foreign = new_token(UserFactory().pk)
    for token in ({}, {}, {FIELD: foreign}, {FIELD: foreign}, {FIELD: "asal"}):
        led_to(client.post(address(answer), {"text": "Baik"} | token))

    assert Comment.objects.count() == 5
    assert SentForm.objects.count() == 0


def test_nobody_makes_a_token_for_somebody_else(staff):
    token = new_token(staff.pk)

    assert owner_of(token) == staff.pk
    assert owner_of(token.replace(f"{staff.pk}.", f"{staff.pk + 1}.", 1)) is None


def test_a_browser_is_told_which_of_its_forms_were_taken(client, answer, staff):
    token = form_of(client, answer)[FIELD]
    refused = client.post(address(answer), {FIELD: token, "text": ""})
    taken = client.post(address(answer), {FIELD: token, "text": "Baik"})

    assert TAKEN_COOKIE not in refused.cookies
    assert taken.cookies[TAKEN_COOKIE].value == token.partition(":")[0]


def test_forms_are_forgotten_after_a_week(db):
    user, now = UserFactory(), timezone.now()
    for days, key in ((0, "new"), (6, "week"), (8, "old")):
        claim(key=key, by=user, at=now - timedelta(days=days))

    assert sweep(at=now) == 1
    assert sorted(SentForm.objects.values_list("key", flat=True)) == ["new", "week"]


def test_a_deed_that_asks_for_the_password_first_leaves_its_form_unsent(
    client, answer, staff, monkeypatch
):
    def asking(**_facts):
        raise ReauthenticationRequired

    filled = form_of(client, answer) | {"text": "Baik"}
    with monkeypatch.context() as patch:
        patch.setattr("assessments.views.question.add_comment", asking)
        asked = client.post(address(answer), filled)

    assert led_to(asked).startswith((reverse("account_reauthenticate"), reverse("account_login")))
    assert TAKEN_COOKIE not in asked.cookies
    assert SentForm.objects.count() == 0
    client.post(address(answer), filled)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/kota/", True),
        ("/tidak/ada/?a=1#b", True),
        ("/masuk/?next=/kota/", False),
        ("/akun/konfirmasi/", False),
        ("https://lain.example/", False),
    ],
)
def test_a_way_to_a_sign_in_or_to_elsewhere_is_no_deed_done(location, leads):
    assert leads_on(HttpResponseRedirect(location)) == leads


@pytest.mark.parametrize("name", ["document_upload", "link_offer"])
def test_what_takes_its_time_over_files_is_not_run_in_a_transaction_of_the_form(
    client, answer, staff, name, monkeypatch
):
    def refused(*_facts, **_more):
        raise AssertionError("claimed")

    monkeypatch.setattr("kla.once.claim", refused)
    filled = form_of(client, answer, name)

    assert client.post(address(answer, name), filled).status_code == 200
    with pytest.raises(AssertionError, match="claimed"):
        client.post(address(answer), form_of(client, answer) | {"text": "Baik"})


@pytest.fixture
def handing_over(client, db):
    """The form of a list of invitations that makes a link and a code, and where it leads."""
    admin = MembershipFactory(admin_kota=True)
    client.force_login(admin.user)
    invitation = InvitationFactory(city=admin.city)
    where = [admin.city.slug]
    listed = reverse("cities:invitation_list", args=where)
    handed = reverse("cities:invitation_hand_over", args=[*where, invitation.pk])

    def fields():
        page = client.get(listed).text
        (form,) = re.findall(rf'<form [^>]*action="{handed}".*?</form>', page, re.DOTALL)
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))

    return handed, listed, fields


def test_a_deed_that_shows_its_outcome_at_once_is_done_once_too(client, handing_over):
    handed, listed, fields = handing_over
    filled = fields()

    first = client.post(handed, filled)
    fingerprint = Invitation.objects.get().token_hash
    led = {led_to(client.post(handed, filled)) for _ in range(ARRIVALS)}

    assert first.status_code == 200
    assert led == {listed}
    assert Invitation.objects.get().token_hash == fingerprint  # what was shown still opens
    assert TAKEN_COOKIE in first.cookies
    assert CityActivity.objects.filter(deed=CityTrailEvent.INVITATION_HANDED_OVER).count() == 1


def test_pressed_again_on_a_page_of_its_own_it_makes_another(client, handing_over):
    handed, _listed, fields = handing_over

    shown = [client.post(handed, fields()).status_code for _ in range(2)]

    assert shown == [200, 200]
    assert CityActivity.objects.filter(deed=CityTrailEvent.INVITATION_HANDED_OVER).count() == 2
