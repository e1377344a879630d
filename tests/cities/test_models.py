from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from cities.models import City, Membership, Opd, User, Zone
from cities.roles import GRANTS, Permission, Role
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def refused(row):
    """What the database does with a row that nobody checked."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def sentences(row):
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    return caught.value.messages


def test_an_e_mail_is_stored_in_lower_case():
    user = User.objects.create_user("Siti@Example.ID", name="Siti")

    assert user.email == "siti@example.id"
    assert not user.has_usable_password()


def test_one_e_mail_belongs_to_one_account_however_it_is_written():
    UserFactory(email="siti@example.id")
    double = User(email="SITI@example.id", name="Siti", password="x")

    assert sentences(double) == ["E-mail ini sudah terdaftar."]
    refused(double)


def test_an_account_is_found_by_its_e_mail_however_it_is_written():
    user = UserFactory(email="siti@example.id")

    assert User.objects.get_by_natural_key("Siti@Example.id") == user


def test_a_superuser_is_a_site_administrator():
    user = User.objects.create_superuser("a@example.id", "x", name="A")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_a_person_without_a_name_is_shown_by_e_mail():
    assert str(User(email="siti@example.id")) == "siti@example.id"
    assert str(User(email="siti@example.id", name="Siti")) == "Siti"


def test_a_city_has_one_of_the_three_zones():
    city = CityFactory.build(province=CityFactory().province, timezone="Europe/Paris")

    assert sentences(city) == ["Zona waktu harus WIB, WITA, atau WIT."]
    refused(city)


def test_the_clock_of_a_city_follows_its_zone():
    assert CityFactory.build(timezone=Zone.WIT).zone == ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize("field", ["code", "slug"])
def test_code_and_address_of_a_city_are_its_own(field):
    first = CityFactory()

    refused(CityFactory.build(province=first.province, **{field: getattr(first, field)}))


def test_an_opd_code_stands_once_in_a_city():
    opd = OpdFactory(code="DINKES")
    double = Opd(city=opd.city, code="DINKES", name="Lain")

    assert sentences(double) == ["Kota ini sudah memiliki OPD dengan kode tersebut."]
    refused(double)


def test_an_opd_name_stands_once_in_a_city():
    opd = OpdFactory(name="Dinas Kesehatan")
    double = Opd(city=opd.city, code="LAIN", name="Dinas Kesehatan")

    assert sentences(double) == ["Kota ini sudah memiliki OPD dengan nama tersebut."]
    refused(double)


def test_two_cities_may_have_an_opd_of_the_same_code_and_name():
    opd = OpdFactory()

    OpdFactory(code=opd.code, name=opd.name)

    assert Opd.objects.filter(code=opd.code, name=opd.name).count() == 2


def test_inactive_opds_are_not_among_the_active_ones():
    active = OpdFactory()
    OpdFactory(city=active.city, is_active=False)

    assert list(active.city.opds.active()) == [active]


def test_a_person_is_a_member_of_a_city_once():
    member = MembershipFactory()
    double = Membership(user=member.user, city=member.city, role=Role.PIMPINAN)

    assert sentences(double) == ["Orang ini sudah menjadi anggota kota ini."]
    refused(double)


def test_an_unknown_role_is_refused():
    member = MembershipFactory.build(user=UserFactory(), city=CityFactory(), role="raja")

    assert sentences(member) == ["Peran tidak dikenal."]
    refused(member)


def test_the_role_opd_needs_an_opd():
    member = MembershipFactory.build(user=UserFactory(), city=CityFactory(), role=Role.OPD)

    assert sentences(member) == ["Peran OPD memerlukan sebuah OPD; peran lain tidak memilikinya."]
    refused(member)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPD])
def test_no_other_role_has_an_opd(role):
    opd = OpdFactory()
    member = MembershipFactory.build(user=UserFactory(), city=opd.city, role=role, opd=opd)

    assert sentences(member) == ["Peran OPD memerlukan sebuah OPD; peran lain tidak memilikinya."]
    refused(member)


@pytest.mark.parametrize("role", list(Role))
def test_a_member_may_what_the_role_grants(role):
    member = Membership(role=role)

    assert {right for right in Permission if member.may(right)} == GRANTS[role]


def test_staff_of_an_opd_are_named_by_it_and_others_by_their_role():
    staff = MembershipFactory(of_opd=True, opd__name="Dinas Kesehatan")
    leader = MembershipFactory(pimpinan=True)

    assert (staff.label, str(leader.label)) == ("Dinas Kesehatan", "Pimpinan")


def test_a_city_with_members_or_opds_cannot_be_deleted():
    city = MembershipFactory().city

    with pytest.raises(ProtectedError):
        city.delete()


def test_a_person_sees_the_cities_they_are_a_member_of():
    member = MembershipFactory()
    MembershipFactory()

    assert list(City.objects.visible_to(member.user)) == [member.city]


def test_a_site_administrator_sees_every_city():
    cities = [CityFactory(), MembershipFactory().city]

    assert list(City.objects.visible_to(SiteAdminFactory())) == cities


def test_a_city_takes_part_once_it_has_a_member_or_an_opd():
    CityFactory()
    with_member = MembershipFactory().city
    with_opd = OpdFactory().city

    assert list(City.objects.taking_part()) == [with_member, with_opd]
