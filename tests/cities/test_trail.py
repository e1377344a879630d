"""The trail of a city: every deed on its people and places, chained, never changed, and read."""

import csv
import io
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import CityActivity, CityTrailEvent, Opd, Zone
from cities.roles import Role
from cities.services.activity import NewEntry, record
from cities.services.cities import create_city, edit_city
from cities.services.members import add_member, change_member, remove_member
from cities.services.opds import create_opd, create_opds, edit_opd, set_opd_active
from tests.assessments.tampering import triggers_dropped
from tests.at_once import at_once
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)
from trail import hash_chain
from trail.address import coming_from

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TABLE = "cities_cityactivity"
PAGES = ("trail_list", "trail_csv")


@pytest.fixture
def admin(client):
    member = MembershipFactory(admin_kota=True, city__slug="kota-uji", city__name="Kota Uji")
    client.force_login(member.user)
    return member


@pytest.fixture
def done_by(admin):
    return {"by": admin.user, "at": AT}


def lines(city):
    return list(city.activities.order_by("position"))


def last_of(city):
    """What the newest line of a city says."""
    row = lines(city)[-1]
    return row.deed, row.target, row.before, row.after


def write(city, number=1, by=None, at=AT, target="OPD"):
    by = by or UserFactory()
    for _ in range(number):
        record(NewEntry(CityTrailEvent.OPD_CHANGED, target), city=city, by=by, at=at)


def url_of(name, city):
    return reverse(f"cities:{name}", args=[city.slug])


def read(response):
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def csv_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text), delimiter=";")
    # Figures that are no number, such as an address, are kept a text.
    return [[cell.removeprefix('="').removesuffix('"') for cell in row] for row in rows]


def positions(response):
    return [row.position for row in response.context["page_obj"]]


# --- What a deed leaves -----------------------------------------------------------------------


def test_a_new_and_a_renamed_city():
    done_by = {"by": SiteAdminFactory(), "at": AT}
    city = create_city(
        province=ProvinceFactory(), code="18.90", name="Kota A", zone=Zone.WIB, **done_by
    )
    assert last_of(city) == (
        CityTrailEvent.CITY_CREATED,
        "18.90 Kota A",
        {},
        {"name": "Kota A", "zone": "WIB"},
    )

    edit_city(city=city, name="Kota B", zone=Zone.WIB, **done_by)
    assert last_of(city) == (
        CityTrailEvent.CITY_CHANGED,
        "18.90 Kota A",
        {"name": "Kota A"},
        {"name": "Kota B"},
    )


def test_an_opd_from_its_beginning_to_its_end(admin, done_by):
    opd = create_opd(city=admin.city, code="DINKES", name="Dinas Kesehatan", **done_by)
    edit_opd(opd=opd, code="DINKES", name="Dinas Kesehatan Kota", **done_by)
    set_opd_active(opd=opd, is_active=False, **done_by)
    set_opd_active(opd=opd, is_active=True, **done_by)

    assert [(row.deed, row.target, row.before, row.after) for row in lines(admin.city)] == [
        (
            CityTrailEvent.OPD_CREATED,
            "DINKES Dinas Kesehatan",
            {},
            {
                "code": "DINKES",
                "name": "Dinas Kesehatan",
                "kind": "perangkat daerah",
                "state": "Aktif",
            },
        ),
        (
            CityTrailEvent.OPD_CHANGED,
            "DINKES Dinas Kesehatan",
            {"name": "Dinas Kesehatan"},
            {"name": "Dinas Kesehatan Kota"},
        ),
        (
            CityTrailEvent.OPD_DEACTIVATED,
            "DINKES Dinas Kesehatan Kota",
            {"state": "Aktif"},
            {"state": "Nonaktif"},
        ),
        (
            CityTrailEvent.OPD_ACTIVATED,
            "DINKES Dinas Kesehatan Kota",
            {"state": "Nonaktif"},
            {"state": "Aktif"},
        ),
    ]


def test_a_list_of_opds_leaves_a_line_for_each(admin, done_by):
    create_opds(city=admin.city, rows=[("A", "Dinas A"), ("B", "Dinas B")], **done_by)

    rows = lines(admin.city)
    assert [(row.position, row.target) for row in rows] == [(1, "A Dinas A"), (2, "B Dinas B")]
    assert rows[1].previous_hash == rows[0].hash


