"""Units that are renamed, split, merged, promoted or ended, on pages; years before stay as they were."""

from datetime import date

import pytest
from django.test import Client

from assessments.choices import Stage
from assessments.models import Assessment
from territories.choices import ChangeKind, ReportState, UnitLevel
from territories.models import Unit, UnitChange
from territories.queries.boards import history_of
from territories.queries.names import named_as_on
from territories.register import TERRITORIES
from territories.services.units import end_unit, load_units, rename_unit
from tests.assessments.situations import NOW, refused
from tests.factories.assessments import open_year
from tests.factories.cities import CityFactory, DistrictFactory, MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 1)  # within the year after that of the data


@pytest.fixture
def year():
    """An assessment of 2026, whose last year of data is 2025."""
    return open_year(city=CityFactory(), year=2026)


@pytest.fixture
def admin(year):
    return MembershipFactory(admin_kota=True, city=year.city).user


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def unit(year):
    return UnitFactory(city=year.city, code="99.01.1001", name="Lama")


def page(unit, year, part=""):
    return f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/{unit.code}/{part}"


def sent(client, unit, year, **typed):
    """What the form answers to these words, with a day and a basis unless told."""
    words = {"on": "1-3-2026", "basis": "Perda 1/2026", **typed}
    return client.post(page(unit, year, "perubahan/"), words, follow=True)


def close_before(year):
    """The assessment of 2025, of data until 2024, is closed."""
    closed = open_year(city=year.city, year=2025)
    Assessment.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)


def answer(city, year):
    return TERRITORIES.answer(city_id=city.pk, city_slug=city.slug, year=year, key="kla-2023/26.4")


def kinds():
    return list(UnitChange.objects.values_list("kind", flat=True))


def test_a_new_name_is_recorded_and_earlier_years_keep_the_old_one(client, unit, year):
    sent(client, unit, year, kind="renamed", name="Baru")

    unit.refresh_from_db()
    assert (unit.name, kinds()) == ("Baru", ["renamed"])
    assert "(Perda 1/2026)" in client.get(page(unit, year, "riwayat/")).text
    assert [row.name for row in answer(year.city, 2026).rows] == ["Lama"]
    assert [row.name for row in answer(year.city, 2027).rows] == ["Baru"]


def test_a_unit_renamed_twice_bears_the_name_of_the_day(unit, admin):
    for name, on in (("Tengah", ON), ("Baru", date(2026, 6, 1))):
        rename_unit(unit_id=unit.pk, name=name, on=on, basis="Perda", by=admin, at=NOW)

    days = [date(2026, 2, 28), ON, date(2026, 5, 31), date(2026, 6, 1)]
    units = [named_as_on(Unit.objects.filter(pk=unit.pk), day)[0].name for day in days]
    assert units == ["Lama", "Tengah", "Tengah", "Baru"]
    history = [(row.former_name, [one.name for one in row.after.all()]) for row in history_of(unit)]
    assert history == [("Lama", ["Tengah"]), ("Tengah", ["Baru"])]


def test_a_kecamatan_is_named_as_then_above_its_kelurahan(unit, admin):
    before = unit.parent.name
    rename_unit(unit_id=unit.parent_id, name="Baru", on=ON, basis="Perda", by=admin, at=NOW)

    [shown] = named_as_on(Unit.objects.filter(pk=unit.pk), NOW.date())
    [then] = named_as_on(Unit.objects.filter(pk=unit.pk), date(2025, 12, 31))
    assert (then.parent.name, then.name) == (before, "Lama")
    assert shown.name == "Lama"


def test_a_split_begins_units_that_the_year_before_does_not_count(client, unit, year):
    ReportFactory(unit=unit)

    sent(client, unit, year, kind="split", after="99.01.1008 Utara\n99.01.1009  Selatan\n")

    assert list(Unit.objects.filter(active_from=ON).values_list("code", "name", "level")) == [
        ("99.01.1008", "Utara", "kelurahan"),
        ("99.01.1009", "Selatan", "kelurahan"),
    ]
    now, then = answer(year.city, 2027), answer(year.city, 2026)
    assert (then.numerator, then.denominator) == (1, 1)
    assert (now.numerator, now.denominator, len(now.missing)) == (0, 2, 2)


def test_a_merger_ends_those_that_were_chosen(client, unit, year):
    other, third = (UnitFactory(city=year.city, parent=unit.parent) for _ in range(2))

    sent(client, unit, year, kind="merged", others=[other.pk], after="99.01.1009 Satu")

    assert set(Unit.objects.filter(active_to=date(2026, 2, 28))) == {unit, other}
    third.refresh_from_db()
    assert third.active_to is None


