"""Inviting where no letter arrives: a link and a code, and everybody who has only one of them."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cities.models import (
    CityActivity,
    CityTrailEvent,
    Invitation,
    InvitationState,
    Membership,
    User,
)
from cities.models.invitation import CODE_TRIES, VALID_FOR, fingerprint
from cities.services.invitations import (
    CODE_LENGTH,
    CODE_SIGNS,
    LETTERS_AN_HOUR,
    accept_with_account,
    accept_with_new_account,
    get_invitation,
    hand_over_invitation,
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
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = timezone.now()
NEW = "bunga-sakura-2030"
WRONG = "22222222"


@pytest.fixture
def admin(client):
    """The administrator of a city, signed in."""
    member = MembershipFactory(admin_kota=True, user__name="Ibu Admin")
    client.force_login(member.user)
    return member


def handed_over(admin, at=AT, **fields):
    """What the administrator holds after handing an invitation over."""
    invitation = InvitationFactory(city=admin.city, waiting=True, **fields)
    return hand_over_invitation(invitation=invitation, by=admin.user, at=at)


def accept(made, **changes):
    facts = {"token": made.token, "code": made.code, "name": "Siti", "password": NEW, "at": AT}
    return accept_with_new_account(**{**facts, **changes})


def refusal(deed, *arguments, **named):
    with pytest.raises(ValidationError) as caught:
        deed(*arguments, **named)
    return caught.value.code


def link(token):
    return reverse("cities:invitation_accept", args=[token])


def hand_over_url(member, invitation):
    return reverse("cities:invitation_hand_over", args=[member.city.slug, invitation.pk])


def form(code, **changes):
    return {"name": "Siti", "password": NEW, "again": NEW, "code": code, **changes}


# --- Handing over -----------------------------------------------------------------------------


def test_link_and_code_are_kept_only_as_marks(admin):
    made = handed_over(admin)

    row = Invitation.objects.get()
    assert (row.token_hash, row.sent_at, row.handed_over_at) == (fingerprint(made.token), None, AT)
    assert (row.expires_at, row.code_tries) == (AT + VALID_FOR, 0)
    assert row.state_at(AT) == InvitationState.HANDED_OVER
    assert check_password(made.code, row.code_hash)
    assert made.code not in row.code_hash
    assert (len(made.code), set(made.code) <= set(CODE_SIGNS)) == (CODE_LENGTH, True)
    assert not set("01IOL") & set(CODE_SIGNS)


def test_it_stands_in_the_trail_without_link_and_code(admin):
    made = handed_over(admin, name="Siti", email="siti@example.id")

    line = CityActivity.objects.get(city=admin.city)
    assert (line.deed, line.target, line.by) == (
        CityTrailEvent.INVITATION_HANDED_OVER,
        "Siti <siti@example.id>",
        admin.user,
    )
    assert (line.before, line.after) == ({}, {})
    assert made.code not in str(CityActivity.objects.filter(pk=line.pk).values().get())


def test_no_letter_goes_out_for_what_was_handed_over(admin):
    made = handed_over(admin)

    send_invitations(now=lambda: AT)

    assert mail.outbox == []
    assert get_invitation(made.token) == made.invitation


def test_handing_over_forgets_that_the_letter_failed(admin):
    invitation = InvitationFactory(city=admin.city, waiting=True)
    Letter.objects.create(kind=LetterKind.INVITATION, subject=invitation.pk, failed_at=AT)

    hand_over_invitation(invitation=invitation, by=admin.user, at=AT)

    assert not Letter.objects.exists()


def test_the_link_of_a_letter_is_dead_once_another_was_handed_over(admin):
    invitation = InvitationFactory(city=admin.city, token="dari-surat")

    hand_over_invitation(invitation=invitation, by=admin.user, at=AT)

    assert get_invitation("dari-surat") is None


@pytest.mark.parametrize("trait", ["accepted", "revoked"])
def test_only_an_open_invitation_is_handed_over(admin, trait):
    invitation = InvitationFactory(city=admin.city, **{trait: True})
    before = CityActivity.objects.count()

    code = refusal(hand_over_invitation, invitation=invitation, by=admin.user, at=AT)

    assert code == {"accepted": "used", "revoked": "revoked"}[trait]
    assert CityActivity.objects.count() == before


def test_handing_over_counts_among_the_invitations_of_an_hour(admin):
    InvitationFactory.create_batch(LETTERS_AN_HOUR, city=admin.city, invited_by=admin.user)
    last = Invitation.objects.first()

    assert refusal(hand_over_invitation, invitation=last, by=admin.user, at=AT) == "too_many"


def test_the_database_knows_no_handing_over_without_a_code():
    row = InvitationFactory(waiting=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(handed_over_at=AT)


# --- Accepting --------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{0}", "{1}-{2}", " {1} {2} ", "lower"])
def test_link_and_code_make_a_member_however_the_code_is_typed(admin, written):
    made = handed_over(admin, email="siti@example.id")
    code = made.code
    typed = code.lower() if written == "lower" else written.format(code, code[:4], code[4:])

    membership = accept(made, code=typed)

    assert (membership.city, membership.user.email) == (admin.city, "siti@example.id")
    assert Invitation.objects.get().accepted_by == membership.user


def test_a_wrong_code_lets_nobody_in_and_is_counted(admin):
    made = handed_over(admin)
    people = User.objects.count()

    for tries in range(1, CODE_TRIES):
        assert refusal(accept, made, code=WRONG) == "wrong_code"
        assert Invitation.objects.get().code_tries == tries
    assert (User.objects.count(), Membership.objects.count()) == (people, 1)
    assert accept(made).city == admin.city


@pytest.mark.parametrize("code", ["", "-", "PILIHAN8"])
def test_no_code_is_a_wrong_code(admin, code):
    assert refusal(accept, handed_over(admin), code=code) == "wrong_code"


def test_after_five_wrong_codes_not_even_the_right_one_opens(admin):
    made = handed_over(admin)

    codes = [refusal(accept, made, code=WRONG) for _try in range(CODE_TRIES)]

    assert codes == ["wrong_code"] * (CODE_TRIES - 1) + ["locked"]
    assert refusal(accept, made) == "locked"
    row = Invitation.objects.get()
    assert (row.code_tries, row.state_at(AT)) == (CODE_TRIES, InvitationState.LOCKED)


def test_the_code_of_another_invitation_does_not_fit(admin):
    mine, other = handed_over(admin), handed_over(admin)

    assert refusal(accept, mine, code=other.code) == "wrong_code"
    assert list(Invitation.objects.order_by("pk").values_list("code_tries", flat=True)) == [1, 0]


def test_a_used_link_opens_nothing_again(admin):
    made = handed_over(admin)
    accept(made)

    assert refusal(accept, made) == "used"
    owner = User.objects.get(email=made.invitation.email)
    again = {"token": made.token, "code": made.code, "user": owner, "at": AT}
    assert refusal(accept_with_account, **again) == "used"


def test_a_revoked_one_opens_nothing(admin):
    made = handed_over(admin)
    revoke_invitation(invitation=made.invitation, by=admin.user, at=AT)

    assert refusal(accept, made) == "revoked"
    assert refusal(accept, made, code=WRONG) == "revoked"


def test_an_expired_one_opens_nothing_from_that_very_moment(admin):
    made = handed_over(admin)

    assert refusal(accept, made, at=AT + VALID_FOR) == "expired"
    assert accept(made, at=AT + VALID_FOR - timedelta(seconds=1)).city == admin.city


@pytest.mark.parametrize("how", ["resend", "hand over"])
def test_making_a_new_one_ends_link_and_code_before(admin, how):
    made = handed_over(admin)
    refusal(accept, made, code=WRONG)

    if how == "resend":
        resend_invitation(invitation=made.invitation, by=admin.user, at=AT)
        assert Invitation.objects.get().state_at(AT) == InvitationState.WAITING
        send_invitations(now=lambda: AT)
        [token] = re.findall(r"/undangan/([\w-]+)/", mail.outbox[0].body)
        newest = {"token": token, "code": ""}
    else:
        again = hand_over_invitation(invitation=made.invitation, by=admin.user, at=AT)
        assert refusal(accept, again, code=made.code) == "wrong_code"
        newest = {"token": again.token, "code": again.code}

    assert refusal(accept, made) == "unknown"
    assert accept(made, **newest).city == admin.city


@pytest.mark.parametrize("account", ["with password", "without password", "closed", "second"])
def test_the_account_of_an_address_is_never_taken_over(admin, account):
    """Whoever invites holds link and code: they must not become somebody who is here already."""
    if account == "second":
        user = UserFactory()
        EmailAddress.objects.create(user=user, email="Siti@example.id")
    else:
        traits = {"without password": {"password": None}, "closed": {"is_active": False}}
        user = UserFactory(email="siti@example.id", **traits.get(account, {}))
    made = handed_over(admin, email="siti@example.id")
    password = user.password

    assert refusal(accept, made) == "has_account"
    user.refresh_from_db()
    assert user.password == password
    assert not Membership.objects.filter(user=user).exists()
    assert Invitation.objects.get().code_tries == 0


def test_who_has_an_account_needs_link_and_code_as_well(admin):
    user = UserFactory(email="siti@example.id")
    made = handed_over(admin, email="siti@example.id")
    facts = {"token": made.token, "user": user, "at": AT}

    assert refusal(accept_with_account, **facts) == "wrong_code"
    assert accept_with_account(**facts, code=made.code).user == user


def test_somebody_else_who_is_signed_in_uses_up_no_try(admin):
    made = handed_over(admin)
    facts = {"token": made.token, "user": UserFactory(), "at": AT, "code": made.code}

    assert refusal(accept_with_account, **facts) == "other_address"
    assert Invitation.objects.get().code_tries == 0


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_codes_that_are_tried_at_once_are_all_counted():
    InvitationFactory(token="sekali", handed_over=True)
    facts = {"token": "sekali", "name": "Siti", "password": NEW, "at": timezone.now()}

    def guess():
        return accept_with_new_account(**facts, code=WRONG)

    at_once(guess, guess, guess)

    assert Invitation.objects.get().code_tries == 3


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other_was_mailed", [False, True])
def test_an_account_that_another_city_makes_meanwhile_is_not_taken_over(other_was_mailed):
    InvitationFactory(token="sini", email="siti@example.id", handed_over=True)
    InvitationFactory(
        token="sana", email="siti@example.id", **({} if other_was_mailed else {"handed_over": True})
    )
    facts = {"name": "Siti", "code": "KODE2345", "at": timezone.now()}

    answers = at_once(
        lambda: accept_with_new_account(token="sini", password=f"{NEW}-sini", **facts),
        lambda: accept_with_new_account(token="sana", password=f"{NEW}-sana", **facts),
    )

    [won] = [
        place
        for place, made in zip(("sini", "sana"), answers, strict=True)
        if made != "has_account"
    ]
    assert User.objects.get(email="siti@example.id").check_password(f"{NEW}-{won}")
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_stays_counted_although_the_deed_was_refused(client):
    """With real transactions, as a request has them."""
    InvitationFactory(token="sekali", handed_over=True)

    client.post(link("sekali"), form(WRONG))

    assert Invitation.objects.get().code_tries == 1


# --- Pages ------------------------------------------------------------------------------------


def test_the_page_shows_message_and_code_apart_and_only_once(client, admin):
    invitation = InvitationFactory(city=admin.city, waiting=True, name="Siti")

    response = client.post(hand_over_url(admin, invitation))

    text = response.content.decode()
    [message] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    url, code = response.context["url"], response.context["code"]
    assert (url in message, code in message) == (True, False)
    assert text.count(code) == 1
    assert "Sampaikan kode ini dengan cara lain" in text
    assert "no-store" in response["Cache-Control"]
    assert check_password(code.replace("-", ""), Invitation.objects.get().code_hash)
    assert client.get(hand_over_url(admin, invitation)).status_code == 405
    for name in ("invitation_list", "member_list"):
        page = client.get(reverse(f"cities:{name}", args=[admin.city.slug])).content.decode()
        assert ("Diserahkan tanpa surat" in page, code in page, url in page) == (True, False, False)


def test_another_citys_administrator_hands_nothing_over(client, admin):
    theirs = InvitationFactory(waiting=True)
    MembershipFactory(admin_kota=True, city=theirs.city)

    assert client.post(hand_over_url(admin, theirs)).status_code == 404
    url = reverse("cities:invitation_hand_over", args=[theirs.city.slug, theirs.pk])
    assert client.post(url).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.handed_over_at, theirs.token_hash) == (None, None)


def test_what_is_over_is_told_and_leads_back(client, admin):
    invitation = InvitationFactory(city=admin.city, revoked=True)

    response = client.post(hand_over_url(admin, invitation))

    assert response.url == reverse("cities:invitation_list", args=[admin.city.slug])


def test_somebody_new_types_code_and_password_on_one_page(client):
    invitation = InvitationFactory(token="kunci", handed_over=True)

    assert list(client.get(link("kunci")).context["form"].fields) == [
        "code",
        "name",
        "password",
        "again",
    ]
    refused = client.post(link("kunci"), form(WRONG))
    assert refused.context["refusals"] == ["Kode ini salah. Masih dapat dicoba 4 kali."]
    assert client.post(link("kunci"), form("kode-2345")).url == "/"
    assert Membership.objects.get(city=invitation.city).user.email == invitation.email


def test_a_form_that_is_not_complete_uses_up_no_try(client):
    InvitationFactory(token="kunci", handed_over=True)

    client.post(link("kunci"), form(""))
    client.post(link("kunci"), form(WRONG, again="lain-sekali-2030"))

    assert Invitation.objects.get().code_tries == 0


def test_the_owner_of_an_account_signs_in_and_types_the_code(client):
    user = UserFactory()
    invitation = InvitationFactory(token="kunci", handed_over=True, email=user.email)

    page = client.get(link("kunci"))
    assert page.context["form"] is None
    assert f"/masuk/?next={link('kunci')}" in page.content.decode()
    client.post(link("kunci"), form("KODE2345"))
    assert not Membership.objects.filter(user=user).exists()

    client.force_login(user)
    assert list(client.get(link("kunci")).context["form"].fields) == ["code"]
    assert client.post(link("kunci")).context["form"].errors.keys() == {"code"}
    assert client.post(link("kunci"), {"code": WRONG}).status_code == 200
    assert client.post(link("kunci"), {"code": "KODE2345"}).url == "/"
    assert Membership.objects.get(user=user).city == invitation.city


def test_a_link_that_was_locked_says_why_and_what_to_do(client):
    InvitationFactory(token="kunci", handed_over=True, code_tries=CODE_TRIES)

    for response in (client.get(link("kunci")), client.post(link("kunci"), form("KODE2345"))):
        assert response.status_code == 410
        assert "salah dimasukkan lima kali" in response.content.decode()


def test_the_list_finds_each_state_of_what_was_handed_over(client, admin):
    traits = {"handed_over": {}, "locked": {"code_tries": CODE_TRIES}}
    for state, fields in traits.items():
        InvitationFactory(city=admin.city, handed_over=True, name=state, **fields)
    InvitationFactory(city=admin.city, handed_over=True, name="expired", expired=True)
    InvitationFactory(city=admin.city, waiting=True, name="waiting")
    InvitationFactory(city=CityFactory(), handed_over=True)

    url = reverse("cities:invitation_list", args=[admin.city.slug])
    for state in ("handed_over", "locked", "expired", "waiting", "sent"):
        rows = client.get(url, {"keadaan": state}).context["rows"]
        assert [one.name for one, _s, _l in rows] == ([] if state == "sent" else [state])
