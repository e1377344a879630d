"""Tokens: made, shown once, ended; and accounts of other systems."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from api.bearer import bearer_of, digest_of, new_secret
from api.choices import Scope
from api.models import ApiToken
from api.services.tokens import (
    LONGEST,
    MOST,
    create_service_account,
    create_service_token,
    create_token,
    revoke_service_token,
    revoke_token,
    token_of,
)
from assessments.choices import NotificationKind
from assessments.models import Notification
from cities.models import CityActivity, Membership, User
from cities.roles import Role
from cities.services.accounts import set_account_active
from cities.services.members import change_member, remove_member
from cities.services.sessions import end_all_sessions
from tests.assessments.situations import NOW
from tests.factories.api import ApiTokenFactory, key_of
from tests.factories.assessments import open_year
from tests.factories.cities import MembershipFactory, OpdFactory, SiteAdminFactory, UserFactory

pytestmark = pytest.mark.django_db


def made(user, *, at=NOW, days=30, name="SIPD", scope=Scope.READ):
    return create_token(
        name=name, scope=scope, expires_at=at + timedelta(days=days), by=user, at=at
    )


def service_of(admin, **fields):
    fields = {"name": "SIPD", "role": Role.VERIFIKATOR, "opd": None} | fields
    return create_service_account(city=admin.city, **fields, by=admin.user, at=NOW)


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True)


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("Bearer kla_" + "a" * 43, True),
        ("bearer  kla_" + "a" * 43 + " ", True),
        ("Bearer kla_" + "a" * 42, False),
        ("Bearer kla_" + "a" * 44, False),
        ("Basic kla_" + "a" * 43, False),
        ("kla_" + "a" * 43, False),
        ("", False),
    ],
)
def test_only_a_bearer_of_our_shape_is_taken_for_a_token(header, is_one):
    assert (bearer_of(header) == "kla_" + "a" * 43) == is_one


def test_a_token_is_stored_as_its_hash_and_told_to_the_cities_of_its_person():
    member = MembershipFactory(verifikator=True)
    token, secret = made(member.user)

    stored = ApiToken.objects.values().get()
    assert bearer_of(f"Bearer {secret}") == secret
    assert stored["digest"] == digest_of(secret)
    assert secret not in str(stored)
    entry = CityActivity.objects.get()
    assert (entry.city, entry.deed, entry.by) == (member.city, "token_created", member.user)
    assert entry.after == {"name": "SIPD", "kind": "Membaca saja", "until": "2026-04-01"}
    assert token_of(secret, at=NOW) == token
    assert token_of(new_secret(), at=NOW) is None


def test_the_last_use_is_noted_to_within_five_minutes():
    _token, secret = made(UserFactory())
    uses = []
    for minutes in (0, 4, 5, 6):
        token_of(secret, at=NOW + timedelta(minutes=minutes))
        uses.append(ApiToken.objects.get().last_used_at - NOW)

    assert uses == [timedelta(0), timedelta(0), timedelta(0), timedelta(minutes=6)]


@pytest.mark.parametrize(
    ("lasting", "code"),
    [
        (timedelta(0), "expiry"),
        (timedelta(microseconds=1), None),
        (LONGEST, None),
        (LONGEST + timedelta(microseconds=1), "expiry"),
    ],
)
def test_a_token_lasts_at_most_a_year(lasting, code):
    user = UserFactory()
    facts = {
        "name": "SIPD",
        "scope": Scope.READ,
        "expires_at": NOW + lasting,
        "by": user,
        "at": NOW,
    }
    if code is None:
        assert create_token(**facts)[0].expires_at == NOW + lasting
        return
    with pytest.raises(ValidationError) as refused:
        create_token(**facts)
    assert refused.value.code == code
    assert not ApiToken.objects.exists()


def test_names_are_not_used_twice_while_the_first_is_alive():
    user = UserFactory()
    token, _secret = made(user)
    made(UserFactory())
    for name, code in (("sipd ", "taken"), ("  ", "name")):
        with pytest.raises(ValidationError) as refused:
            made(user, name=name)
        assert refused.value.code == code
    revoke_token(token=token, by=user, at=NOW)

    assert made(user)[0].name == "SIPD"


def test_nobody_has_more_than_twenty_at_once():
    user = UserFactory()
    ApiTokenFactory.create_batch(MOST, user=user, created_at=NOW)

    with pytest.raises(ValidationError) as refused:
        made(user)

    assert refused.value.code == "too_many"


def test_an_expired_a_revoked_and_a_deactivated_persons_token_open_nothing():
    member, boss = MembershipFactory(verifikator=True), SiteAdminFactory()
    _token, secret = made(member.user, days=1)
    assert token_of(secret, at=NOW + timedelta(days=1) - timedelta(seconds=1)) is not None
    assert token_of(secret, at=NOW + timedelta(days=1)) is None

    revoked, secret = made(member.user, name="Dicabut")
    revoke_token(token=revoked, by=member.user, at=NOW)
    revoke_token(token=revoked, by=member.user, at=NOW)
    assert token_of(secret, at=NOW) is None
    assert CityActivity.objects.filter(deed="token_revoked").count() == 1

    _token, secret = made(member.user, name="Pindah")
    later = NOW + timedelta(hours=1)
    set_account_active(user=member.user, is_active=False, by=boss, at=later)
    assert token_of(secret, at=later) is None
    set_account_active(user=member.user, is_active=True, by=boss, at=later)
    assert token_of(secret, at=later) is None  # what died stays dead

    member.user.refresh_from_db()
    _token, secret = made(member.user, name="Baru", at=later + timedelta(seconds=1))
    assert token_of(secret, at=later + timedelta(seconds=1)) is not None


def test_ending_all_sessions_ends_all_tokens():
    user = UserFactory()
    _token, secret = made(user)
    end_all_sessions(by=user, at=NOW + timedelta(seconds=1))

    assert token_of(secret, at=NOW + timedelta(minutes=1)) is None


def test_nobody_revokes_the_token_of_somebody_else():
    token, secret = made(UserFactory())

    with pytest.raises(PermissionDenied):
        revoke_token(token=token, by=UserFactory(), at=NOW)

    assert token_of(secret, at=NOW) == token


def test_a_service_account_is_a_member_that_never_signs_in_and_gets_no_letters(admin, client):
    member = service_of(admin)
    user = member.user

    assert (member.city, member.role, user.is_service) == (admin.city, Role.VERIFIKATOR, True)
    assert user.email.endswith("@layanan.invalid")
    assert not user.has_usable_password()
    user.set_password("kata-sandi-untuk-uji")
    user.save()
    form = {"login": user.email, "password": "kata-sandi-untuk-uji"}
    assert client.post("/masuk/", form).status_code == 200
    client.force_login(user)
    assert client.get("/").status_code == 302
    year = open_year(city=admin.city)
    Notification.objects.create(
        user=user, kind=NotificationKind.ACCEPTED, assessment=year, text="Diterima",
        key="satu", created_at=NOW, by_email=True,
    )  # fmt: skip
    assert not Notification.objects.to_mail(NOW).exists()


def test_a_service_account_is_no_administrator_and_no_guest_elsewhere(admin):
    for deed in (
        lambda: service_of(admin, role=Role.ADMIN_KOTA),
        lambda: change_member(
            membership=service_of(admin), role=Role.ADMIN_KOTA, opd=None, by=admin.user, at=NOW
        ),
    ):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == "service"
    assert Membership.objects.filter(role=Role.ADMIN_KOTA).count() == 1


def test_the_city_gives_and_takes_the_tokens_of_its_service_accounts(admin):
    member = service_of(admin, role=Role.OPD, opd=OpdFactory(city=admin.city))
    facts = {"name": "Utama", "scope": Scope.WRITE, "expires_at": NOW + LONGEST, "at": NOW}
    token, secret = create_service_token(membership=member, **facts, by=admin.user)

    assert token_of(secret, at=NOW).user == member.user
    stranger = MembershipFactory(admin_kota=True)
    for by in (stranger.user, MembershipFactory(gugus_tugas=True, city=admin.city).user):
        with pytest.raises(PermissionDenied):
            create_service_token(membership=member, **facts, by=by)
        with pytest.raises(PermissionDenied):
            revoke_service_token(membership=member, token=token, by=by, at=NOW)
    with pytest.raises(ValidationError) as refused:
        create_service_token(membership=admin, **facts, by=admin.user)
    assert refused.value.code == "person"
    revoke_service_token(membership=member, token=token, by=admin.user, at=NOW)
    assert token_of(secret, at=NOW) is None
    remove_member(membership=member, by=admin.user, at=NOW)
    deeds = admin.city.activities.order_by("position").values_list("deed", flat=True)
    assert [*deeds] == ["member_added", "token_created", "token_revoked", "member_removed"]


def test_the_page_shows_a_new_token_once(client):
    member = MembershipFactory(pimpinan=True)
    client.force_login(member.user)
    form = {"name": "SIPD", "scope": "read", "days": "30"}

    shown = client.post("/akun/token/buat/", form)

    token = ApiToken.objects.get()
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert token_of(secret, at=timezone.now()) == token
    listed = client.get("/akun/token/").content.decode()
    assert token.name in listed
    assert secret not in listed
    assert client.post("/akun/token/buat/", form).context["form"].errors != {}
    assert client.post(f"/akun/token/{token.pk}/cabut/").status_code == 302
    assert token_of(secret, at=timezone.now()) is None


def test_a_token_of_somebody_else_is_not_found(client):
    token = ApiTokenFactory()
    client.force_login(UserFactory())

    assert client.post(f"/akun/token/{token.pk}/cabut/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_the_pages_of_a_city_make_an_account_and_its_token(client, admin):
    client.force_login(admin.user)
    start = f"/kota/{admin.city.slug}/layanan/"

    added = client.post(f"{start}tambah/", {"name": "SIPD", "role": "verifikator", "opd": ""})
    assert added.status_code == 302
    account = Membership.objects.get(user__service_since__isnull=False)
    form = {"name": "Utama", "scope": "write", "days": "365"}
    secret = client.post(f"{start}{account.pk}/token/", form).context["secret"]
    token = token_of(secret, at=timezone.now())

    assert (token.user, token.made_by) == (account.user, admin.user)
    listed = client.get(start).content.decode()
    assert "SIPD" in listed
    assert "Utama" in listed
    assert client.post(f"{start}{account.pk}/token/{token.pk}/cabut/").status_code == 302
    assert token_of(secret, at=timezone.now()) is None
    person = f"{start}{admin.pk}/token/"
    assert client.get(person).status_code == 404
    assert User.objects.filter(service_since__isnull=False).count() == 1
    assert key_of(account.user).keys() == {"authorization"}