def test_a_unit_merges_within_its_kecamatan_with_what_is_still_there(client, unit, year):
    near = UnitFactory(city=year.city, parent=unit.parent, level=UnitLevel.DESA)
    UnitFactory(city=year.city, parent=unit.parent, active_to=date(2025, 12, 31))
    UnitFactory(city=year.city)
    kecamatan = Unit.objects.filter(city=year.city, parent=None).exclude(pk=unit.parent_id)

    offered = [
        list(client.get(page(one, year, "perubahan/")).context["form"].fields["others"].queryset)
        for one in (unit, unit.parent)
    ]

    assert offered == [[near], list(kecamatan)]


def test_a_desa_becomes_a_kelurahan_and_nothing_else_does(client, unit, year):
    desa = UnitFactory(city=year.city, level=UnitLevel.DESA)

    sent(client, desa, year, kind="promoted", after="99.01.1009 Maju")
    said = sent(client, unit, year, kind="promoted", after="99.01.1010 Maju")

    assert Unit.objects.get(code="99.01.1009").level == UnitLevel.KELURAHAN
    assert not Unit.objects.filter(code="99.01.1010").exists()
    assert said.context["form"].errors["kind"].as_data()[0].code == "invalid_choice"


def test_a_unit_that_ended_stays_where_it_was_and_says_so(client, unit, year):
    ReportFactory(unit=unit, state=ReportState.ACCEPTED)

    said = sent(client, unit, year, kind="ended")

    assert "Ada sampai 28 Februari 2026" in said.text
    assert "Catat perubahan wilayah" not in said.text
    assert answer(year.city, 2026).numerator == 1
    assert answer(year.city, 2027).rows == ()


def test_a_kecamatan_does_not_end_above_what_is_still_there(unit, admin):
    given = {"on": ON, "basis": "Perda", "by": admin, "at": NOW}

    with refused("below"):
        end_unit(unit_id=unit.parent_id, **given)
    end_unit(unit_id=unit.pk, **given)
    end_unit(unit_id=unit.parent_id, **given)

    assert kinds() == ["ended", "ended"]
    with refused("ended"):
        end_unit(unit_id=unit.pk, **given)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "renamed"}, "name"),
        ({"kind": "split"}, "after"),
        ({"kind": "split", "after": "Utara"}, "after"),
        ({"kind": "split", "after": "99.01.1009"}, "after"),
        ({"kind": "ended", "on": ""}, "on"),
        ({"kind": "ended", "basis": ""}, "basis"),
        ({"kind": "merged", "after": "99.01.1009 Satu"}, "__all__"),  # with nobody
    ],
)
def test_what_is_missing_is_said_at_its_field_and_changes_nothing(client, unit, year, typed, field):
    said = sent(client, unit, year, **typed)

    assert list(said.context["form"].errors) == [field]
    unit.refresh_from_db()
    assert (kinds(), unit.name, unit.active_to, Unit.objects.count()) == ([], "Lama", None, 2)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2024, 6, 1)])
def test_a_change_never_reaches_into_a_closed_year(client, unit, year, admin, day):
    close_before(year)

    said = sent(client, unit, year, kind="ended", on=day.strftime("%d-%m-%Y"))

    assert "31 Desember 2024" in str(said.context["form"].non_field_errors())
    with refused("closed_year"):
        rename_unit(unit_id=unit.pk, name="B", on=day, basis="Perda", by=admin, at=NOW)
    assert kinds() == []
    sent(client, unit, year, kind="ended", on="1-1-2025")
    assert kinds() == [ChangeKind.ENDED]


def test_units_of_a_longer_list_join_after_the_closed_years(year, admin, unit):
    close_before(year)
    district = DistrictFactory(city=year.city)

    load_units(city=year.city, by=admin, at=NOW)

    begun = Unit.objects.exclude(active_from=None).values_list("code", "active_from")
    assert list(begun) == [(district.code, date(2025, 1, 1))]


def test_the_people_of_a_unit_record_no_change_of_theirs_or_another(unit, year):
    person = UnitSeatFactory(unit=unit).membership.user
    other = UnitFactory(city=year.city)
    client = Client()
    client.force_login(person)

    answers = [sent(client, row, year, kind="ended").status_code for row in (unit, other)]

    assert (answers, kinds()) == ([403, 403], [])
