"""Tokens: made by the person, or by an administrator for a service account of the city."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from api.bearer import SHOWN, digest_of, new_secret
from api.choices import Scope
from api.models import ApiToken
from cities.models import City, CityTrailEvent, Membership, Opd, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.accounts import account_name, held_cities, record_for_each
from cities.services.activity import NewEntry, record
from cities.services.members import enrol
from texts.languages import deed

LONGEST = timedelta(days=365)
MOST = 20  # alive at once, of one account
NOTED_EVERY = timedelta(minutes=5)


@deed
def create_token(
    *, name: str, scope: Scope, expires_at: datetime, by: User, at: datetime
) -> tuple[ApiToken, str]:
    """A token of one's own; the second value is the token itself, kept nowhere.

    Each city of the person finds it in its trail. Raises ValidationError (`name`, `taken`,
    `expiry`, `too_many`).
    """
    cities = held_cities(by)
    token, secret = _made(by, name, scope, expires_at, by=by, at=at)
    record_for_each(cities, _entry(CityTrailEvent.TOKEN_CREATED, token), by, at)
    return token, secret


@deed
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """End a token of one's own; a second time changes nothing. Raises PermissionDenied."""
    if token.user_id != by.pk:
        raise PermissionDenied
    cities = held_cities(by)
    if _ended(token, at=at):
        record_for_each(cities, _entry(CityTrailEvent.TOKEN_REVOKED, token), by, at)


@deed
def create_service_account(
    *, city: City, name: str, role: str, opd: Opd | None, by: User, at: datetime
) -> Membership:
    """An account of another system: a member of the city that never signs in.

    Its address leads nowhere. Raises ValidationError as `enrol` does, and `name`.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    name = _named(name)
    address = f"layanan-{secrets.token_hex(8)}@layanan.invalid"
    user = User.objects.create_user(address, name=name, service_since=at)
    return enrol(user, city, role=role, opd=opd, is_new=True, by=by, at=at)


@deed
def create_service_token(
    *,
    membership: Membership,
    name: str,
    scope: Scope,
    expires_at: datetime,
    by: User,
    at: datetime,
) -> tuple[ApiToken, str]:
    """A token of a service account of the city; the second value is the token itself.

    Raises PermissionDenied, ValidationError (`person`, and as `create_token` does).
    """
    city = held_city(membership.city, by=by, permission=Permission.MANAGE_MEMBERS)
    if not membership.user.is_service:
        raise ValidationError(
            _("%(name)s bukan akun layanan. Setiap orang membuat tokennya sendiri."),
            code="person",
            params={"name": membership.user},
        )
    token, secret = _made(membership.user, name, scope, expires_at, by=by, at=at)
    record(_entry(CityTrailEvent.TOKEN_CREATED, token), city=city, by=by, at=at)
    return token, secret


@deed
def revoke_service_token(
    *, membership: Membership, token: ApiToken, by: User, at: datetime
) -> None:
    """End a token of a service account; a second time changes nothing. Raises PermissionDenied."""
    city = held_city(membership.city, by=by, permission=Permission.MANAGE_MEMBERS)
    if token.user_id != membership.user_id or not membership.user.is_service:
        raise PermissionDenied
    if _ended(token, at=at):
        record(_entry(CityTrailEvent.TOKEN_REVOKED, token), city=city, by=by, at=at)


def token_of(secret: str, *, at: datetime) -> ApiToken | None:
    """The living token with its person, one query; its use is noted to within five minutes."""
    rows = ApiToken.objects.alive_at(at).select_related("user")
    token = rows.filter(digest=digest_of(secret)).first()
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


def _made(
    user: User, name: str, scope: Scope, expires_at: datetime, *, by: User, at: datetime
) -> tuple[ApiToken, str]:
    # Whoever makes two at once waits here, so that neither name nor number is passed by.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    name = _named(name)
    alive = ApiToken.objects.alive_at(at).filter(user=user)
    if not at < expires_at <= at + LONGEST:
        raise ValidationError(
            _("Masa berlaku token paling lama satu tahun, dan berakhir sesudah sekarang."),
            code="expiry",
        )
    if alive.filter(name__iexact=name).exists():
        raise ValidationError(
            _("Sudah ada token bernama %(name)s. Pakai nama lain, atau cabut yang lama."),
            code="taken",
            params={"name": name},
        )
    if alive.count() >= MOST:
        raise ValidationError(
            _("Paling banyak %(most)d token berlaku sekaligus. Cabut yang tidak dipakai."),
            code="too_many",
            params={"most": MOST},
        )
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        digest=digest_of(secret),
        ending=secret[-SHOWN:],
        created_at=at,
        made_by=by,
        expires_at=expires_at,
    )
    return token, secret


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("Beri nama, agar kelak diketahui untuk apa."), code="name")
    return name


def _ended(token: ApiToken, *, at: datetime) -> bool:
    return bool(ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at))


def _entry(event: CityTrailEvent, token: ApiToken) -> NewEntry:
    facts = {
        "name": token.name,
        "kind": Scope(token.scope).label,
        "until": token.expires_at.date(),
    }
    target = account_name(token.user)
    if event == CityTrailEvent.TOKEN_CREATED:
        return NewEntry(event, target, after=facts)
    return NewEntry(event, target, before=facts)
