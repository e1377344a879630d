"""The one question of permission that pages and services ask."""

import pytest
from django.core.exceptions import PermissionDenied

from cities.permissions import member_of, require_permission, require_site_admin
from cities.roles import GRANTS, Permission, Role
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def member_with(role):
    city = CityFactory()
    opd = OpdFactory(city=city) if role == Role.OPD else None
    return MembershipFactory(city=city, role=role, opd=opd)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_its_grants_name_and_nothing_else(role):
    member = member_with(role)
    allowed = set()
    for permission in Permission:
        try:
            assert require_permission(member.user, member.city, permission) == member
        except PermissionDenied:
            continue
        allowed.add(permission)

    assert allowed == GRANTS[role]


def test_the_rights_of_one_city_are_worth_nothing_in_another():
    member, other = member_with(Role.ADMIN_KOTA), CityFactory()

    assert member_of(member.user, other) is None
    with pytest.raises(PermissionDenied):
        require_permission(member.user, other, Permission.VIEW_CITY)


def test_a_site_administrator_acts_everywhere_as_its_administrator():
    admin, city = SiteAdminFactory(), CityFactory()

    assert require_permission(admin, city, Permission.MANAGE_MEMBERS).role == Role.ADMIN_KOTA
    with pytest.raises(PermissionDenied):  # what an administrator of a city may not do either
        require_permission(admin, city, Permission.REVIEW_EVIDENCE)


def test_a_membership_of_their_own_goes_before_the_rights_of_a_site_administrator():
    admin = SiteAdminFactory()
    member = MembershipFactory(user=admin, role=Role.PIMPINAN)

    assert member_of(admin, member.city) == member
    with pytest.raises(PermissionDenied):
        require_permission(admin, member.city, Permission.MANAGE_MEMBERS)


def test_a_closed_account_may_do_nothing():
    member = member_with(Role.GUGUS_TUGAS)
    member.user.is_active = False
    admin = SiteAdminFactory(is_active=False)

    with pytest.raises(PermissionDenied):
        require_permission(member.user, member.city, Permission.COMMENT)
    with pytest.raises(PermissionDenied):
        require_site_admin(admin)


def test_only_a_site_administrator_passes_where_one_is_asked_for():
    require_site_admin(SiteAdminFactory())

    with pytest.raises(PermissionDenied):
        require_site_admin(member_with(Role.ADMIN_KOTA).user)
    with pytest.raises(PermissionDenied):
        require_site_admin(UserFactory(is_staff=True))
