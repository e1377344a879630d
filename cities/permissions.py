"""May this person do it here? The gate of pages asks, and every service asks again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from cities.models import City, Membership, User
from cities.roles import Permission, Role


def member_of(user: User, city: City) -> Membership | None:
    """The membership with which the user acts in the city; None for a stranger.

    A site administrator acts in every city with the rights of its administrator,
    unless a membership of their own says otherwise.
    """
    own = Membership.objects.select_related("opd").filter(user=user, city=city).first()
    if own is None and user.is_superuser:
        return Membership(user=user, city=city, role=Role.ADMIN_KOTA)
    return own


def require_permission(by: User, city: City, permission: Permission) -> Membership:
    """The membership with which `by` may do it in the city.

    Raises PermissionDenied for a stranger, for a role without the right and for a closed account.
    """
    member = member_of(by, city)
    if member is None or not by.is_active or not member.may(permission):
        raise PermissionDenied
    return member


def lock_city(city_id: int) -> City:
    """Let nobody else change the city, its OPDs or its members meanwhile.

    Every service of a city does this before it locks anything else, so that no two ever wait for
    each other. Must be called inside a transaction.
    """
    return City.objects.select_for_update(of=("self",), no_key=True).get(pk=city_id)


def held_city(city: City, *, by: User, permission: Permission) -> City:
    """The city, held (`lock_city`) for a deed that `by` may do in it.

    The question comes before the lock, so that a stranger never makes others wait. Raises
    PermissionDenied.
    """
    require_permission(by, city, permission)
    return lock_city(city.pk)


def require_site_admin(by: User) -> None:
    """Raises PermissionDenied unless `by` is a site administrator with an open account."""
    if not (by.is_superuser and by.is_active):
        raise PermissionDenied
