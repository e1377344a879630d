"""Units from a sheet: new ones, who heads them, and what a sheet may not change."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.choices import Stage
from cities.models import CityActivity
from imports.lines import Standing, seen_of
from imports.services.staged import confirm, keep
from territories.models import Unit
from territories.services.unit_sheets import UNITS, read_unit_sheet
from territories.sheets.units import COLUMNS
from tests.assessments.situations import NOW
from tests.at_once import done_at_once
from tests.factories.assessments import open_year
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db

HEADER = ";".join(column.title for column in COLUMNS)


@pytest.fixture
def year():
    return open_year(city=CityFactory())


@pytest.fixture
def admin(year):
    return MembershipFactory(admin_kota=True, city=year.city)


@pytest.fixture
def unit(year):
    district = UnitFactory(city=year.city, kecamatan=True, code="72.01.01", name="Utara")
    return UnitFactory(city=year.city, parent=district, code="72.01.01.1001", name="Mulyojati")


def table(*lines):
    return "\n".join([HEADER, *lines]).encode()


def staged(admin, *lines):
    reading = read_unit_sheet(table(*lines), "wilayah.csv")
    return keep(
        city=admin.city, kind=UNITS, reading=reading, name="wilayah.csv", by=admin.user, at=NOW
    )


def lines_of(admin, *lines):
    return list(UNITS.lines(staged(admin, *lines), admin))


def take(admin, *lines, ticked=()):
    kept = staged(admin, *lines)
    return confirm(
        staged_id=kept.pk,
        city=admin.city,
        kind=UNITS,
        ticked=set(ticked),
        seen=seen_of(UNITS.lines(kept, admin)),
        by=admin.user,
        at=NOW,
    )


def test_a_sheet_brings_kecamatan_and_what_lies_below_in_any_order(year, admin):
    outcome = take(
        admin,
        "72.01.01.1001;Mulyojati;Kelurahan;72.01.01;Ani;0725 1;",
        "72.01.01.2002;Sukamaju;desa;72.01.01;;;1-3-2020",
        "72.01.01;Utara;kecamatan;;;;",
    )

    assert (outcome.added, outcome.changed) == (3, 0)
    rows = Unit.objects.values_list("code", "name", "level", "parent__code", "head", "active_from")
    assert list(rows) == [
        ("72.01.01", "Utara", "kecamatan", None, "", None),
        ("72.01.01.1001", "Mulyojati", "kelurahan", "72.01.01", "Ani", None),
        ("72.01.01.2002", "Sukamaju", "desa", "72.01.01", "", date(2020, 3, 1)),
    ]
    [told] = CityActivity.objects.all()
    assert (told.deed, told.after) == ("units_imported", {"count": "3", "file": "wilayah.csv"})


def test_what_is_empty_is_filled_and_what_differs_asks(year, admin, unit):
    Unit.objects.filter(pk=unit.pk).update(contact="0725 1")

    filled = lines_of(admin, "72.01.01.1001;;;;Ani;;", "72.01.01;;;;;;")
    disputed = lines_of(admin, "72.01.01.1001;;;;Ani;0725 2;")

    assert [line.standing for line in filled] == [Standing.CHANGED, Standing.SAME]
    assert [line.standing for line in disputed] == [Standing.CONFLICT]
    assert [(one.here, one.there) for one in disputed[0].differences] == [
        ("–", "Ani"),
        ("0725 1", "0725 2"),
    ]


def test_a_conflict_is_taken_where_it_was_ticked_and_an_empty_cell_takes_nothing_away(
    year, admin, unit
):
    Unit.objects.filter(pk=unit.pk).update(head="Budi", contact="0725 1")
    line = "72.01.01.1001;Mulyojati;;;Ani;;"

    with pytest.raises(ValidationError) as nothing:
        take(admin, line)
    take(admin, line, ticked=[unit.code])

    assert nothing.value.code == "nothing"
    unit.refresh_from_db()
    assert (unit.head, unit.contact) == ("Ani", "0725 1")
    [told] = CityActivity.objects.all()
    assert (told.before, told.after) == ({"head": "Budi"}, {"head": "Ani"})


@pytest.mark.parametrize(
    "line",
    [
        "72.01.01.1001;Nama lain;;;Ani;;",
        "72.01.01.1001;;desa;;Ani;;",
        "72.01.01.1001;;;72.01.09;Ani;;",
        "72.01.01.1001;;;;Ani 3275014107110002;;",
        "72.01.01.9999;;;;Ani;;",  # ended
        "72.01.01.1002;Baru;;72.01.01;;;",  # of no level
        "72.01.01.1002;;kelurahan;72.01.01;;;",  # without a name
        "72.01.01.1002;Baru;kelurahan;;;;",
        "72.01.01.1002;Baru;kelurahan;72.01.01.1001;;;",  # below a kelurahan
        "72.01.01.1002;Baru;kelurahan;99.01.01;;;",  # of another city
        "72.01.02;Baru;kecamatan;72.01.01;;;",
        "72.01.01.1002;Baru;kelurahan;72.01.01;;;31-12-2025",  # in a closed year
    ],
)
def test_what_a_sheet_may_not_say_is_refused_with_its_reason(year, admin, unit, line):
    UnitFactory(
        city=year.city, parent=unit.parent, code="72.01.01.9999", active_to=date(2020, 1, 1)
    )
    UnitFactory(kecamatan=True, code="99.01.01")
    year.stage = Stage.CLOSED  # it evaluated until the end of 2025
    year.save()
    before = Unit.objects.count()

    [found] = lines_of(admin, line)
    with pytest.raises(ValidationError):
        take(admin, line)

    assert found.standing == Standing.REFUSED
    assert found.note
    assert Unit.objects.count() == before


def test_what_joins_units_of_a_closed_year_begins_after_it(year, admin, unit):
    year.stage = Stage.CLOSED
    year.save()

    take(admin, "72.01.01.1002;Baru;kelurahan;72.01.01;;;")

    assert Unit.objects.get(code="72.01.01.1002").active_from == date(2026, 1, 1)


def test_a_wrong_code_and_a_line_said_twice_are_told_with_their_places():
    reading = read_unit_sheet(table("x1;A;;;;;", "72.01;A;;;;;", "72.01;B;;;;;"), "wilayah.csv")

    assert len(reading.rows) == 1
    assert "bukan kode wilayah" in reading.faults[0]
    assert "mengulang baris 3" in reading.faults[1]


def test_a_secretary_brings_no_units(year):
    with pytest.raises(PermissionDenied):
        staged(MembershipFactory(gugus_tugas=True, city=year.city), "72.01.01;Utara;kecamatan;;;;")


@pytest.mark.django_db(transaction=True)
def test_two_sheets_with_the_same_new_unit_at_once_bring_it_once(year, admin):
    other = MembershipFactory(admin_kota=True, city=year.city)
    line = "72.01.01;Utara;kecamatan;;;;"

    told = done_at_once(lambda: take(admin, line), lambda: take(other, line))

    assert told.count("done") == 1
    assert Unit.objects.count() == 1


def test_the_sheet_goes_out_filled_and_comes_back_without_a_change(year, admin, unit):
    client = Client()
    client.force_login(admin.user)
    base = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/data/"

    for kind in ("csv", "xlsx"):
        content = client.get(f"{base}unduh/", {"unduh": kind}).getvalue()
        file = SimpleUploadedFile(f"wilayah.{kind}", content)
        page = client.post(base, {"file": file}, follow=True)
        assert page.context["groups"]["same"] != []
        assert [
            name
            for name in ("new", "changed", "conflict", "refused")
            if page.context["groups"][name]
        ] == []
