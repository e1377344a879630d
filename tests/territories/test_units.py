"""The units of a city: made from its list, named, seated, split, merged and promoted."""

from datetime import date

import pytest

from cities.models import CityActivity, CityTrailEvent
from cities.roles import Role
from territories.choices import ChangeKind, UnitLevel
from territories.models import Unit, UnitChange, UnitSeat
from territories.queries.boards import history_of
from territories.services.units import (
    NewUnit,
    change_unit,
    load_units,
    rename_unit,
    succeed_units,
)
from tests.assessments.situations import NOW, refused
from tests.factories.cities import CityFactory, DistrictFactory, MembershipFactory, VillageFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)


@pytest.fixture
def city():
    return CityFactory()


@pytest.fixture
def admin(city):
    return MembershipFactory(admin_kota=True, city=city).user


def succeed(kind, before, after, by, on=ON, basis="Perda 1/2025"):
    return succeed_units(
        kind=kind,
        before=[unit.pk for unit in before],
        after=after,
        on=on,
        basis=basis,
        by=by,
        at=NOW,
    )


def new(code, level=UnitLevel.KELURAHAN):
    return NewUnit(code, f"Baru {code}", level)


def test_units_are_made_once_of_what_the_list_holds(city, admin):
    village = VillageFactory(district__city=city, kind="desa")
    VillageFactory(district=village.district, is_listed=False)
    VillageFactory()  # of another city

    assert load_units(city=city, by=admin, at=NOW) == 2
    assert load_units(city=city, by=admin, at=NOW) == 0

    assert list(Unit.objects.values_list("code", "level", "parent__code")) == [
        (village.district.code, "kecamatan", None),
        (village.code, "desa", village.district.code),
    ]
    assert [row.deed for row in CityActivity.objects.all()] == [CityTrailEvent.UNITS_LOADED]


def test_nothing_is_made_of_an_empty_list(city, admin):
    with refused("no_regions"):
        load_units(city=city, by=admin, at=NOW)
    DistrictFactory(city=city)
    assert load_units(city=city, by=admin, at=NOW) == 1


def test_a_seat_is_for_people_of_the_role_and_for_one_unit(city, admin):
    first, second = UnitFactory(city=city), UnitFactory(city=city)
    person = MembershipFactory(city=city, role=Role.WILAYAH)
    given = {"head": " Ani ", "contact": "", "members": [person.pk], "by": admin, "at": NOW}

    change_unit(unit_id=first.pk, **given)
    change_unit(unit_id=second.pk, **given)

    assert list(UnitSeat.objects.values_list("membership", "unit")) == [(person.pk, second.pk)]
    second.refresh_from_db()
    assert second.head == "Ani"
    change_unit(unit_id=second.pk, **given | {"members": []})
    assert UnitSeat.objects.count() == 0
    with refused("not_of_role"):
        change_unit(unit_id=first.pk, **given | {"members": [admin.memberships.get().pk]})


def test_a_new_name_keeps_the_old_one(city, admin):
    unit = UnitFactory(city=city, name="Lama")

    rename_unit(unit_id=unit.pk, name="Baru", on=ON, basis="Perda 2", by=admin, at=NOW)

    [change] = history_of(unit)
    unit.refresh_from_db()
    assert (unit.name, change.former_name, change.on) == ("Baru", "Lama", ON)
    with refused("same_name"):
        rename_unit(unit_id=unit.pk, name="Baru ", on=ON, basis="Perda", by=admin, at=NOW)
    with refused("basis"):
        rename_unit(unit_id=unit.pk, name="Lain", on=ON, basis=" ", by=admin, at=NOW)


def test_a_split_may_go_on_under_the_old_code(city, admin):
    old = UnitFactory(city=city)

    succeed(ChangeKind.SPLIT, [old], [new(old.code), new("72.09.1")], admin)

    old.refresh_from_db()
    follower = Unit.objects.get(code="72.09.1")
    assert (old.active_to, follower.active_from, follower.parent) == (None, ON, old.parent)


def test_a_merger_ends_all_and_begins_one(city, admin):
    old = [UnitFactory(city=city) for _ in range(2)]

    succeed(ChangeKind.MERGED, old, [new("72.09.1")], admin)

    ended = Unit.objects.filter(pk__in=[unit.pk for unit in old])
    assert set(ended.values_list("active_to", flat=True)) == {date(2025, 6, 30)}
    days = [date(2025, 6, 30), ON]
    counts = [Unit.objects.exclude(parent=None).active_on(day).count() for day in days]
    assert counts == [2, 1]


def test_a_desa_becomes_a_kelurahan_and_remembers_what_it_was(city, admin):
    desa = UnitFactory(city=city, level=UnitLevel.DESA)

    succeed(ChangeKind.PROMOTED, [desa], [new("72.09.1")], admin)

    follower = Unit.objects.get(code="72.09.1")
    assert [list(change.before.all()) for change in history_of(follower)] == [[desa]]
    assert history_of(desa) == history_of(follower)


def test_what_lay_below_a_kecamatan_goes_below_the_one_that_follows(city, admin):
    village = UnitFactory(city=city)

    follower = [new("72.09", UnitLevel.KECAMATAN)]
    succeed(ChangeKind.PROMOTED, [village.parent], follower, admin)

    village.refresh_from_db()
    assert village.parent.code == "72.09"


def test_a_change_that_does_not_fit_is_refused(city, admin):
    old, other, foreign = UnitFactory(city=city), UnitFactory(city=city), UnitFactory()
    with refused("numbers"):
        succeed(ChangeKind.SPLIT, [old], [new("72.09.1")], admin)
    with refused("numbers"):
        succeed(ChangeKind.RENAMED, [old], [new("72.09.1")], admin)
    with refused("basis"):
        succeed(ChangeKind.PROMOTED, [old], [new("72.09.1")], admin, basis="")
    with refused("code_taken"):
        succeed(ChangeKind.PROMOTED, [old], [new(other.code)], admin)
    with refused("other_city"):
        succeed(ChangeKind.MERGED, [old, foreign], [new("72.09.1")], admin)
    Unit.objects.filter(pk=old.pk).update(active_to=ON)
    with refused("ended"):
        succeed(ChangeKind.PROMOTED, [old], [new("72.09.1")], admin)
    assert UnitChange.objects.count() == 0
