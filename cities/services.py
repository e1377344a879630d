"""What may be done with cities, their OPDs and their members.

Every deed takes hold of the city first and leaves a line in its trail.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.emails import clean_email
from cities.models import City, CityTrailEvent, Membership, Opd, OpdKind, Province, User
from cities.roles import Role
from cities.trail import Told, hold, record

# Addresses under /kota/ that are pages and can therefore not be a city.
RESERVED_SLUGS = frozenset({"siapkan", "tambah"})

SLUG_LENGTH = 90  # leaves room for a code within the field's 100


# --- Cities -----------------------------------------------------------------------------------


def slug_for(name: str, code: str, taken: Container[str]) -> str:
    """The city's address: its name, with its code behind it where the name is not free."""
    slug = slugify(name)[:SLUG_LENGTH].strip("-")
    if slug and slug not in RESERVED_SLUGS and slug not in taken:
        return slug
    return slugify(f"{slug} {code.replace('.', '-')}")


@transaction.atomic
def create_city(
    *, province: Province, code: str, name: str, zone: str, by: User, at: datetime
) -> City:
    """Add a kabupaten or kota that the official list does not have yet.

    Raises ValidationError if the code is in use.
    """
    taken = set(City.objects.values_list("slug", flat=True))
    city = City(
        province=province, code=code, name=name, timezone=zone, slug=slug_for(name, code, taken)
    )
    city.full_clean()
    city.save()
    told = Told(CityTrailEvent.CITY_CREATED, _city_name(city), after=_of_city(city))
    record(told, city=city, by=by, at=at)
    return city


@transaction.atomic
def edit_city(*, city: City, name: str, zone: str, by: User, at: datetime) -> City:
    """Change how the city is called and which clock it follows; its address stays."""
    city = hold(city.pk)
    target, before = _city_name(city), _of_city(city)
    city.name = name
    city.timezone = zone
    city.full_clean()
    city.save(update_fields=["name", "timezone"])
    told = Told(CityTrailEvent.CITY_CHANGED, target, before, _of_city(city))
    record(told, city=city, by=by, at=at)
    return city


def _city_name(city: City) -> str:
    return f"{city.code} {city.name}"


def _of_city(city: City) -> dict[str, object]:
    return {"name": city.name, "zone": city.get_timezone_display()}


# --- OPDs -------------------------------------------------------------------------------------


@transaction.atomic
def create_opd(
    *, city: City, code: str, name: str, by: User, at: datetime, kind: str | None = None
) -> Opd:
    """Without a kind it gets the one that its code suggests.

    Raises ValidationError if the city has an OPD of that code or name.
    """
    hold(city.pk)
    opd = Opd(city=city, code=code, name=name, kind=kind or OpdKind.suggested(code))
    opd.full_clean()
    opd.save()
    record(_told_of_new(opd), city=city, by=by, at=at)
    return opd


@transaction.atomic
def create_opds(
    *, city: City, rows: Iterable[tuple[str, str]], by: User, at: datetime
) -> list[Opd]:
    """Take over a list of (code, name); what the city already has by code or name is left out."""
    hold(city.pk)
    known = city.opds.values_list("code", "name")
    codes = {code for code, _name in known}
    names = {name for _code, name in known}
    added: list[Opd] = []
    for code, name in rows:
        if code in codes or name in names:
            continue
        opd = Opd(city=city, code=code, name=name, kind=OpdKind.suggested(code))
        opd.clean_fields(exclude={"city"})
        added.append(opd)
        codes.add(code)
        names.add(name)
    Opd.objects.bulk_create(added)
    record(*map(_told_of_new, added), city=city, by=by, at=at)
    return added


@transaction.atomic
def edit_opd(
    *, opd: Opd, code: str, name: str, by: User, at: datetime, kind: str | None = None
) -> Opd:
    """Without a kind it keeps its own.

    Raises ValidationError if the city has another OPD of that code or name.
    """
    hold(opd.city_id)
    opd = Opd.objects.select_related("city").get(pk=opd.pk)
    target, before = _opd_name(opd), _of_opd(opd)
    opd.code = code
    opd.name = name
    opd.kind = kind or opd.kind
    opd.full_clean()
    opd.save(update_fields=["code", "name", "kind"])
    told = Told(CityTrailEvent.OPD_CHANGED, target, before, _of_opd(opd))
    record(told, city=opd.city, by=by, at=at)
    return opd


@transaction.atomic
def set_opd_active(*, opd: Opd, is_active: bool, by: User, at: datetime) -> Opd:
    """An inactive OPD keeps its members and history, but is offered no new ones."""
    hold(opd.city_id)
    opd = Opd.objects.select_related("city").get(pk=opd.pk)
    before = _of_opd(opd)
    if opd.is_active == is_active:
        return opd
    opd.is_active = is_active
    opd.save(update_fields=["is_active"])
    deed = CityTrailEvent.OPD_ACTIVATED if is_active else CityTrailEvent.OPD_DEACTIVATED
    told = Told(deed, _opd_name(opd), before, _of_opd(opd))
    record(told, city=opd.city, by=by, at=at)
    return opd


