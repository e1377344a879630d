"""A lost second factor, reset by a second administrator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import CityTrailEvent, Membership, User
from cities.permissions import require_permission
from cities.roles import Permission
from cities.services.accounts import (
    account_name,
    held_cities,
    record_for_each,
    refuse_own_account,
)
from cities.services.activity import NewEntry
from outbox.composing import new_letter
from outbox.models import LetterKind
from outbox.sending import Clock, Outcome, Waiting, forget, send_letters
from texts.languages import deed


@deed
def reset_second_factor(*, user: User, by: User, at: datetime) -> User:
    """Take away every factor of a person who lost theirs, and end all their sessions.

    Whoever is required to have one sets up a new one at the next sign-in. A letter tells it.
    Raises PermissionDenied unless `by` is a site administrator, or the administrator of the one
    city that the person belongs to; ValidationError if it is one's own or there is none.
    """
    _require_second_administrator(by, user)
    if user == by:
        refuse_own_account()
    return _take_away(user, by=by, at=at)


@deed
def reset_own_on_server(*, user: User, at: datetime) -> User:
    """The same for the only site administrator, who has nobody to ask but the server itself.

    For the command alone, never for a page: whoever runs it has the database anyway. It stands in
    the trails as the person's own. Raises ValidationError (`no_site_admin`,
    `other_administrator`, `no_factor`).
    """
    if not (user.is_superuser and user.is_active):
        raise ValidationError(
            _lazy(
                "%(name)s bukan administrator situs yang aktif. Seorang administrator mengaturnya."
            ),
            code="no_site_admin",
            params={"name": user},
        )
    other = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).first()
    if other is not None:
        raise ValidationError(
            _lazy("Ada administrator situs lain, %(name)s. Mintalah ia mengatur ulang."),
            code="other_administrator",
            params={"name": other},
        )
    return _take_away(user, by=user, at=at, after={"reason": _("lewat perintah di server")})


def _take_away(
    user: User, *, by: User, at: datetime, after: dict[str, object] | None = None
) -> User:
    cities = held_cities(user)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise ValidationError(
            _lazy("%(name)s tidak memiliki faktor kedua. Tidak ada yang perlu diatur ulang."),
            code="no_factor",
            params={"name": user},
        )
    user.sessions_ended_at = user.factor_reset_at = at
    user.save(update_fields=["sessions_ended_at", "factor_reset_at"])
    forget(LetterKind.FACTOR_RESET, user.pk)
    entry = NewEntry(CityTrailEvent.FACTOR_RESET, account_name(user), after=after or {})
    record_for_each(cities, entry, by, at)
    return user


def may_reset(administrator: User, user: User) -> bool:
    """Whether `reset_second_factor` would let somebody do it to `user`, who may have no factor."""
    if user == administrator:
        return False
    try:
        _require_second_administrator(administrator, user)
    except PermissionDenied:
        return False
    return True


def _require_second_administrator(by: User, user: User) -> None:
    if by.is_superuser and by.is_active:
        return
    # Somebody of two cities, or of the whole site, is more than one city's administrator vouches for.
    memberships = Membership.objects.select_related("city").filter(user=user)[:2]
    if user.is_superuser or len(memberships) != 1:
        raise PermissionDenied
    require_permission(by, memberships[0].city, Permission.MANAGE_MEMBERS)


def send_factor_resets(*, now: Clock) -> Outcome:
    """Tell each person whose second factor was reset."""
    return send_letters(_FactorResets(), now=now)


class _FactorResets:
    """A `Mailbag`: the letter to a person is signed by clearing `factor_reset_at`."""

    kind = LetterKind.FACTOR_RESET

    def __init__(self) -> None:
        self.told: dict[int, datetime] = {}

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        rows = User.objects.filter(factor_reset_at__isnull=False).order_by("pk")
        for pk, reset_at in rows.values_list("pk", "factor_reset_at"):
            yield Waiting(pk, reset_at or at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        user = User.objects.filter(pk=subject, factor_reset_at__isnull=False).first()
        if user is None or user.factor_reset_at is None:
            return None
        self.told[subject] = user.factor_reset_at
        return new_letter(
            subject=_("Faktor kedua Anda diatur ulang"),
            text=_(
                "Yth. %(name)s,\n\n"
                "Seorang administrator mengatur ulang faktor kedua akun KLA Anda. Semua sesi Anda "
                "diakhiri. Masuklah dengan kata sandi, lalu siapkan faktor kedua yang baru:\n\n"
                "%(url)s\n\n"
                "Jika Anda tidak memintanya, segera ubah kata sandi dan hubungi administrator."
            )
            % {"name": user.name, "url": f"{settings.KLA_BASE_URL}/masuk/"},
            to=user.email,
        )

    def delivered(self, subject: int, at: datetime) -> None:
        mine = User.objects.filter(pk=subject, factor_reset_at=self.told[subject])
        mine.update(factor_reset_at=None)
