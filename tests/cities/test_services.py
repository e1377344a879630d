from datetime import UTC, datetime

import pytest
from allauth.account.forms import default_token_generator
from django.core.exceptions import ValidationError

from cities.models import City, CityActivity, CityTrailEvent, Membership, Opd, User, Zone
from cities.roles import Role
from cities.services.cities import create_city, edit_city
from cities.services.members import (
    add_member,
    change_member,
    is_waiting_for_password,
    remove_member,
)
from cities.services.opds import create_opd, create_opds, edit_opd, set_opd_active
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


@pytest.fixture
def admin():
    return MembershipFactory(admin_kota=True)


@pytest.fixture
def done_by(admin):
    return {"by": admin.user, "at": AT}


@pytest.fixture
def done_by_site(db):
    return {"by": SiteAdminFactory(), "at": AT}


def refusal(deed, **arguments):
    """The code with which a deed is refused."""
    with pytest.raises(ValidationError) as caught:
        deed(**arguments)
    return caught.value.code


def log():
    """Every line of every city's trail, oldest first; what it says stands in test_trail."""
    return list(CityActivity.objects.order_by("pk").values_list("by__name", "at", "deed", "target"))


def named(member):
    return f"{member.user.name} <{member.user.email}>"


def new_member(city, **changes):
    return {
        "city": city,
        "email": "siti@example.id",
        "name": "Siti",
        "role": Role.GUGUS_TUGAS,
        "opd": None,
        **changes,
    }


# --- Cities -----------------------------------------------------------------------------------


def test_a_new_city_gets_its_address_from_its_name(done_by_site):
    city = create_city(
        province=ProvinceFactory(), code="18.90", name="Kota Baru", zone=Zone.WIB, **done_by_site
    )

    assert list(City.objects.filter(pk=city.pk).values_list("slug", "timezone")) == [
        ("kota-baru", "Asia/Jakarta")
    ]
    assert log() == [(done_by_site["by"].name, AT, CityTrailEvent.CITY_CREATED, "18.90 Kota Baru")]


@pytest.mark.parametrize("name", ["Tambah", "Kota Lama"])
def test_an_address_in_use_or_reserved_gets_the_code_behind_it(done_by_site, name):
    CityFactory(slug="kota-lama")

    city = create_city(
        province=ProvinceFactory(), code="18.90", name=name, zone=Zone.WIB, **done_by_site
    )

    assert city.slug == f"{name.lower().replace(' ', '-')}-18-90"


def test_a_code_in_use_is_refused(done_by_site):
    known = CityFactory()

    with pytest.raises(ValidationError) as caught:
        create_city(
            province=known.province, code=known.code, name="Lain", zone=Zone.WIB, **done_by_site
        )

    assert list(caught.value.message_dict) == ["code"]
    assert not City.objects.filter(name="Lain").exists()


def test_an_edited_city_keeps_its_address(done_by_site):
    city = CityFactory(slug="kota-lama", name="Kota Lama")

    edit_city(city=city, name="Kota Baru", zone=Zone.WIT, **done_by_site)

    city.refresh_from_db()
    assert (city.name, city.slug, city.timezone) == ("Kota Baru", "kota-lama", "Asia/Jayapura")
    assert log() == [
        (done_by_site["by"].name, AT, CityTrailEvent.CITY_CHANGED, f"{city.code} Kota Lama")
    ]


# --- OPDs -------------------------------------------------------------------------------------


def test_an_opd_is_created_active(done_by_site):
    city = CityFactory()

    opd = create_opd(city=city, code="DINKES", name="Dinas Kesehatan", **done_by_site)

    assert list(city.opds.values_list("pk", "code", "is_active")) == [(opd.pk, "DINKES", True)]
    assert log() == [
        (done_by_site["by"].name, AT, CityTrailEvent.OPD_CREATED, "DINKES Dinas Kesehatan")
    ]


def test_an_opd_of_a_known_code_is_refused(done_by_site):
    known = OpdFactory()

    with pytest.raises(ValidationError):
        create_opd(city=known.city, code=known.code, name="Lain", **done_by_site)

    assert list(known.city.opds.all()) == [known]


def test_a_list_of_opds_adds_only_what_the_city_lacks(done_by_site):
    known = OpdFactory(code="DINKES", name="Dinas Kesehatan")
    OpdFactory(code="BAPPEDA")
    rows = [
        ("DINKES", "Dinkes"),
        ("SEHAT", "Dinas Kesehatan"),
        ("BAPPEDA", "Bappeda"),
        ("BAPPEDA", "Bappeda lagi"),
        ("DISDIK", "Dinas Pendidikan"),
    ]

    added = create_opds(city=known.city, rows=rows, **done_by_site)

    assert [(opd.code, opd.name) for opd in added] == [
        ("BAPPEDA", "Bappeda"),
        ("DISDIK", "Dinas Pendidikan"),
    ]
    assert set(known.city.opds.values_list("code", "name")) == {
        ("DINKES", "Dinas Kesehatan"),
        ("BAPPEDA", "Bappeda"),
        ("DISDIK", "Dinas Pendidikan"),
    }
    assert [entry[3] for entry in log()] == ["BAPPEDA Bappeda", "DISDIK Dinas Pendidikan"]


