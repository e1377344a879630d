import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone

from cities.access import (
    SIGNED_IN,
    SITE_ADMIN,
    city_view,
    membership_of,
    signed_in_view,
    site_admin_view,
)
from cities.models import Zone
from cities.roles import Permission, Role
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory, UserFactory

pytestmark = pytest.mark.django_db


@city_view(Permission.REVIEW_EVIDENCE)
def review_page(request, member, **kwargs):
    return HttpResponse(f"{member.role} {member.city.slug} {timezone.get_current_timezone()}")


@site_admin_view
def admins_page(request):
    return HttpResponse("admin")


@signed_in_view
def anybodys_page(request):
    return HttpResponse("siapa saja")


def ask(rf, user, city):
    request = rf.get("/")
    request.user = user
    return review_page(request, city_slug=city.slug).content.decode()


def test_a_member_with_the_right_gets_in_and_sees_the_citys_own_time(rf):
    member = MembershipFactory(verifikator=True, city__slug="kota-a", city__timezone=Zone.WITA)

    assert ask(rf, member.user, member.city) == "verifikator kota-a Asia/Makassar"


def test_the_zone_ends_with_the_page(rf):
    member = MembershipFactory(city__timezone=Zone.WIT)
    before = timezone.get_current_timezone_name()

    ask(rf, member.user, member.city)

    assert timezone.get_current_timezone_name() == before


@pytest.mark.parametrize("role", [Role.ADMIN_KOTA, Role.PIMPINAN, Role.PENDAMPING])
def test_a_member_without_the_right_is_denied(rf, role):
    member = MembershipFactory(role=role)

    with pytest.raises(PermissionDenied):
        ask(rf, member.user, member.city)


def test_a_stranger_does_not_learn_that_the_page_exists(rf):
    member = MembershipFactory()

    with pytest.raises(Http404):
        ask(rf, member.user, CityFactory())


def test_a_site_administrator_acts_as_administrator_of_any_city(rf):
    admin, city = SiteAdminFactory(), CityFactory()

    member = membership_of(admin, city.slug)

    assert (member.user, member.city, member.role, member.pk) == (
        admin,
        city,
        Role.ADMIN_KOTA,
        None,
    )


def test_a_site_administrators_own_membership_comes_first():
    own = MembershipFactory(user=SiteAdminFactory(), verifikator=True)

    assert membership_of(own.user, own.city.slug) == own


def test_a_city_that_is_not_there_is_not_found_by_a_site_administrator_either():
    with pytest.raises(Http404):
        membership_of(SiteAdminFactory(), "tidak-ada")


def test_staff_without_all_rights_is_no_site_administrator(rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True)

    with pytest.raises(Http404):
        admins_page(request)


def test_a_site_administrator_opens_the_site_administrators_pages(rf):
    request = rf.get("/")
    request.user = SiteAdminFactory()

    assert admins_page(request).content == b"admin"


def test_every_gate_tells_what_it_asks():
    assert review_page.permission == Permission.REVIEW_EVIDENCE
    assert admins_page.permission == SITE_ADMIN
    assert anybodys_page.permission == SIGNED_IN
