"""Changing one's own e-mail: proved at the new address, told to the old, nothing before that."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cities.models import CityActivity, CityTrailEvent, EmailChange, User
from cities.services.accounts import edit_account
from cities.services.email_changes import (
    confirm_email_change,
    link_token,
    order_email_change,
    send_email_changes,
)
from cities.services.sessions import end_all_sessions
from outbox.models import Letter
from tests.at_once import at_once
from tests.factories.cities import PASSWORD, MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

OLD, NEW = "lama@kota.example", "baru@kota.example"
PAGE = "/akun/email/"


@pytest.fixture
def member():
    return MembershipFactory(gugus_tugas=True, user__email=OLD, user__name="Rina")


@pytest.fixture
def rina(member):
    return member.user


@pytest.fixture
def at_home(client, rina):
    sign_in(client, OLD)
    return client


def sign_in(client, email, password=PASSWORD):
    return client.post("/masuk/", {"login": email, "password": password})


def signed_in_as(client):
    return get_user(client).pk


def ask(client, email=NEW):
    return client.post(PAGE, {"email": email})


def letters(at=None):
    """Send what waits, as every ten minutes; by receiver what came of it."""
    mail.outbox.clear()
    send_email_changes(now=lambda: at or timezone.now())
    return {letter.to[0]: letter for letter in mail.outbox}


def link_in(letter):
    return re.search(r"https?://[^/]+(/akun/email/\S+)", letter.body)[1]


def address_of(user):
    return User.objects.get(pk=user.pk).email


def order(user, email=NEW, at=None):
    return order_email_change(email=email, by=user, at=at or timezone.now())


def confirm(user, change, at=None):
    token = link_token(change, User.objects.get(pk=user.pk))
    return confirm_email_change(token=token, by=user, at=at or timezone.now())


# --- The whole way ----------------------------------------------------------------------------


def test_nothing_changes_before_the_link_is_opened_and_then_everything(at_home, rina, member):
    answer = ask(at_home)

    assert answer.url == PAGE
    assert address_of(rina) == OLD
    sent = letters()
    assert sorted(sent) == [NEW, OLD]
    assert address_of(rina) == OLD
    link = link_in(sent[NEW])
    shown = at_home.get(link)
    assert (shown.status_code, address_of(rina)) == (200, OLD)  # looking is no deed
    assert NEW in shown.text
    assert OLD in shown.text

    assert at_home.post(link).url == PAGE

    assert address_of(rina) == NEW
    assert "Mulai sekarang Anda masuk dengan baru@kota.example." in at_home.get(PAGE).text
    elsewhere = Client()
    sign_in(elsewhere, OLD)
    assert signed_in_as(elsewhere) is None
    sign_in(elsewhere, NEW)
    assert signed_in_as(elsewhere) == rina.pk


def test_the_old_address_reads_what_is_asked_and_what_to_do(at_home, rina):
    ask(at_home)

    letter = letters()[OLD]

    assert letter.subject == "[KLA] Permintaan mengganti alamat e-mail Anda"
    assert "memakai baru@kota.example, bukan alamat ini. Belum ada yang berubah" in letter.body
    assert "segera ubah kata sandi Anda; permintaan itu lalu batal" in letter.body
    assert "/sandi/ubah/" in letter.body
    assert "/akun/email/" not in letter.body  # no link that would do it


def test_the_old_address_reads_that_it_is_done_once(rina):
    change = order(rina)
    letters()
    confirm(rina, change)

    sent = letters()

    assert sorted(sent) == [OLD]
    assert "memakai baru@kota.example; diganti oleh Anda sendiri." in sent[OLD].body
    assert "segera hubungi administrator" in sent[OLD].body
    assert letters() == {}
    assert (EmailChange.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_link_that_is_opened_before_the_first_notice_went_leaves_one_notice(rina):
    confirm(rina, order(rina))

    assert sorted(letters()) == [OLD]
    assert letters() == {}


def test_each_letter_goes_out_once(at_home):
    ask(at_home)

    assert len(letters()) == 2
    assert letters() == {}


def test_it_stands_in_the_trail_of_every_city_of_the_person(rina, member):
    second = MembershipFactory(verifikator=True, user=rina)
    change = order(rina)
    assert not CityActivity.objects.filter(deed=CityTrailEvent.ACCOUNT_CHANGED).exists()

    confirm(rina, change)

    lines = CityActivity.objects.filter(deed=CityTrailEvent.ACCOUNT_CHANGED)
    assert {line.city for line in lines} == {member.city, second.city}
    for line in lines:
        assert (line.by, line.target) == (rina, f"Rina <{OLD}>")
        assert (line.before["email"], line.after["email"]) == (OLD, NEW)


def test_sessions_elsewhere_end_and_this_one_goes_on(at_home, rina):
    elsewhere = Client()
    sign_in(elsewhere, OLD)
    ask(at_home)
    link = link_in(letters()[NEW])

    at_home.post(link)

    assert signed_in_as(at_home) == rina.pk
    assert signed_in_as(elsewhere) is None


def test_old_addresses_open_nothing_by_forgotten_password(rina):
    EmailAddress.objects.create(user=rina, email=OLD, verified=True, primary=True)

    confirm(rina, order(rina))

    assert not EmailAddress.objects.filter(user=rina).exists()


def test_the_command_of_every_ten_minutes_sends_them(rina, capsys):
    order(rina)
    mail.outbox.clear()

    call_command("send_reminders")

    assert sorted(letter.to[0] for letter in mail.outbox) == [NEW, OLD]


# --- Who asks ---------------------------------------------------------------------------------


def test_the_password_is_asked_again_first(at_home, rina):
    session = at_home.session
    session["account_authentication_methods"] = []
    session.save()

    answer = ask(at_home)

    assert answer.url.startswith("/akun/konfirmasi/")
    assert not EmailChange.objects.exists()
    at_home.post(answer.url, {"password": PASSWORD})
    at_home.get(PAGE)  # what was typed is handed in
    assert EmailChange.objects.get().after == NEW


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("LAMA@kota.example", "Akun Anda sudah memakai lama@kota.example"),
        ("bukan alamat", "e-mail"),
        ("", ""),
    ],
)
def test_an_address_that_is_none_or_the_same_is_refused(at_home, rina, email, said):
    answer = ask(at_home, email)

    assert answer.status_code == 200
    assert said in answer.text
    assert not EmailChange.objects.exists()


def test_without_a_mail_server_the_page_says_who_can_do_it(at_home, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    page = at_home.get(PAGE).text
    answer = ask(at_home)

    assert "hanya dapat diganti administrator situs" in page
    assert 'name="email"' not in page
    assert answer.status_code == 200
    assert not EmailChange.objects.exists()


def test_five_an_hour_are_enough(at_home):
    told = [ask(at_home, f"baru{number}@kota.example").status_code for number in range(6)]

    assert told == [302] * 5 + [200]
    assert EmailChange.objects.get().after == "baru4@kota.example"


def test_a_later_request_takes_the_place_of_the_earlier(rina):
    first = order(rina, "satu@kota.example")
    token = link_token(first, rina)
    order(rina, "dua@kota.example")

    with pytest.raises(ValidationError) as refusal:
        confirm_email_change(token=token, by=rina, at=timezone.now())

    assert refusal.value.code == "dead_link"
    assert sorted(letters()) == ["dua@kota.example", OLD]


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_waits():
    rina = MembershipFactory(gugus_tugas=True, user__email=OLD).user
    asked = [f"baru{number}@kota.example" for number in range(8)]

    at_once(*(lambda email=email: order(rina, email) for email in asked))

    assert EmailChange.objects.get().after in asked


# --- Neutral ----------------------------------------------------------------------------------


def test_an_address_of_somebody_else_is_answered_alike_and_nobody_is_written_to(at_home, rina):
    MembershipFactory(user__email=NEW)
    free = ask(at_home, "bebas@kota.example")
    page_of_free = at_home.get(PAGE).text.replace("bebas@kota.example", "X")
    taken = ask(at_home, NEW.upper())
    page_of_taken = at_home.get(PAGE).text.replace(EmailChange.objects.get().after, "X")

    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    assert _without_moments(page_of_free) == _without_moments(page_of_taken)
    assert sorted(letters()) == [OLD]


def _without_moments(page):
    page = re.sub(r'(value|content)="[^"]{20,}"', "", page)
    return re.sub(r"\d{1,2}\.\d{2}", "", page)


def test_an_address_that_somebody_took_meanwhile_is_not_taken_from_them(rina):
    change = order(rina)
    MembershipFactory(user__email=NEW.upper())

    with pytest.raises(ValidationError) as refusal:
        confirm(rina, change)

    assert refusal.value.code == "dead_link"
    assert address_of(rina) == OLD


# --- Links that open nothing ------------------------------------------------------------------


def test_a_link_works_once(rina):
    change = order(rina)
    token = link_token(change, rina)
    confirm(rina, change)

    with pytest.raises(ValidationError):
        confirm_email_change(token=token, by=User.objects.get(), at=timezone.now())


@pytest.mark.parametrize(("hours", "works"), [(23.9, True), (24, False)])
def test_a_link_works_for_a_day(rina, hours, works):
    asked_at = timezone.now() - timedelta(hours=hours)
    change = order(rina, at=asked_at)

    if works:
        confirm(rina, change)
    else:
        with pytest.raises(ValidationError):
            confirm(rina, change)

    assert address_of(rina) == (NEW if works else OLD)


def test_what_was_never_confirmed_is_gone_after_a_day(rina):
    order(rina, at=timezone.now() - timedelta(hours=25))

    assert letters() == {}
    assert not EmailChange.objects.exists()


def test_a_stranger_who_reads_the_letter_gains_nothing(client, rina):
    """Sent to a mistyped address, the link neither opens the account nor moves it."""
    change = order(rina)
    link = link_in(letters()[NEW])
    assert client.get(link).url.startswith("/masuk/")
    stranger = MembershipFactory().user
    client.force_login(stranger)

    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]
    with pytest.raises(ValidationError):
        confirm_email_change(token=link_token(change, rina), by=stranger, at=timezone.now())
    assert address_of(rina) == OLD


@pytest.mark.parametrize("how", ["password", "sessions"])
def test_whoever_is_told_at_the_old_address_can_stop_it(rina, how):
    change = order(rina)
    token = link_token(change, rina)
    if how == "password":
        rina.set_password("sandi-baru-yang-panjang")
        rina.save()
    else:
        end_all_sessions(by=rina, at=timezone.now())

    with pytest.raises(ValidationError):
        confirm_email_change(token=token, by=User.objects.get(), at=timezone.now())
    assert address_of(rina) == OLD


@pytest.mark.parametrize("token", ["x", "MQ:1a2b3c:tidak-ada", "1"])
def test_a_link_that_nobody_made_opens_nothing(at_home, rina, token):
    answer = at_home.get(f"{PAGE}{token}/")

    assert answer.status_code == 404
    assert "Tautan ini tidak berlaku lagi." in answer.text


def test_a_change_whose_letter_never_gets_through_is_forgotten_after_three_days(rina):
    at = timezone.now()
    by_administrator(rina, at=at)

    EmailChange.objects.lapsed_at(at + timedelta(hours=71)).delete()
    assert EmailChange.objects.count() == 1
    EmailChange.objects.lapsed_at(at + timedelta(hours=72)).delete()
    assert EmailChange.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_who_want_the_same_address_at_once_do_not_both_get_it():
    people = [MembershipFactory(gugus_tugas=True).user for _person in range(2)]
    changes = [order(user) for user in people]

    told = at_once(
        *(
            lambda user=user, change=change: bool(confirm(user, change))
            for user, change in zip(people, changes, strict=True)
        )
    )

    assert told.count(True) == 1
    assert User.objects.filter(email__iexact=NEW).count() == 1


# --- By an administrator ----------------------------------------------------------------------


def by_administrator(user, email=NEW, *, at=None, **changed):
    facts = {"name": user.name, "email": email, "is_site_admin": False} | changed
    return edit_account(user=user, **facts, by=SiteAdminFactory(), at=at or timezone.now())


def test_an_administrators_change_is_told_to_the_old_address(rina):
    by_administrator(rina)

    sent = letters()

    assert sorted(sent) == [OLD]
    assert "memakai baru@kota.example; diganti oleh seorang administrator." in sent[OLD].body
    assert letters() == {}
    assert not EmailChange.objects.exists()


def test_what_the_person_had_asked_for_lapses_with_it(rina):
    change = order(rina, "lain@kota.example")
    token = link_token(change, rina)
    by_administrator(rina)

    with pytest.raises(ValidationError):
        confirm_email_change(token=token, by=User.objects.get(pk=rina.pk), at=timezone.now())
    assert address_of(rina) == NEW


def test_another_name_is_told_to_nobody(rina):
    by_administrator(rina, OLD, name="Rina Sari")

    assert letters() == {}


def test_two_changes_are_told_to_both_old_addresses(rina):
    by_administrator(rina, "tengah@kota.example")
    by_administrator(User.objects.get(pk=rina.pk), NEW)

    assert sorted(letters()) == [OLD, "tengah@kota.example"]
