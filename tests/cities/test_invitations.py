"""Inviting people, the letters that this sends, and accepting."""

import re
import smtplib
from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities.models import (
    CityActivity,
    CityTrailEvent,
    Invitation,
    InvitationState,
    Membership,
    User,
)
from cities.models.invitation import VALID_FOR, fingerprint
from cities.roles import Role
from cities.services.invitations import (
    Guest,
    accept_with_account,
    accept_with_new_account,
    invite,
    resend_invitation,
    revoke_invitation,
)
from cities.services.mailing import send_invitations
from outbox.models import Letter, LetterKind
from tests.at_once import at_once
from tests.factories.cities import (
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = timezone.now()
PASSWORD = "bunga-sakura-2030"


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True, user__name="Ibu Admin", city__name="Kota Uji")


@pytest.fixture
def done_by(admin):
    return {"by": admin.user, "at": AT}


def guest(**changes):
    facts = {"email": "siti@example.id", "name": "Siti", "role": Role.GUGUS_TUGAS, "opd": None}
    return Guest(**{**facts, **changes})


def invited(admin, at=AT, **changes):
    [invitation] = invite(city=admin.city, guests=[guest(**changes)], by=admin.user, at=at)
    return invitation


def refusal(deed, **arguments):
    """The code with which a deed is refused."""
    with pytest.raises(ValidationError) as caught:
        deed(**arguments)
    return caught.value.code


def token_of(letter):
    [token] = re.findall(r"/undangan/([\w-]+)/", letter.body)
    return token


def sent(admin, at=AT, **changes):
    """An invitation whose letter has arrived, and the token of its link."""
    invitation = invited(admin, at=at, **changes)
    send_invitations(now=lambda: at)
    return invitation, token_of(mail.outbox[-1])


def lines(city):
    rows = CityActivity.objects.filter(city=city).order_by("position")
    return [(row.deed, row.target, row.before, row.after, row.by.name) for row in rows]


# --- Inviting ---------------------------------------------------------------------------------


def test_an_invitation_leaves_a_line_and_no_account(admin):
    invited(admin, email="Siti@Example.ID")

    assert list(Invitation.objects.values_list("email", "name", "role", "expires_at")) == [
        ("siti@example.id", "Siti", "gugus_tugas", AT + VALID_FOR)
    ]
    assert not User.objects.filter(email__iexact="siti@example.id").exists()
    assert lines(admin.city) == [
        (
            CityTrailEvent.INVITATION_SENT,
            "Siti <siti@example.id>",
            {},
            {"role": "Gugus Tugas KLA"},
            "Ibu Admin",
        )
    ]


def test_nobody_learns_from_inviting_who_has_an_account(admin):
    UserFactory(email="ada@example.id")
    UserFactory(email="tutup@example.id", is_active=False)
    SiteAdminFactory(email="situs@example.id")

    for email in ("ada@example.id", "tutup@example.id", "situs@example.id", "baru@example.id"):
        invited(admin, email=email)

    assert Invitation.objects.count() == 4


@pytest.mark.parametrize("email", ["SITI@example.id", "siti@example.id"])
def test_nobody_is_invited_twice_at_a_time(admin, done_by, email):
    invited(admin)

    code = refusal(invite, city=admin.city, guests=[guest(email=email)], **done_by)

    assert (code, Invitation.objects.count()) == ("invited", 1)


def test_the_database_keeps_one_open_invitation_an_address(admin):
    first = InvitationFactory(city=admin.city, revoked=True)
    InvitationFactory(city=admin.city, email=first.email)

    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(city=admin.city, email=first.email)


def test_another_city_may_invite_the_same_person(admin):
    invited(admin)
    other = MembershipFactory(admin_kota=True)

    invited(other)

    assert Invitation.objects.count() == 2


def test_a_member_is_not_invited(admin, done_by):
    guests = [guest(email=admin.user.email)]

    assert refusal(invite, city=admin.city, guests=guests, **done_by) == "member"


def test_one_guest_that_cannot_be_invited_keeps_all_from_it(admin, done_by):
    guests = [guest(), guest(email=admin.user.email)]

    assert refusal(invite, city=admin.city, guests=guests, **done_by) == "member"
    assert Invitation.objects.count() == 0