def _opd_name(opd: Opd) -> str:
    return f"{opd.code} {opd.name}"


def _of_opd(opd: Opd) -> dict[str, object]:
    state = _("Aktif") if opd.is_active else _("Nonaktif")
    kind = str(OpdKind(opd.kind).label)
    return {"code": opd.code, "name": opd.name, "kind": kind, "state": state}


def _told_of_new(opd: Opd) -> Told:
    return Told(CityTrailEvent.OPD_CREATED, _opd_name(opd), after=_of_opd(opd))


# --- Members ----------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    *, city: City, email: str, name: str, role: str, opd: Opd | None, by: User, at: datetime
) -> tuple[Membership, bool]:
    """Make somebody a member; the second value says whether the account is new.

    An account that exists already keeps its name and its password: whoever adds it gains
    nothing but a colleague. Raises ValidationError and changes nothing if the account is
    closed, belongs to a site administrator, is a member already, or role and OPD do not agree.
    """
    hold(city.pk)
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
    membership = enrol(user=user, city=city, role=role, opd=opd, is_new=is_new, by=by, at=at)
    return membership, is_new


def enrol(
    *,
    user: User,
    city: City,
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
    membership.full_clean()
    membership.save()
    account = _("baru") if is_new else _("sudah ada")
    after = {**_of_member(membership), "account": account}
    if invited_by is not None:
        after["invited_by"] = invited_by.name
    told = Told(CityTrailEvent.MEMBER_ADDED, _member_name(membership), after=after)
    record(told, city=city, by=by, at=at)
    return membership


@transaction.atomic
def change_member(
    *, membership: Membership, role: str, opd: Opd | None, by: User, at: datetime
) -> Membership:
    """Give a member another role or OPD.

    Raises ValidationError and changes nothing if the city would lose its last
    administrator, or role and OPD do not agree.
    """
    membership = _locked(membership)
    if role != Role.ADMIN_KOTA:
        _refuse_if_last_admin(membership, by=by)
    was, before = membership.opd, _of_member(membership)
    membership.role = role
    membership.opd = opd
    _check_opd(membership, was=was)
    membership.full_clean()
    membership.save(update_fields=["role", "opd"])
    told = Told(
        CityTrailEvent.MEMBER_CHANGED, _member_name(membership), before, _of_member(membership)
    )
    record(told, city=membership.city, by=by, at=at)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User, at: datetime) -> None:
    """End a membership; the account and everything done with it stay.

    Raises ValidationError and changes nothing if the city would lose its last administrator.
    """
    membership = _locked(membership)
    _refuse_if_last_admin(membership, by=by)
    told = Told(
        CityTrailEvent.MEMBER_REMOVED, _member_name(membership), before=_of_member(membership)
    )
    record(told, city=membership.city, by=by, at=at)
    membership.delete()


def _locked(membership: Membership) -> Membership:
    """The membership as it is now that nobody else changes the city's members."""
    hold(membership.city_id)
    return Membership.objects.select_related("user", "city", "opd").get(pk=membership.pk)


def _member_name(membership: Membership) -> str:
    return f"{membership.user.name} <{membership.user.email}>"


def _of_member(membership: Membership) -> dict[str, object]:
    opd = membership.opd.name if membership.opd else None
    return {"role": membership.get_role_display(), "opd": opd}


def refuse_unless_addable(user: User, *, by: User) -> None:
    """Raises ValidationError (`inactive_account`, `site_admin`); `by` lets the person in."""
    if not user.is_active:
        raise ValidationError(
            _("Akun dengan e-mail ini dinonaktifkan. Hubungi administrator situs."),
            code="inactive_account",
        )
    if user.is_superuser and not by.is_superuser:
        # A membership would narrow what the site administrator may do in this city.
        raise ValidationError(
            _("E-mail ini milik administrator situs, yang sudah dapat membuka kota ini."),
            code="site_admin",
        )


def _check_opd(membership: Membership, *, was: Opd | None) -> None:
    opd = membership.opd
    if opd is None:
        return
    if opd.city_id != membership.city_id:
        raise ValidationError(_("OPD ini bukan milik kota ini."), code="foreign_opd")
    if not opd.is_active and opd != was:
        raise ValidationError(
            _("OPD ini tidak aktif. Aktifkan dahulu, atau pilih OPD lain."), code="inactive_opd"
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
            _("Ini admin kota yang terakhir. Angkat admin kota lain terlebih dahulu."),
            code="last_admin",
        )


# --- Accounts that nobody has opened yet ------------------------------------------------------


def is_waiting_for_password(user: User) -> bool:
    """The account was made for somebody who has never had a password to it."""
    return (
        user.is_active
        and not user.is_staff
        and not user.is_superuser
        and user.last_login is None
        and not user.has_usable_password()
    )


def _drop_links(user: User) -> None:
    # A link is signed with the password field, and every unusable password differs.
    user.set_unusable_password()
    user.save(update_fields=["password"])
