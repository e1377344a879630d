"""The members of a city: added, changed, removed.

Every service locks the city first and leaves an entry in its trail, but for what concerns the
person alone.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.emails import clean_email
from cities.models import City, CityTrailEvent, Membership, Opd, User
from cities.permissions import held_city
from cities.roles import Permission, Role
from cities.services.activity import NewEntry, record
from texts.languages import deed


@deed
def add_member(
    *, city: City, email: str, name: str, role: str, opd: Opd | None, by: User, at: datetime
) -> tuple[Membership, bool]:
    """Make somebody a member; the second value says whether the account is new.

    An account that exists already keeps its name and its password: whoever adds it gains
    nothing but a colleague. Raises ValidationError and changes nothing if the account is
    closed, belongs to a site administrator, is a member already, or role and OPD do not agree.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    email = clean_email(email)
    user = User.objects.filter(email__iexact=email).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, name=name)
    else:
        refuse_unless_addable(user, by=by)
        if not by.is_superuser and is_waiting_for_password(user):
            # Whoever made the account for another city must not hold a key to this one.
            _drop_links(user)
    membership = enrol(user, city, role=role, opd=opd, is_new=is_new, by=by, at=at)
    return membership, is_new


def enrol(
    user: User,
    city: City,
    *,
    role: str,
    opd: Opd | None,
    is_new: bool,
    by: User,
    at: datetime,
    invited_by: User | None = None,
) -> Membership:
    """Write a membership and its line; the city is held, the account is one that may join.

    Raises ValidationError if the account is a member already, or role and OPD do not agree.
    """
    membership = Membership(user=user, city=city, role=role, opd=opd)
    _check_opd(membership, was=None)
    _check_service(membership)
    membership.full_clean()
    membership.save()
    account = _("baru") if is_new else _("sudah ada")
    if user.is_service:
        account = _("layanan")
    after = {**_of_member(membership), "account": account}
    if invited_by is not None:
        after["invited_by"] = invited_by.name
    entry = NewEntry(CityTrailEvent.MEMBER_ADDED, _member_name(membership), after=after)
    record(entry, city=city, by=by, at=at)
    return membership


@deed
def change_member(
    *, membership: Membership, role: str, opd: Opd | None, by: User, at: datetime
) -> Membership:
    """Give a member another role or OPD.

    Raises ValidationError and changes nothing if the city would lose its last
    administrator, or role and OPD do not agree.
    """
    held_city(membership.city, by=by, permission=Permission.MANAGE_MEMBERS)
    return move_member(membership, role=role, opd=opd, by=by, at=at)


def move_member(
    membership: Membership, *, role: str, opd: Opd | None, by: User, at: datetime
) -> Membership:
    """The part of `change_member` after its question was asked; the city is held."""
    membership = _current(membership)
    if role != Role.ADMIN_KOTA:
        _refuse_if_last_admin(membership, by=by)
    was, before = membership.opd, _of_member(membership)
    if membership.role != role:
        membership.guide_closed_at = None  # other deeds than before
    membership.role = role
    membership.opd = opd
    _check_opd(membership, was=was)
    _check_service(membership)
    membership.full_clean()
    membership.save(update_fields=["role", "opd", "guide_closed_at"])
    entry = NewEntry(
        CityTrailEvent.MEMBER_CHANGED, _member_name(membership), before, _of_member(membership)
    )
    record(entry, city=membership.city, by=by, at=at)
    return membership


@deed
def remove_member(*, membership: Membership, by: User, at: datetime) -> None:
    """End a membership; the account and everything done with it stay.

    Raises ValidationError and changes nothing if the city would lose its last administrator.
    """
    held_city(membership.city, by=by, permission=Permission.MANAGE_MEMBERS)
    end_membership(membership, by=by, at=at)


def end_membership(membership: Membership, *, by: User, at: datetime) -> None:
    """The part of `remove_member` after its question was asked; the city is held."""
    membership = _current(membership)
    _refuse_if_last_admin(membership, by=by)
    entry = NewEntry(
        CityTrailEvent.MEMBER_REMOVED, _member_name(membership), before=_of_member(membership)
    )
    record(entry, city=membership.city, by=by, at=at)
    membership.delete()


def close_guide(*, city: City, by: User, at: datetime) -> None:
    """Put away what the first page says of one's own role; a second time changes nothing.

    Of a stranger there is nothing to put away. It is nobody else's concern and leaves no entry.
    """
    own = Membership.objects.filter(user=by, city=city, guide_closed_at=None)
    own.update(guide_closed_at=at)


def _current(membership: Membership) -> Membership:
    """The membership as it is now that nobody else changes the city's members."""
    return Membership.objects.select_related("user", "city", "opd").get(pk=membership.pk)


def _member_name(membership: Membership) -> str:
    return f"{membership.user.name} <{membership.user.email}>"


def _of_member(membership: Membership) -> dict[str, object]:
    opd = membership.opd.name if membership.opd else None
    return {"role": membership.get_role_display(), "opd": opd}


def refuse_unless_addable(user: User, *, by: User) -> None:
    """Raises ValidationError (`inactive_account`, `service`, `site_admin`); `by` lets the person in."""
    if user.is_service:
        raise ValidationError(
            _lazy(
                "E-mail ini milik akun layanan kota lain. Undang orangnya dengan alamatnya sendiri."
            ),
            code="service",
        )
    if not user.is_active:
        raise ValidationError(
            _lazy("Akun dengan e-mail ini dinonaktifkan. Hubungi administrator situs."),
            code="inactive_account",
        )
    if user.is_superuser and not by.is_superuser:
        # A membership would narrow what the site administrator may do in this city.
        raise ValidationError(
            _lazy("E-mail ini milik administrator situs, yang sudah dapat membuka kota ini."),
            code="site_admin",
        )


def _check_opd(membership: Membership, *, was: Opd | None) -> None:
    opd = membership.opd
    if opd is None:
        return
    if opd.city_id != membership.city_id:
        raise ValidationError(_lazy("OPD ini bukan milik kota ini."), code="foreign_opd")
    if not opd.is_active and opd != was:
        raise ValidationError(
            _lazy("OPD ini tidak aktif. Aktifkan dahulu, atau pilih OPD lain."), code="inactive_opd"
        )


def _check_service(membership: Membership) -> None:
    """An administrator is a person, whom somebody can ask. Raises ValidationError (`service`)."""
    if membership.user.is_service and membership.role == Role.ADMIN_KOTA:
        raise ValidationError(
            _lazy("Akun layanan tidak dapat menjadi admin kota. Pilih peran lain."), code="service"
        )


def _refuse_if_last_admin(membership: Membership, *, by: User) -> None:
    """A city without an administrator could not mend that by itself; the site's can."""
    if membership.role != Role.ADMIN_KOTA or by.is_superuser:
        return
    others = Membership.objects.filter(
        city=membership.city_id, role=Role.ADMIN_KOTA, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise ValidationError(
            _lazy("Ini admin kota yang terakhir. Angkat admin kota lain terlebih dahulu."),
            code="last_admin",
        )


def is_waiting_for_password(user: User) -> bool:
    """The account was made for somebody who has never had a password to it."""
    return (
        user.is_active
        and not user.is_service
        and not user.is_staff
        and not user.is_superuser
        and user.last_login is None
        and not user.has_usable_password()
    )


def _drop_links(user: User) -> None:
    # A link is signed with the password field, and every unusable password differs.
    user.set_unusable_password()
    user.save(update_fields=["password"])
