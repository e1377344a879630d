"""One's own sessions: where the account is signed in, and their end."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cities.models import UserSession
from cities.services.sessions import end_session
from tests.factories.cities import PASSWORD, MembershipFactory, UserFactory

PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit Chrome/120.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit Chrome/120.0 Safari/537.36 Edg/120.0"

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return MembershipFactory(verifikator=True).user


def signed_in(user, agent=DESK, network="10.0.0.1"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=network)
    client.post("/masuk/", {"login": user.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/akun/sesi/").status_code == 200


def test_the_page_names_device_network_and_which_one_is_this(user):
    signed_in(user, PHONE, "203.0.113.9")
    page = signed_in(user).get("/akun/sesi/")

    rows = [(row.device, row.network) for row in page.context["sessions"]]
    assert rows == [("Microsoft Edge · Windows", "10.0.0.1"), ("Chrome · Android", "203.0.113.9")]
    assert page.text.count("Sesi ini yang sedang Anda pakai.") == 1


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604.1",
         "Safari · iPhone"),
        ("curl/8.0", "Peramban lain · perangkat lain"),
        ("", "Peramban lain · perangkat lain"),
    ],
)  # fmt: skip
def test_a_device_is_named_as_far_as_the_browser_names_it(agent, device):
    assert UserSession(user_agent=agent).device == device


def test_nobody_sees_or_ends_the_sessions_of_somebody_else(user):
    stranger = UserFactory()
    theirs = signed_in(stranger)
    row = UserSession.objects.get()
    own = signed_in(user)

    assert [one.user for one in own.get("/akun/sesi/").context["sessions"]] == [user]
    assert own.post(f"/akun/sesi/{row.pk}/akhiri/").status_code == 404
    with pytest.raises(ValidationError, match="sudah berakhir"):
        end_session(session=row, by=user, at=timezone.now())
    assert is_in(theirs)


def test_one_session_is_ended_and_the_others_go_on(user):
    lost, third, own = signed_in(user, PHONE), signed_in(user), signed_in(user)
    row = UserSession.objects.get(session_key=lost.session.session_key)

    page = own.post(f"/akun/sesi/{row.pk}/akhiri/", follow=True)

    assert "Sesi di Chrome · Android diakhiri." in page.text
    assert [is_in(client) for client in (lost, third, own)] == [False, True, True]


def test_all_others_are_ended_those_that_nobody_noted_too(user):
    lost, own = signed_in(user, PHONE), signed_in(user)
    never_noted = Client()
    never_noted.force_login(user)

    page = own.post("/akun/sesi/akhiri-lainnya/", follow=True)

    assert "Semua sesi lain diakhiri." in page.text
    assert [is_in(client) for client in (lost, never_noted, own)] == [False, False, True]
    assert [row.session_key for row in page.context["sessions"]] == [own.session.session_key]


def test_changing_the_password_leaves_this_session_alone_on_the_page(user):
    lost, own = signed_in(user, PHONE), signed_in(user)
    new = {"oldpassword": PASSWORD, "password1": "lain-sekali-9x", "password2": "lain-sekali-9x"}

    own.post("/sandi/ubah/", new)

    assert not is_in(lost)
    [row] = own.get("/akun/sesi/").context["sessions"]
    assert row.session_key == own.session.session_key


def test_signing_out_takes_the_session_off_the_page(user):
    signed_in(user, PHONE).post("/keluar/")

    [row] = signed_in(user).get("/akun/sesi/").context["sessions"]
    assert row.device == "Microsoft Edge · Windows"
    assert UserSession.objects.count() == 1  # and the row of the other is gone


def test_the_last_use_costs_one_note_in_five_minutes(user):
    client = signed_in(user)
    at_sign_in = UserSession.objects.get().last_used_at

    def writes():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/istilah/")
        verbs = ("INSERT", "UPDATE", "DELETE")
        return [one["sql"] for one in queries if one["sql"].startswith(verbs)]

    assert writes() == []
    session = client.session
    key, moment = session["noted_session"]
    session["noted_session"] = [key, moment - 301]
    session.save()
    UserSession.objects.update(last_used_at=at_sign_in - timedelta(hours=1))

    assert [sql.split('"')[1] for sql in writes()] == ["cities_usersession", "django_session"]
    assert UserSession.objects.get().last_used_at > at_sign_in
    assert writes() == []
    assert time.time() - client.session["noted_session"][1] < 60


def test_a_session_that_ran_out_is_not_on_the_page(user):
    old = signed_in(user, PHONE)
    own = signed_in(user)
    expired = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=expired)

    [row] = own.get("/akun/sesi/").context["sessions"]
    assert row.session_key == own.session.session_key
