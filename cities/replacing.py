"""Putting another person in a member's place."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import CityDeed, Membership, User
from cities.services import add_member, remove_member
from cities.trail import Told, hold, record


@transaction.atomic
def replace_member(
    *, membership: Membership, email: str, name: str, by: User, at: datetime
) -> tuple[Membership, bool]:
    """End a membership and give its role and OPD to another person; also whether they are new.

    Answers and documents belong to the OPD and stay with it; every deed of the person who
    leaves keeps their name. Raises ValidationError and changes nothing where `add_member`
    does: the newcomer's account is closed, or a member already, or the OPD is inactive.
    """
    city = hold(membership.city_id)
    leaving = Membership.objects.select_related("user", "opd").filter(pk=membership.pk).first()
    if leaving is None:
        raise ValidationError(
            _("Orang ini sudah bukan anggota kota ini. Muat ulang daftar anggota."),
            code="left_already",
        )
    # First the newcomer, so that even the last administrator can hand over.
    added, is_new = add_member(
        city=city, email=email, name=name, role=leaving.role, opd=leaving.opd, by=by, at=at
    )
    remove_member(membership=leaving, by=by, at=at)
    told = Told(
        CityDeed.MEMBER_REPLACED,
        leaving.label,
        {"person": _person(leaving.user)},
        {"person": _person(added.user)},
    )
    record(told, city=city, by=by, at=at)
    return added, is_new


def _person(user: User) -> str:
    return f"{user.name} <{user.email}>"
