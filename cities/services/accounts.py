"""What site administrators do with accounts.

An account belongs to no city, so each city that its owner can open is told in its own trail:
those of the memberships, and for a site administrator all that take part.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.emails import clean_email
from cities.models import City, CityTrailEvent, EmailChange, User
from cities.permissions import require_site_admin
from cities.services.activity import NewEntry, record
from outbox.models import LetterKind
from outbox.sending import forget
from texts.languages import deed


@deed
def edit_account(
    *, user: User, name: str, email: str, is_site_admin: bool, by: User, at: datetime
) -> User:
    """Change how a person is called, where letters go, and whether every city is theirs.

    The old address is told of a new one. Raises ValidationError and changes nothing if another
    account has the e-mail, or if somebody would take the site's administration from themselves.
    """
    require_site_admin(by)
    cities = held_cities(user, as_site_admin=is_site_admin)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user == by and not is_site_admin:
        refuse_own_account()
    target, was, before = account_name(user), user.email, account_facts(user)
    user.name = name
    user.email = clean_email(email)
    if user.is_superuser != is_site_admin:
        user.is_superuser = user.is_staff = is_site_admin
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "email", "is_superuser", "is_staff"])
    forget(LetterKind.NOTICES, user.pk)  # it may go through to the new address
    # An address of before must open nothing any more, not even by "forgotten password".
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    if user.email != was:
        tell_old_address(user, was, at=at)
    if account_facts(user) != before:
        record_for_each(
            cities,
            NewEntry(CityTrailEvent.ACCOUNT_CHANGED, target, before, account_facts(user)),
            by,
            at,
        )
    return user


@deed
def set_account_active(*, user: User, is_active: bool, by: User, at: datetime) -> User:
    """A closed account opens nothing from its next request on; memberships and deeds stay.

    Raises ValidationError if it is one's own.
    """
    require_site_admin(by)
    if user == by:
        refuse_own_account()
    cities = held_cities(user)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active == is_active:
        return user
    before = account_facts(user)
    user.is_active = is_active
    if not is_active:
        user.sessions_ended_at = at  # or old cookies would live again with the account
    user.save(update_fields=["is_active", "sessions_ended_at"])
    deed = CityTrailEvent.ACCOUNT_ACTIVATED if is_active else CityTrailEvent.ACCOUNT_DEACTIVATED
    record_for_each(cities, NewEntry(deed, account_name(user), before, account_facts(user)), by, at)
    return user


def tell_old_address(user: User, was: str, *, at: datetime) -> None:
    """Let a letter tell the old address that an administrator changed it; what was asked for lapses."""
    EmailChange.objects.filter(user=user, done_at=None).delete()
    EmailChange.objects.create(
        user=user,
        before=was,
        after=user.email,
        is_by_administrator=True,
        asked_at=at,
        done_at=at,
    )


def held_cities(user: User, *, as_site_admin: bool = False) -> list[City]:
    """Whom the deed concerns, each locked; in one order, so that no two deeds wait in a circle."""
    if user.is_superuser or as_site_admin:
        concerned = City.objects.taking_part()
    else:
        concerned = City.objects.visible_to(user)
    return list(concerned.select_for_update(of=("self",), no_key=True).order_by("pk"))


def record_for_each(cities: list[City], entry: NewEntry, by: User, at: datetime) -> None:
    for city in cities:
        record(entry, city=city, by=by, at=at)


def refuse_own_account() -> None:
    raise ValidationError(
        _lazy("Ini akun Anda sendiri. Mintalah administrator situs lain melakukannya."),
        code="own_account",
    )


def account_name(user: User) -> str:
    return f"{user.name} <{user.email}>"


def account_facts(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "email": user.email,
        "state": _("Aktif") if user.is_active else _("Nonaktif"),
        "site_admin": _("ya") if user.is_superuser else _("tidak"),
    }