def test_a_member_from_the_first_day_to_the_last(admin, done_by):
    opd = OpdFactory(city=admin.city, name="Dinas Kesehatan")
    member, _ = add_member(
        city=admin.city,
        email="siti@example.id",
        name="Siti",
        role=Role.GUGUS_TUGAS,
        opd=None,
        **done_by,
    )
    change_member(membership=member, role=Role.OPD, opd=opd, **done_by)
    remove_member(membership=member, **done_by)

    who = "Siti <siti@example.id>"
    assert [(row.deed, row.target, row.before, row.after) for row in lines(admin.city)] == [
        (
            CityTrailEvent.MEMBER_ADDED,
            who,
            {},
            {"role": "Gugus Tugas KLA", "account": "baru"},
        ),
        (
            CityTrailEvent.MEMBER_CHANGED,
            who,
            {"role": "Gugus Tugas KLA", "opd": None},
            {"role": "OPD", "opd": "Dinas Kesehatan"},
        ),
        (CityTrailEvent.MEMBER_REMOVED, who, {"role": "OPD", "opd": "Dinas Kesehatan"}, {}),
    ]


def test_a_person_who_has_an_account_is_told_from_a_new_one(admin, done_by):
    known = UserFactory()
    person = {"email": known.email, "name": "Lain", "role": Role.PIMPINAN, "opd": None}
    add_member(city=admin.city, **person, **done_by)

    assert last_of(admin.city)[1:] == (
        f"{known.name} <{known.email}>",
        {},
        {"role": "Pimpinan", "account": "sudah ada"},
    )


def test_a_refused_deed_leaves_no_line(admin, done_by):
    with pytest.raises(Exception, match="terakhir"):
        remove_member(membership=admin, **done_by)

    assert lines(admin.city) == []


def test_a_page_of_the_city_leaves_its_address(client, admin):
    client.post(
        url_of("opd_create", admin.city),
        {"code": "DINKES", "name": "Dinas Kesehatan", "kind": "perangkat_daerah"},
        REMOTE_ADDR="203.0.113.9",
    )

    [row] = lines(admin.city)
    assert (row.by, row.address, row.target) == (
        admin.user,
        "203.0.113.9",
        "DINKES Dinas Kesehatan",
    )


def test_a_city_recorded_by_a_site_administrator_has_the_address_too(client):
    client.force_login(SiteAdminFactory())
    province = ProvinceFactory()

    client.post(
        reverse("cities:city_create"),
        {"province": province.pk, "code": "18.90", "name": "Kota Baru", "zone": Zone.WIB},
        REMOTE_ADDR="203.0.113.9",
    )

    assert list(CityActivity.objects.values_list("deed", "address")) == [
        (CityTrailEvent.CITY_CREATED, "203.0.113.9")
    ]


# --- The chain --------------------------------------------------------------------------------


def test_each_line_follows_the_one_before_it_in_its_own_city():
    city, other = CityFactory(), CityFactory()
    write(city, 3)
    write(other)
    write(city)

    rows = lines(city)
    assert [row.position for row in rows] == [1, 2, 3, 4]
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [row.compute_hash() for row in rows] == [row.hash for row in rows]
    assert lines(other)[0].previous_hash == hash_chain.START


def test_the_fingerprint_of_a_line_never_changes_with_the_code():
    entry = CityActivity(
        city_id=1,
        position=2,
        deed="member_changed",
        target="Siti <siti@example.id>",
        before={"role": "OPD"},
        after={"role": "Pimpinan"},
        at=AT,
        by_id=4,
        address="203.0.113.9",
        previous_hash="0" * 64,
    )

    assert entry.compute_hash() == (
        "c23e14b714ad13fa7f3b5871f373f0d369da2271669adb47fd386347e74c2a88"
    )


