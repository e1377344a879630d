"""The OPDs of a city: recorded, changed, opened and closed.

Every service locks the city first and leaves an entry in its trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from cities.models import City, CityTrailEvent, Opd, OpdKind, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from texts.languages import deed


@deed
def create_opd(
    *, city: City, code: str, name: str, by: User, at: datetime, kind: str | None = None
) -> Opd:
    """Without a kind it gets the one that its code suggests.

    Raises ValidationError if the city has an OPD of that code or name.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    return add_opd(city, code=code, name=name, kind=kind, by=by, at=at)


def add_opd(city: City, *, code: str, name: str, kind: str | None, by: User, at: datetime) -> Opd:
    """The part of `create_opd` after its question was asked; the city is held."""
    opd = Opd(city=city, code=code, name=name, kind=kind or OpdKind.suggested(code))
    opd.full_clean()
    opd.save()
    record(_new_entry(opd), city=city, by=by, at=at)
    return opd


@deed
def create_opds(
    *, city: City, rows: Iterable[tuple[str, str]], by: User, at: datetime
) -> list[Opd]:
    """Take over a list of (code, name); what the city already has by code or name is left out."""
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    return add_opds(city, rows, by=by, at=at)


def add_opds(city: City, rows: Iterable[tuple[str, str]], *, by: User, at: datetime) -> list[Opd]:
    """The part of `create_opds` after its question was asked; the city is held."""
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
    record(*map(_new_entry, added), city=city, by=by, at=at)
    return added


@deed
def edit_opd(
    *, opd: Opd, code: str, name: str, by: User, at: datetime, kind: str | None = None
) -> Opd:
    """Without a kind it keeps its own.

    Raises ValidationError if the city has another OPD of that code or name.
    """
    held_city(opd.city, by=by, permission=Permission.MANAGE_MEMBERS)
    return rewrite_opd(opd, code=code, name=name, kind=kind, by=by, at=at)


def rewrite_opd(opd: Opd, *, code: str, name: str, kind: str | None, by: User, at: datetime) -> Opd:
    """The part of `edit_opd` after its question was asked; the city is held."""
    opd = Opd.objects.select_related("city").get(pk=opd.pk)
    target, before = _opd_name(opd), _of_opd(opd)
    opd.code = code
    opd.name = name
    opd.kind = kind or opd.kind
    opd.full_clean()
    opd.save(update_fields=["code", "name", "kind"])
    entry = NewEntry(CityTrailEvent.OPD_CHANGED, target, before, _of_opd(opd))
    record(entry, city=opd.city, by=by, at=at)
    return opd


@deed
def set_opd_active(*, opd: Opd, is_active: bool, by: User, at: datetime) -> Opd:
    """An inactive OPD keeps its members and history, but is offered no new ones."""
    held_city(opd.city, by=by, permission=Permission.MANAGE_MEMBERS)
    return switch_opd(opd, is_active=is_active, by=by, at=at)


def switch_opd(opd: Opd, *, is_active: bool, by: User, at: datetime) -> Opd:
    """The part of `set_opd_active` after its question was asked; the city is held."""
    opd = Opd.objects.select_related("city").get(pk=opd.pk)
    before = _of_opd(opd)
    if opd.is_active == is_active:
        return opd
    opd.is_active = is_active
    opd.save(update_fields=["is_active"])
    deed = CityTrailEvent.OPD_ACTIVATED if is_active else CityTrailEvent.OPD_DEACTIVATED
    entry = NewEntry(deed, _opd_name(opd), before, _of_opd(opd))
    record(entry, city=opd.city, by=by, at=at)
    return opd


def _opd_name(opd: Opd) -> str:
    return f"{opd.code} {opd.name}"


def _of_opd(opd: Opd) -> dict[str, object]:
    state = _("Aktif") if opd.is_active else _("Nonaktif")
    kind = str(OpdKind(opd.kind).label)
    return {"code": opd.code, "name": opd.name, "kind": kind, "state": state}


def _new_entry(opd: Opd) -> NewEntry:
    return NewEntry(CityTrailEvent.OPD_CREATED, _opd_name(opd), after=_of_opd(opd))
