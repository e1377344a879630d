"""Putting another person in a member's place."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import CityTrailEvent, Invitation, Membership, User
from cities.services.activity import NewEntry, lock_city, record
from cities.services.invitations import Guest, invite
from cities.services.members import remove_member


@transaction.atomic
def replace_member(
    *, membership: Membership, email: str, name: str, by: User, at: datetime
) -> Invitation:
    """End a membership at once and invite another person to its role and OPD.

    Answers and documents belong to the OPD and stay with it; every deed of the person who
    leaves keeps their name. Raises ValidationError and changes nothing where `invite` does,
    and for the last administrator: their successor has to have accepted first.
    """
    city = lock_city(membership.city_id)
    leaving = Membership.objects.select_related("user", "opd").filter(pk=membership.pk).first()
    if leaving is None:
        raise ValidationError(
            _("Orang ini sudah bukan anggota kota ini. Muat ulang daftar anggota."),
            code="left_already",
        )
    newcomer = Guest(email, name, leaving.role, leaving.opd)
    [invitation] = invite(city=city, guests=[newcomer], by=by, at=at)
    remove_member(membership=leaving, by=by, at=at)
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
