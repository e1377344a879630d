"""Putting another person in a member's place."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import CityTrailEvent, Invitation, Membership, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from cities.services.invitations import Guest, write_invitations
from cities.services.members import end_membership
from texts.languages import deed


@deed
def replace_member(
    *, membership: Membership, email: str, name: str, by: User, at: datetime
) -> Invitation:
    """End a membership at once and invite another person to its role and OPD.

    Answers and documents belong to the OPD and stay with it; every deed of the person who
    leaves keeps their name. Raises ValidationError and changes nothing where `invite` does,
    and for the last administrator: their successor has to have accepted first.
    """
    city = held_city(membership.city, by=by, permission=Permission.MANAGE_MEMBERS)
    leaving = Membership.objects.select_related("user", "opd").filter(pk=membership.pk).first()
    if leaving is None:
        raise ValidationError(
            _("Orang ini sudah bukan anggota kota ini. Muat ulang daftar anggota."),
            code="left_already",
        )
    newcomer = Guest(email, name, leaving.role, leaving.opd)
    [invitation] = write_invitations(city, [newcomer], by=by, at=at)
    end_membership(leaving, by=by, at=at)
    entry = NewEntry(
        CityTrailEvent.MEMBER_REPLACED,
        leaving.label,
        {"person": _person(leaving.user)},
        {"person": str(invitation)},
    )
    record(entry, city=city, by=by, at=at)
    return invitation


def _person(user: User) -> str:
    return f"{user.name} <{user.email}>"