@pytest.mark.django_db(transaction=True)
def test_deeds_at_the_same_moment_never_follow_the_same_line():
    city, by = CityFactory(), SiteAdminFactory()
    opd = OpdFactory(city=city)
    members = MembershipFactory.create_batch(2, city=city)

    def creating(number):
        def deed():
            for round_ in range(4):
                code = f"D{number}{round_}"
                create_opd(city=city, code=code, name=code, by=by, at=AT)

        return deed

    def moving(member):
        def deed():
            for role in (Role.OPD, Role.PIMPINAN) * 2:
                wanted = opd if role == Role.OPD else None
                change_member(membership=member, role=role, opd=wanted, by=by, at=AT)

        return deed

    def renaming():
        for number in range(4):
            edit_opd(opd=opd, code=opd.code, name=f"Nama {number}", by=by, at=AT)

    at_once(*map(creating, range(2)), *map(moving, members), renaming)

    rows = lines(city)
    assert [row.position for row in rows] == list(range(1, 5 * 4 + 1))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert Opd.objects.filter(city=city).count() == 9


@pytest.mark.parametrize("statement", ["UPDATE {} SET by_id = by_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(statement):
    write(CityFactory())
    rows = list(CityActivity.objects.values())

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement.format(TABLE))

    assert list(CityActivity.objects.values()) == rows


def test_the_database_refuses_to_empty_the_table():
    write(CityFactory())
    cursor = connection.cursor()
    emptying = f"DELETE FROM {TABLE}"
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else it is refused for those
        emptying = f"TRUNCATE {TABLE}"

    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        cursor.execute(emptying)


# --- verify_trail -----------------------------------------------------------------------------


def verify(*options):
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_trail", *options, stdout=out, stderr=err, no_color=True)
    except CommandError as error:
        return out.getvalue().splitlines(), err.getvalue().splitlines(), bool(error.returncode)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), False


def test_a_sound_trail_prints_its_head_which_is_found_again(tmp_path):
    city = CityFactory()
    CityFactory()  # without a deed
    write(city, 3)

    head = f"{city.slug} kota 3 {lines(city)[-1].hash}"
    assert verify() == ([head], [], False)
    kept = tmp_path / "kepala.txt"
    kept.write_text(head)
    write(city)
    assert verify("--city", city.slug, "--heads", str(kept))[1:] == ([], False)
    with triggers_dropped(TABLE) as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    lost = f"{head}: tidak ada lagi; ujung jejak dipotong atau ditulis ulang"
    assert verify("--heads", str(kept)) == ([], [lost], True)


def test_an_altered_line_is_named():
    city = CityFactory()
    write(city, 3)
    row = lines(city)[1]
    with triggers_dropped(TABLE) as cursor:
        cursor.execute(f"UPDATE {TABLE} SET target = 'lain' WHERE id = %s", [row.pk])

    told = f"#{row.pk} opd_changed 2026-03-02 03:00:00 UTC"
    assert verify() == ([], [f"{city.slug} kota, baris 2: isinya diubah: {told}"], True)


def test_a_removed_line_is_named_by_the_one_after_it():
    city = CityFactory()
    write(city, 3)
    removed, after = lines(city)[1:]
    with triggers_dropped(TABLE) as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = %s", [removed.pk])

    told = f"#{after.pk} opd_changed 2026-03-02 03:00:00 UTC"
    assert verify() == ([], [f"{city.slug} kota, baris 2: 1 baris dihapus sebelum: {told}"], True)


# --- The page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_administrator_of_another_city_learns_nothing(client, admin, name):
    assert client.get(url_of(name, CityFactory())).status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["gugus_tugas", "verifikator", "of_opd", "pimpinan"])
def test_only_the_citys_administrators_read_the_trail(client, name, role):
    member = MembershipFactory(**{role: True})
    client.force_login(member.user)

    assert client.get(url_of(name, member.city)).status_code == 403