def test_a_list_of_opds_twice_adds_nothing_the_second_time(done_by_site):
    city = CityFactory()
    rows = [("DINKES", "Dinas Kesehatan")]
    create_opds(city=city, rows=rows, **done_by_site)

    assert create_opds(city=city, rows=rows, **done_by_site) == []
    assert city.opds.count() == 1


def test_a_list_with_an_impossible_row_adds_nothing(done_by_site):
    city = CityFactory()

    with pytest.raises(ValidationError):
        create_opds(city=city, rows=[("A", "Dinas A"), ("B" * 31, "Dinas B")], **done_by_site)

    assert city.opds.count() == 0


def test_the_queries_do_not_grow_with_the_list(done_by_site, django_assert_num_queries):
    create_opds(city=CityFactory(), rows=[("X", "X")], **done_by_site)
    city = CityFactory()

    # savepoint, permission, lock twice, known, last line, two inserts, release
    with django_assert_num_queries(9):
        create_opds(city=city, rows=[(f"D{n}", f"Dinas {n}") for n in range(30)], **done_by_site)


def test_an_opd_is_renamed(done_by_site):
    opd = OpdFactory()
    was = f"{opd.code} {opd.name}"

    edit_opd(opd=opd, code="DISDIK", name="Dinas Pendidikan", **done_by_site)

    opd.refresh_from_db()
    assert (opd.code, opd.name) == ("DISDIK", "Dinas Pendidikan")
    assert log() == [(done_by_site["by"].name, AT, CityTrailEvent.OPD_CHANGED, was)]


def test_an_opd_cannot_take_the_name_of_another(done_by_site):
    known = OpdFactory()
    opd = OpdFactory(city=known.city)

    with pytest.raises(ValidationError):
        edit_opd(opd=opd, code=opd.code, name=known.name, **done_by_site)

    assert Opd.objects.get(pk=opd.pk).name == opd.name


def test_deactivating_twice_is_one_deed(done_by_site):
    opd = OpdFactory()

    set_opd_active(opd=opd, is_active=False, **done_by_site)
    set_opd_active(opd=opd, is_active=False, **done_by_site)

    opd.refresh_from_db()
    assert opd.is_active is False
    assert log() == [
        (done_by_site["by"].name, AT, CityTrailEvent.OPD_DEACTIVATED, f"{opd.code} {opd.name}")
    ]


# --- Members ----------------------------------------------------------------------------------


def test_an_unknown_e_mail_becomes_an_account_without_a_password(admin, done_by):
    membership, is_new = add_member(**new_member(admin.city, email="Siti@Example.id"), **done_by)

    user = User.objects.get(email="siti@example.id")
    assert (membership.user, is_new, user.name) == (user, True, "Siti")
    assert is_waiting_for_password(user)
    assert log() == [(admin.user.name, AT, CityTrailEvent.MEMBER_ADDED, "Siti <siti@example.id>")]


def test_a_known_e_mail_becomes_a_member_and_keeps_name_and_password(admin, done_by):
    known = MembershipFactory(user__email="siti@example.id", user__name="Siti Aminah").user
    password = known.password

    membership, is_new = add_member(**new_member(admin.city, email="SITI@example.id"), **done_by)

    known.refresh_from_db()
    assert (membership.user, is_new) == (known, False)
    assert (known.name, known.password) == ("Siti Aminah", password)


def test_staff_of_an_opd_become_members_of_it(admin, done_by):
    opd = OpdFactory(city=admin.city)

    membership, _ = add_member(**new_member(admin.city, role=Role.OPD, opd=opd), **done_by)

    assert (membership.role, membership.opd) == (Role.OPD, opd)


@pytest.mark.parametrize(
    ("foreign", "is_active", "code"),
    [(True, True, "foreign_opd"), (False, False, "inactive_opd")],
)
def test_an_opd_of_another_city_or_an_inactive_one_is_refused(
    admin, done_by, foreign, is_active, code
):
    city = CityFactory() if foreign else admin.city
    opd = OpdFactory(city=city, is_active=is_active)

    found = refusal(add_member, **new_member(admin.city, role=Role.OPD, opd=opd), **done_by)

    assert found == code
    assert not User.objects.filter(email="siti@example.id").exists()


def test_a_member_is_not_added_twice(admin, done_by):
    add_member(**new_member(admin.city), **done_by)

    with pytest.raises(ValidationError):
        add_member(**new_member(admin.city), **done_by)

    assert admin.city.memberships.count() == 2


def test_the_role_opd_without_an_opd_creates_no_account(admin, done_by):
    with pytest.raises(ValidationError):
        add_member(**new_member(admin.city, role=Role.OPD), **done_by)

    assert not User.objects.filter(email="siti@example.id").exists()


