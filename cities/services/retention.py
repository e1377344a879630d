"""Accounts and invitations whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import ForeignObjectRel, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityActivity, CityTrailEvent, Invitation, User
from cities.permissions import require_site_admin
from cities.services.activity import NewEntry, record
from texts.languages import deed

ANONYMOUS_DOMAIN = "dihapus.invalid"  # RFC 2606: never anybody's


def kept_since(rule: str, *, at: datetime) -> datetime | None:
    """The newest moment whose things go by a rule of KLA_RETENTION; None where the rule is off.

    Raises ImproperlyConfigured.
    """
    said = settings.KLA_RETENTION[rule]
    if not said:
        return None
    try:
        count = int(said)
    except ValueError:
        count = 0
    if count < 1:
        name = f"KLA_KEEP_{rule.upper()}_YEARS"
        raise ImproperlyConfigured(
            f"{name} harus bilangan bulat mulai 1, atau kosong; sekarang {said!r}."
        )
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - count, day=day)


def responsible_admin() -> User:
    """Who answers in the trail for what the clock removes: the oldest active site administrator.

    Raises ImproperlyConfigured where there is none.
    """
    found = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if found is None:
        raise ImproperlyConfigured(
            "Belum ada administrator situs yang aktif; namanya tercatat dalam jejak. Buat dengan "
            "manage.py createsuperuser."
        )
    return found


def closed_accounts(moment: datetime) -> list[User]:
    """Accounts closed at that moment or before and not opened since, still with name and address.

    When one was closed stands in the trail of its cities, under the address that it had. Of an
    account that no trail tells of, or whose address was changed since, that is not known: it stays.
    """
    closings = CityActivity.objects.filter(deed=CityTrailEvent.ACCOUNT_DEACTIVATED)
    found = []
    for user in User.objects.filter(is_active=False).order_by("pk"):
        if is_anonymous(user):
            continue
        last = closings.filter(target__endswith=f"<{user.email}>").order_by("-at").first()
        if last is not None and last.at <= moment:
            found.append(user)
    return found


def is_anonymous(user: User) -> bool:
    return user.email.endswith(f"@{ANONYMOUS_DOMAIN}")


def settled_invitations(moment: datetime) -> QuerySet[Invitation]:
    """Invitations accepted, revoked or expired at that moment or before."""
    return Invitation.objects.filter(
        Q(accepted_at__lte=moment)
        | Q(revoked_at__lte=moment)
        | Q(accepted_at=None, revoked_at=None, expires_at__lte=moment)
    )


@deed
def anonymise_account(*, user: User, by: User, at: datetime) -> User:
    """Replace name and address of a closed account, and delete what else is kept of the person.

    Deeds stay signed by the account under its new name. What a trail has written out as text
    stays, for its hashes cover it. Raises PermissionDenied and ValidationError (`open`).
    """
    require_site_admin(by)
    cities = City.objects.visible_to(user).select_for_update(of=("self",), no_key=True)
    held = list(cities.order_by("pk"))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active:
        raise ValidationError(_lazy("Akun itu aktif. Nonaktifkan lebih dahulu."), code="open")
    _remove_personal_rows(user)
    user.name = _("Akun yang dihapus %(number)d") % {"number": user.pk}
    user.email = f"akun-{user.pk}@{ANONYMOUS_DOMAIN}"
    user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    entry = NewEntry(CityTrailEvent.ACCOUNT_ANONYMISED, user.name)
    for city in held:
        record(entry, city=city, by=by, at=at)
    return user


def _remove_personal_rows(user: User) -> None:
    """Delete whatever would go with the account: what is a record of work refuses to go with it."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.on_delete is not models.CASCADE:
            continue
        model = relation.related_model
        if model is not LogEntry:  # what was done in the administration is a trail
            model._base_manager.filter(**{relation.field.name: user}).delete()


@deed
def remove_invitations(*, until: datetime, by: User, at: datetime) -> int:
    """Delete settled invitations, which hold names and addresses. Raises PermissionDenied."""
    require_site_admin(by)
    removed = 0
    for city in City.objects.filter(invitations__isnull=False).distinct().order_by("pk"):
        count, _rows = settled_invitations(until).filter(city=city).delete()
        if count:
            what = _("%(count)d undangan") % {"count": count}
            record(NewEntry(CityTrailEvent.DATA_REMOVED, what), city=city, by=by, at=at)
        removed += count
    return removed