def test_the_opd_is_an_active_one_of_the_city(admin, done_by):
    foreign = OpdFactory()
    closed = OpdFactory(city=admin.city, is_active=False)

    def code(opd):
        return refusal(invite, city=admin.city, guests=[guest(role=Role.OPD, opd=opd)], **done_by)

    assert (code(foreign), code(closed)) == ("foreign_opd", "inactive_opd")


@pytest.mark.parametrize("role", [Role.OPD, "raja"])
def test_role_and_opd_have_to_agree(admin, done_by, role):
    with pytest.raises(ValidationError):
        invite(city=admin.city, guests=[guest(role=role)], **done_by)

    assert Invitation.objects.count() == 0


def test_a_stolen_account_cannot_send_letters_without_end(admin, done_by):
    InvitationFactory.create_batch(300, city=admin.city, invited_at=AT, invited_by=admin.user)

    assert refusal(invite, city=admin.city, guests=[guest()], **done_by) == "too_many"
    an_hour_later = {**done_by, "at": AT + timedelta(hours=1)}
    assert len(invite(city=admin.city, guests=[guest()], **an_hour_later)) == 1


# --- The letter -------------------------------------------------------------------------------


def test_the_letter_says_who_invites_to_what_and_how_long_it_holds(admin, settings):
    settings.KLA_BASE_URL = "https://kla.example.go.id"
    moment = timezone.datetime(2026, 11, 21, 7, 30, tzinfo=timezone.get_fixed_timezone(0))
    opd = OpdFactory(city=admin.city, name="Dinas <Kesehatan>")
    _invitation, token = sent(admin, at=moment, role=Role.OPD, opd=opd)

    [letter] = mail.outbox
    [(html, kind)] = letter.alternatives
    link = f"https://kla.example.go.id/undangan/{token}/"
    assert letter.to == ["siti@example.id"]
    assert letter.subject == "[KLA] Undangan bergabung dengan Kota Uji"
    for text in (letter.body, html):
        assert link in text
        assert "28 November 2026 14.30 WIB" in text
        assert "Ibu Admin" in text
    assert "sebagai Dinas <Kesehatan>." in letter.body
    assert "<strong>Dinas &lt;Kesehatan&gt;</strong>" in html
    assert kind == "text/html"


def test_a_letter_goes_out_once_and_its_link_is_stored_nowhere(admin):
    invitation, token = sent(admin)

    assert send_invitations(now=lambda: AT).sent == 0
    assert len(mail.outbox) == 1
    invitation.refresh_from_db()
    assert (invitation.token_hash, invitation.sent_at) == (fingerprint(token), AT)
    everything = str([*Invitation.objects.values(), *CityActivity.objects.values()])
    assert token not in everything


def test_only_the_letters_that_were_asked_for_are_sent(admin):
    first, _second = invited(admin), invited(admin, email="lain@example.id")

    assert send_invitations(now=lambda: AT, only=[first]).sent == 1
    assert [letter.to for letter in mail.outbox] == [["siti@example.id"]]


def test_a_letter_waits_until_the_mail_server_is_back(admin, monkeypatch, caplog):
    invitation = invited(admin)
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", failing(smtplib.SMTPServerDisconnected))
        outcome = send_invitations(now=lambda: AT)
    assert (outcome.sent, outcome.is_complete) == (0, False)
    invitation.refresh_from_db()
    assert invitation.state_at(AT) == InvitationState.WAITING

    later = AT + timedelta(days=2)
    call_command("send_reminders", at=later)

    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.expires_at) == (later, later + VALID_FOR)
    assert len(mail.outbox) == 1


def test_the_command_ends_badly_only_when_the_server_is_away(admin, monkeypatch):
    invited(admin)
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", failing(ConnectionRefusedError))
        with pytest.raises(CommandError):
            call_command("send_reminders")
    assert not Letter.objects.exists()  # nothing is held against a letter that was not tried

    monkeypatch.setattr(EmailBackend, "send_messages", failing(OSError))
    call_command("send_reminders")
    assert Letter.objects.get().attempts == 1


def test_a_refused_address_keeps_nobody_else_waiting(admin, monkeypatch):
    invited(admin, email="salah@example.id")
    invited(admin, email="benar@example.id")
    plainly = EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == ["salah@example.id"]:
            raise smtplib.SMTPRecipientsRefused({})
        return plainly(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)

    outcome = send_invitations(now=lambda: AT)

    assert (outcome.sent, outcome.is_complete) == (1, False)
    assert [letter.to for letter in mail.outbox] == [["benar@example.id"]]


