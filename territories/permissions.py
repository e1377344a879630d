"""Who may write about a unit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from cities.models import User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from territories.models import Unit


def held_unit(unit_id: int, permission: Permission, *, by: User) -> Unit:
    """The unit, held so that nobody else writes or decides meanwhile. Raises PermissionDenied.

    Whoever fills must speak for the unit or for the kecamatan above it. The city is held first, as
    by every deed that writes into its trail, so that no two ever wait for each other.
    """
    unit = Unit.objects.select_related("city").get(pk=unit_id)
    member = require_permission(by, unit.city, permission)
    if not Unit.objects.visible_to(member).filter(pk=unit_id).exists():
        raise PermissionDenied
    lock_city(unit.city_id)
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    return unit