def test_the_newest_deed_comes_first_with_person_address_and_change(client, admin, rf):
    write(CityFactory(), target="Milik kota lain")
    write(admin.city)
    by = UserFactory(name="Ani Wijaya")
    told = NewEntry(
        CityTrailEvent.MEMBER_CHANGED, "<b>Siti</b>", {"role": "OPD"}, {"role": "Pimpinan"}
    )
    with coming_from(rf.get("/", REMOTE_ADDR="203.0.113.9")):
        record(told, city=admin.city, by=by, at=AT)

    response = client.get(url_of("trail_list", admin.city))

    page = response.content.decode()
    assert positions(response) == [2, 1]
    row = response.context["page_obj"][0]
    assert [(c.label, c.before, c.after) for c in row.changes] == [("Peran", "OPD", "Pimpinan")]
    shown = ("Ani Wijaya", "203.0.113.9", "&lt;b&gt;Siti&lt;/b&gt;", row.hash)
    assert [text for text in shown if text not in page] == []
    assert "Milik kota lain" not in page
    assert "<b>Siti" not in page


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [3, 2, 1]),
        ({"orang": "ani"}, [3, 1]),
        ({"dari": "2026-03-03"}, [3, 2]),
        ({"dari": "2026-03-03", "sampai": "2026-03-03", "orang": "ani"}, [3]),
        ({"sampai": "2026-03-02"}, [1]),
        ({"dari": "2026-03-04"}, []),
        ({"q": "DINAS A"}, [3, 1]),
        ({"aktivitas": "opd_created"}, [2]),
        ({"urut": "lama"}, [1, 2, 3]),
        ({"urut": "lama", "orang": "ani"}, [1, 3]),
    ],
)
def test_filters_narrow_the_page_and_the_file_alike(client, admin, query, wanted):
    """Three deeds around midnight of the city's 3 March (WIB is UTC+7)."""
    ani, budi = UserFactory(name="Ani"), UserFactory(name="Budi")
    midnight = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    before = datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC)
    write(admin.city, by=ani, at=before, target="A Dinas A")
    record(NewEntry(CityTrailEvent.OPD_CREATED, "B Dinas B"), city=admin.city, by=budi, at=midnight)
    write(admin.city, by=ani, at=midnight, target="A Dinas A")
    if "orang" in query:
        query = query | {"orang": ani.pk}

    assert positions(client.get(url_of("trail_list", admin.city), query)) == wanted
    exported = csv_of(client.get(url_of("trail_csv", admin.city), query))
    assert [int(row[0]) for row in exported[1:]] == wanted


def test_a_filter_that_makes_no_sense_narrows_nothing_and_says_so(client, admin):
    write(admin.city)
    stranger = UserFactory()
    query = {"dari": "kemarin", "orang": stranger.pk}

    response = client.get(url_of("trail_list", admin.city), query)

    assert positions(response) == [1]
    assert set(response.context["form"].errors) == {"dari", "orang"}


def test_fifty_lines_make_a_page(client, admin):
    write(admin.city, 21)

    assert positions(client.get(url_of("trail_list", admin.city))) == list(range(21, 1, -1))
    assert positions(client.get(url_of("trail_list", admin.city), {"halaman": 2})) == [1]


def test_a_city_without_a_deed_or_a_year_has_its_page(client, admin):
    response = client.get(url_of("trail_list", admin.city))

    page = response.content.decode()
    assert (positions(response), "Belum ada aktivitas" in page) == ([], True)
    assert f'href="{url_of("trail_list", admin.city)}" aria-current="page"' in page


@pytest.mark.parametrize("name", PAGES)
def test_more_lines_need_no_more_queries(client, admin, name):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert read(client.get(url_of(name, admin.city))).status_code == 200
        return len(queries)

    write(admin.city)
    one = cost()
    for _ in range(30):
        write(admin.city)

    assert cost() == one


def test_the_file_has_every_fact_and_no_formula(client, admin, rf):
    by = UserFactory(name="Ani", email="ani@example.id")
    told = NewEntry(CityTrailEvent.OPD_CHANGED, "=1+1", {"name": "@A"}, {"name": "B"})
    with coming_from(rf.get("/", REMOTE_ADDR="203.0.113.9")):
        record(told, city=admin.city, by=by, at=AT)

    response = client.get(url_of("trail_csv", admin.city))

    named = 'attachment; filename="jejak-kota-uji-anggota-opd.csv"'
    assert response["Content-Disposition"] == named
    assert csv_of(response)[1:] == [
        [
            "1",
            "2026-03-02T10:00:00+07:00",
            "Ani",
            "ani@example.id",
            "203.0.113.9",
            "mengubah data OPD",
            "'=1+1",
            "Nama: @A",
            "Nama: B",
            lines(admin.city)[0].hash,
        ]
    ]