def failing(error):
    def send(self, *messages):
        raise error

    return send


def test_two_senders_never_send_the_same_letter(admin):
    invitation = invited(admin)
    Letter.objects.create(
        kind=LetterKind.INVITATION, subject=invitation.pk, held_until=AT + timedelta(minutes=5)
    )

    assert send_invitations(now=lambda: AT).sent == 0
    assert send_invitations(now=lambda: AT + timedelta(minutes=5)).sent == 1  # the other one died


@pytest.mark.parametrize("trait", ["revoked", "accepted", "expired"])
def test_no_letter_goes_out_for_an_invitation_that_is_over(admin, trait):
    InvitationFactory(city=admin.city, sent_at=None, token_hash=None, **{trait: True})

    assert send_invitations(now=timezone.now).sent == 0


# --- Sending again, revoking ------------------------------------------------------------------


def test_sending_again_makes_a_new_link_and_ends_the_old_one(admin, done_by):
    invitation, old = sent(admin)
    later = AT + VALID_FOR + timedelta(days=1)
    assert invitation.state_at(later) == InvitationState.EXPIRED

    resend_invitation(invitation=invitation, by=admin.user, at=later)
    arguments = {"name": "Siti", "password": PASSWORD, "at": later}
    assert refusal(accept_with_new_account, token=old, **arguments) == "unknown"
    send_invitations(now=lambda: later)

    new = token_of(mail.outbox[-1])
    assert new != old
    assert refusal(accept_with_new_account, token=old, **arguments) == "unknown"
    assert accept_with_new_account(token=new, **arguments).city == admin.city
    assert [deed for deed, *_rest in lines(admin.city)] == [
        CityTrailEvent.INVITATION_SENT,
        CityTrailEvent.INVITATION_RESENT,
        CityTrailEvent.MEMBER_ADDED,
    ]


def test_a_revoked_link_is_dead_and_the_address_can_be_invited_again(admin, done_by):
    invitation, token = sent(admin)

    revoke_invitation(invitation=invitation, **done_by)

    accept = {"token": token, "name": "Siti", "password": PASSWORD, "at": AT}
    assert refusal(accept_with_new_account, **accept) == "revoked"
    assert lines(admin.city)[-1][:3] == (
        CityTrailEvent.INVITATION_REVOKED,
        "Siti <siti@example.id>",
        {"role": "Gugus Tugas KLA"},
    )
    assert invited(admin).state_at(AT) == InvitationState.WAITING


@pytest.mark.parametrize("deed", [resend_invitation, revoke_invitation])
@pytest.mark.parametrize(("trait", "code"), [("accepted", "used"), ("revoked", "revoked")])
def test_what_is_over_is_neither_sent_again_nor_revoked(admin, done_by, deed, trait, code):
    invitation = InvitationFactory(city=admin.city, **{trait: True})

    assert refusal(deed, invitation=invitation, **done_by) == code


# --- Accepting --------------------------------------------------------------------------------


def test_somebody_new_gets_an_account_with_their_own_password(admin):
    opd = OpdFactory(city=admin.city, name="Dinas Kesehatan")
    invitation, token = sent(admin, role=Role.OPD, opd=opd)

    membership = accept_with_new_account(token=token, name="Siti Aminah", password=PASSWORD, at=AT)

    user = User.objects.get(email="siti@example.id")
    assert (membership.user, membership.role, membership.opd) == (user, Role.OPD, opd)
    assert (user.name, user.check_password(PASSWORD)) == ("Siti Aminah", True)
    invitation.refresh_from_db()
    assert (invitation.accepted_at, invitation.accepted_by) == (AT, user)
    assert lines(admin.city)[-1] == (
        CityTrailEvent.MEMBER_ADDED,
        "Siti Aminah <siti@example.id>",
        {},
        {
            "role": "OPD",
            "opd": "Dinas Kesehatan",
            "account": "baru",
            "invited_by": "Ibu Admin",
        },
        "Siti Aminah",
    )


