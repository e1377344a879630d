"""Which OPD of a city stands for which agency of an instrument."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import AgencyAlias, City, CityTrailEvent, Opd, User
from cities.permissions import lock_city
from cities.services.activity import NewEntry, record
from cities.services.members import move_member
from cities.services.opds import (
    add_opd,
    rewrite_opd,
    switch_opd,
)


class AgencyState(StrEnum):
    """What a city makes of an agency."""

    OWN = "own"  # an OPD of its own
    MERGED = "merged"  # part of another OPD
    ABSENT = "absent"  # nobody here does this


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """One agency: as an OPD with this name and kind, or `into` the OPD of that code."""

    code: str
    part: AgencyState
    name: str = ""
    kind: str = ""
    into: str = ""


def opds_by_agency(city: City) -> dict[str, Opd]:
    """The city's active OPDs under every agency code that they answer for."""
    merged = city.agency_aliases.merged().filter(opd__is_active=True).select_related("opd")
    found = {alias.code: alias.opd for alias in merged if alias.opd is not None}
    return found | {opd.code: opd for opd in city.opds.active()}


def settled_codes(city: City) -> set[str]:
    """The agency codes of which the city has said what it makes of them."""
    return {
        *city.opds.values_list("code", flat=True),
        *city.agency_aliases.values_list("code", flat=True),
    }


def settle_agencies(
    city: City, *, choices: Sequence[AgencyChoice], by: User, at: datetime
) -> list[tuple[Opd, Opd]]:
    """Make the city's OPDs what the choices say; a second time changes nothing.

    An OPD that is merged into another stops and hands it its members and open invitations;
    such pairs are returned, for there may be work to hand over too. Part of a deed that has
    asked its permission, inside its transaction. Raises ValidationError
    (`same_name`, `into_nothing`, `has_members`, and those of an OPD) and changes nothing.
    """
    city = lock_city(city.pk)
    opds = {opd.code: opd for opd in city.opds.all()}
    _refuse_same_names(choices, opds)
    _refuse_lost_targets(choices, opds)
    for choice in choices:
        if choice.part == AgencyState.OWN:
            opds[choice.code] = _own(choice, opds.get(choice.code), city=city, by=by, at=at)
    pairs = []
    for choice in choices:
        old = opds.get(choice.code)
        new = opds[choice.into] if choice.part == AgencyState.MERGED else None
        if choice.part != AgencyState.OWN and old is not None and old.is_active:
            _stop(old, new, by=by, at=at)
            if new is not None:
                pairs.append((old, new))
        _point(choice, new, city=city, by=by, at=at)
    return pairs


def _own(choice: AgencyChoice, opd: Opd | None, *, city: City, by: User, at: datetime) -> Opd:
    facts = {"code": choice.code, "name": choice.name, "kind": choice.kind}
    if opd is None:
        return add_opd(city, **facts, by=by, at=at)
    if not opd.is_active:
        opd = switch_opd(opd, is_active=True, by=by, at=at)
    if (opd.name, opd.kind) != (choice.name, choice.kind):
        opd = rewrite_opd(opd, **facts, by=by, at=at)
    return opd


def _stop(old: Opd, new: Opd | None, *, by: User, at: datetime) -> None:
    """Let an OPD rest; its people go on in the one that took its place."""
    if new is None and old.memberships.exists():
        raise ValidationError(
            _lazy("%(opd)s masih memiliki anggota. Pindahkan anggotanya, atau gabungkan OPD ini."),
            code="has_members",
            params={"opd": old.name},
        )
    for membership in old.memberships.all() if new else ():
        move_member(membership, role=membership.role, opd=new, by=by, at=at)
    invitations = old.invitations.open()
    if new is None:
        invitations.update(revoked_at=at)
    else:
        invitations.update(opd=new)
    old.agency_aliases.update(opd=new)
    switch_opd(old, is_active=False, by=by, at=at)


def _point(choice: AgencyChoice, opd: Opd | None, *, city: City, by: User, at: datetime) -> None:
    """Remember who answers for the code, and leave a line if that is new."""
    known = city.agency_aliases.filter(code=choice.code).select_related("opd").first()
    if choice.part == AgencyState.OWN:
        if known is None:
            return
        known.delete()
    elif known is not None and known.opd == opd:
        return
    else:
        city.agency_aliases.update_or_create(code=choice.code, defaults={"opd": opd})
    before = {"opd": _said(known)} if known else {}
    after = {"opd": choice.name if choice.part == AgencyState.OWN else _name(opd)}
    record(
        NewEntry(CityTrailEvent.AGENCY_SETTLED, choice.code, before, after), city=city, by=by, at=at
    )


def _said(alias: AgencyAlias) -> str:
    return _name(alias.opd)


def _name(opd: Opd | None) -> str:
    return opd.name if opd else _("tidak ada di kota ini")


def _refuse_same_names(choices: Sequence[AgencyChoice], opds: dict[str, Opd]) -> None:
    chosen = {choice.code for choice in choices}
    names = [choice.name for choice in choices if choice.part == AgencyState.OWN]
    names += [opd.name for code, opd in opds.items() if code not in chosen]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValidationError(
            _lazy(
                "Nama ini dipakai lebih dari satu OPD: %(names)s. Bedakan, atau gabungkan OPD-nya."
            ),
            code="same_name",
            params={"names": ", ".join(twice)},
        )


def _refuse_lost_targets(choices: Sequence[AgencyChoice], opds: dict[str, Opd]) -> None:
    """Nothing is merged into what is itself no OPD."""
    there = {code for code, opd in opds.items() if opd.is_active}
    there |= {choice.code for choice in choices if choice.part == AgencyState.OWN}
    there -= {choice.code for choice in choices if choice.part != AgencyState.OWN}
    lost = [c for c in choices if c.part == AgencyState.MERGED and c.into not in there]
    if lost:
        pairs = ", ".join(f"{choice.code} → {choice.into}" for choice in lost)
        raise ValidationError(
            _lazy(
                "Tujuan penggabungan harus OPD tersendiri: %(pairs)s. "
                "Pilih “OPD tersendiri” untuk tujuannya, atau pilih tujuan lain."
            ),
            code="into_nothing",
            params={"pairs": pairs},
        )