def test_a_closed_account_is_not_added(admin, done_by):
    UserFactory(email="siti@example.id", is_active=False)

    assert refusal(add_member, **new_member(admin.city), **done_by) == "inactive_account"
    assert admin.city.memberships.count() == 1


def test_a_city_cannot_narrow_what_a_site_administrator_may_do(admin, done_by):
    SiteAdminFactory(email="siti@example.id")

    assert refusal(add_member, **new_member(admin.city), **done_by) == "site_admin"
    assert admin.city.memberships.count() == 1


def test_a_site_administrator_may_become_a_member_by_one(admin):
    user = SiteAdminFactory(email="siti@example.id")

    membership, _ = add_member(**new_member(admin.city), by=user, at=AT)

    assert membership.user == user


def test_a_members_role_changes(admin, done_by):
    member = MembershipFactory(city=admin.city)
    opd = OpdFactory(city=admin.city, name="Dinas Kesehatan")

    change_member(membership=member, role=Role.OPD, opd=opd, **done_by)

    member.refresh_from_db()
    assert (member.role, member.opd) == (Role.OPD, opd)
    assert log() == [(admin.user.name, AT, CityTrailEvent.MEMBER_CHANGED, named(member))]


def test_a_member_cannot_be_moved_into_another_citys_opd(admin, done_by):
    member = MembershipFactory(city=admin.city)

    code = refusal(change_member, membership=member, role=Role.OPD, opd=OpdFactory(), **done_by)

    member.refresh_from_db()
    assert (code, member.role) == ("foreign_opd", Role.GUGUS_TUGAS)


def test_a_member_may_stay_in_an_opd_that_was_deactivated(admin, done_by):
    member = MembershipFactory(city=admin.city, of_opd=True, opd__is_active=False)

    change_member(membership=member, role=Role.OPD, opd=member.opd, **done_by)

    assert Membership.objects.get(pk=member.pk).opd == member.opd


def test_a_removed_member_keeps_the_account(admin, done_by):
    member = MembershipFactory(city=admin.city, pimpinan=True)

    remove_member(membership=member, **done_by)

    assert list(admin.city.memberships.all()) == [admin]
    assert User.objects.filter(pk=member.user.pk).exists()
    assert log() == [(admin.user.name, AT, CityTrailEvent.MEMBER_REMOVED, named(member))]


@pytest.fixture
def not_counting(admin):
    """Administrators that do not help: of another city, and one who cannot sign in."""
    MembershipFactory(admin_kota=True)
    MembershipFactory(city=admin.city, admin_kota=True, user__is_active=False)
    MembershipFactory(city=admin.city)


@pytest.mark.usefixtures("not_counting")
def test_the_last_administrator_of_a_city_stays(admin, done_by):
    assert refusal(remove_member, membership=admin, **done_by) == "last_admin"
    assert Membership.objects.filter(pk=admin.pk).exists()


@pytest.mark.usefixtures("not_counting")
def test_the_last_administrator_of_a_city_stays_administrator(admin, done_by):
    code = refusal(change_member, membership=admin, role=Role.PIMPINAN, opd=None, **done_by)

    admin.refresh_from_db()
    assert (code, admin.role) == ("last_admin", Role.ADMIN_KOTA)


def test_an_administrator_may_go_when_another_remains(admin, done_by):
    other = MembershipFactory(city=admin.city, admin_kota=True)

    remove_member(membership=admin, **done_by)

    assert list(admin.city.memberships.all()) == [other]
    assert refusal(remove_member, membership=other, by=other.user, at=AT) == "last_admin"


def test_a_site_administrator_may_remove_the_last_administrator(admin):
    remove_member(membership=admin, by=SiteAdminFactory(), at=AT)

    assert admin.city.memberships.count() == 0


# --- Links ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, True),
        ({"password": "ada-kata-sandi"}, False),
        ({"last_login": AT}, False),
        ({"is_active": False}, False),
        ({"is_staff": True}, False),
        ({"is_superuser": True}, False),
    ],
)
def test_only_an_untouched_account_waits_for_its_password(state, expected):
    user = UserFactory(**{"password": None} | state)

    assert is_waiting_for_password(user) is expected


def test_the_city_that_made_an_account_holds_no_key_to_the_next_one(admin, done_by):
    other = MembershipFactory(admin_kota=True)
    theirs, _ = add_member(**new_member(other.city), by=other.user, at=AT)
    token = default_token_generator.make_token(theirs.user)

    mine, _ = add_member(**new_member(admin.city), **done_by)

    assert not default_token_generator.check_token(mine.user, token)


def test_a_link_lives_on_when_a_site_administrator_adds_the_second_city(admin, done_by):
    mine, _ = add_member(**new_member(admin.city), **done_by)
    token = default_token_generator.make_token(mine.user)

    theirs, _ = add_member(**new_member(CityFactory()), by=SiteAdminFactory(), at=AT)

    assert default_token_generator.check_token(theirs.user, token)