def test_an_account_that_exists_keeps_its_name_and_password(admin):
    user = UserFactory(email="siti@example.id", name="Siti Lama")
    password = user.password
    _invitation, token = sent(admin, email="SITI@example.id")

    accept_with_account(token=token, user=user, at=AT)

    user.refresh_from_db()
    assert (user.name, user.password) == ("Siti Lama", password)
    assert Membership.objects.get(user=user).city == admin.city


def test_an_account_with_a_password_is_not_taken_over_by_a_link(admin):
    user = UserFactory(email="siti@example.id")
    _invitation, token = sent(admin)

    accept = {"token": token, "name": "Lain", "password": PASSWORD, "at": AT}
    assert refusal(accept_with_new_account, **accept) == "has_account"

    user.refresh_from_db()
    assert not user.check_password(PASSWORD)
    assert not Membership.objects.filter(user=user).exists()


def test_an_account_that_never_had_a_password_gets_one_and_its_old_links_die(admin):
    user = UserFactory(email="siti@example.id", without_password=True)
    before = default_token_generator.make_token(user)
    _invitation, token = sent(admin)

    accept_with_new_account(token=token, name="Siti", password=PASSWORD, at=AT)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not default_token_generator.check_token(user, before)


def test_a_link_makes_a_member_once(admin):
    _invitation, token = sent(admin)
    accept = {"token": token, "name": "Siti", "password": PASSWORD, "at": AT}
    accept_with_new_account(**accept)

    assert refusal(accept_with_new_account, **accept) == "used"
    assert Membership.objects.filter(user__email="siti@example.id").count() == 1


def test_a_link_ends_to_the_minute(admin):
    _invitation, token = sent(admin)
    accept = {"token": token, "name": "Siti", "password": PASSWORD}

    assert refusal(accept_with_new_account, at=AT + VALID_FOR, **accept) == "expired"
    just_before = AT + VALID_FOR - timedelta(seconds=1)
    assert accept_with_new_account(at=just_before, **accept).city == admin.city


def test_a_link_is_for_the_address_that_it_was_sent_to(admin):
    _invitation, token = sent(admin)
    other = UserFactory()

    assert refusal(accept_with_account, token=token, user=other, at=AT) == "other_address"
    assert not Membership.objects.filter(user=other).exists()


def test_a_link_that_nobody_made_opens_nothing(admin):
    InvitationFactory(city=admin.city, waiting=True)

    assert refusal(accept_with_account, token="", user=admin.user, at=AT) == "unknown"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"is_active": False}, "inactive_account"), ({"is_superuser": True}, "site_admin")],
)
def test_an_account_that_may_not_join_is_told_so_when_accepting(admin, fields, code):
    user = UserFactory(email="siti@example.id", **fields)
    _invitation, token = sent(admin)

    assert refusal(accept_with_account, token=token, user=user, at=AT) == code


def test_an_opd_that_was_closed_meanwhile_takes_nobody(admin):
    opd = OpdFactory(city=admin.city)
    _invitation, token = sent(admin, role=Role.OPD, opd=opd)
    opd.is_active = False
    opd.save()

    accept = {"token": token, "name": "Siti", "password": PASSWORD, "at": AT}
    assert refusal(accept_with_new_account, **accept) == "inactive_opd"
    assert not User.objects.filter(email="siti@example.id").exists()


def test_invitations_of_another_city_lead_there(admin):
    invitation = InvitationFactory(city=CityFactory(), token="di-sana")
    user = UserFactory(email=invitation.email)

    assert accept_with_account(token="di-sana", user=user, at=AT).city == invitation.city


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_used_twice_at_once_makes_one_member():
    invitation = InvitationFactory(token="sekali")
    accept = {"token": "sekali", "name": "Siti", "password": PASSWORD, "at": timezone.now()}

    answers = at_once(
        lambda: accept_with_new_account(**accept), lambda: accept_with_new_account(**accept)
    )

    assert answers.count("used") == 1
    assert Membership.objects.filter(city=invitation.city).count() == 1
    assert User.objects.filter(email=invitation.email).count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_at_once_send_one_letter():
    city = CityFactory()
    admins = MembershipFactory.create_batch(2, admin_kota=True, city=city)

    answers = at_once(*(lambda one=one: invited(one) for one in admins))
    send_invitations(now=lambda: AT)

    assert answers.count("invited") == 1
    assert len(mail.outbox) == 1
