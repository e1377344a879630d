from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City, Membership, Opd, OpdKind, Zone
from cities.roles import Role
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """The administrator of a city, signed in."""
    member = MembershipFactory(admin_kota=True)
    client.force_login(member.user)
    return member


@pytest.fixture
def site_admin(client):
    user = SiteAdminFactory()
    client.force_login(user)
    return user


def address(name, member, *args):
    return reverse(f"cities:{name}", args=[member.city.slug, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def shown(response):
    return [city.name for city in response.context["page_obj"]]


def names(response):
    return [member.user.name for member in response.context["page_obj"]]


def queries_of(client, url):
    client.get(url)  # content types and the like are looked up once per process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- Who gets in ------------------------------------------------------------------------------

GUARDED = [
    ("city_edit", False, "get"),
    ("opd_list", False, "get"),
    ("opd_create", False, "get"),
    ("opd_edit", "opd", "get"),
    ("opd_activate", "opd", "post"),
    ("opd_deactivate", "opd", "post"),
    ("member_list", False, "get"),
    ("invitation_create", False, "get"),
    ("member_edit", "member", "get"),
    ("member_replace", "member", "get"),
    ("member_remove", "member", "get"),
]
OF_ONE_ROW = [row for row in GUARDED if row[1]]


def guarded(name, about, city, owner):
    """The page's address in `city` for a row of `owner`, another city or the same."""
    pks = {
        "opd": lambda: OpdFactory(city=owner).pk,
        "member": lambda: MembershipFactory(city=owner, user__password=None).pk,
    }
    args = [pks[about]()] if about else []
    return reverse(f"cities:{name}", args=[city.slug, *args])


@pytest.mark.parametrize(("name", "about", "method"), GUARDED)
def test_the_administrator_opens_every_page_of_the_city(client, admin, name, about, method):
    url = guarded(name, about, admin.city, admin.city)

    assert getattr(client, method)(url).status_code in {200, 302}


@pytest.mark.parametrize(("name", "about", "method"), GUARDED)
def test_a_site_administrator_opens_every_page_of_any_city(client, site_admin, name, about, method):
    city = CityFactory()

    assert getattr(client, method)(guarded(name, about, city, city)).status_code in {200, 302}


@pytest.mark.parametrize(("name", "about", "method"), GUARDED)
def test_a_stranger_finds_no_page_of_the_city(client, admin, name, about, method):
    other = CityFactory()

    assert getattr(client, method)(guarded(name, about, other, other)).status_code == 404


@pytest.mark.parametrize(("name", "about", "method"), GUARDED)
@pytest.mark.parametrize("role", ["gugus_tugas", "of_opd", "pimpinan"])
def test_a_member_who_manages_nobody_is_denied(client, role, name, about, method):
    member = MembershipFactory(**{role: True})
    client.force_login(member.user)
    url = guarded(name, about, member.city, member.city)

    assert getattr(client, method)(url).status_code == 403


@pytest.mark.parametrize(("name", "about", "method"), OF_ONE_ROW)
def test_own_city_in_the_address_does_not_open_another_citys_row(
    client, admin, name, about, method
):
    url = guarded(name, about, admin.city, CityFactory())

    assert getattr(client, method)(url).status_code == 404
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("name", ["opd_activate", "opd_deactivate"])
def test_a_deed_is_not_done_by_looking(client, admin, name):
    assert client.get(address(name, admin, 1)).status_code == 405


def test_nobody_gets_in_unnamed(client):
    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# --- Cities -----------------------------------------------------------------------------------


def test_a_site_administrator_adds_a_city(client, site_admin):
    province = ProvinceFactory(code="18")
    data = {"province": province.pk, "code": "18.90", "name": "Kota Baru", "zone": Zone.WIB}

    response = client.post(reverse("cities:city_create"), data)

    assert City.objects.values_list("code", "slug").get() == ("18.90", "kota-baru")
    assert response["Location"] == reverse("cities:member_list", args=["kota-baru"])
    assert said(response) == ["Kota Baru tercatat."]


@pytest.mark.parametrize("code", ["1890", "18.9", "18.900", "aa.bb", "35.90", "١٨.٩٠", "18.72"])
def test_a_wrong_or_taken_code_adds_no_city(client, site_admin, code):
    known = CityFactory(code="18.72")
    data = {"province": known.province.pk, "code": code, "name": "Kota Baru", "zone": Zone.WIB}

    response = client.post(reverse("cities:city_create"), data)

    assert list(response.context["form"].errors) == ["code"]
    assert list(City.objects.all()) == [known]


def test_the_page_for_a_new_city_exists_for_site_administrators_only(client, admin):
    assert client.get(reverse("cities:city_create")).status_code == 404


def test_the_administrator_sets_the_citys_clock(client, admin):
    url = address("city_edit", admin)

    response = client.post(url, {"name": "Kota Baru", "zone": Zone.WIT})

    admin.city.refresh_from_db()
    assert (admin.city.name, admin.city.timezone) == ("Kota Baru", Zone.WIT)
    assert response["Location"] == url


# --- OPDs -------------------------------------------------------------------------------------


def test_the_list_of_opds_shows_the_active_ones_first(client, admin):
    OpdFactory(city=admin.city, name="A", is_active=False)
    MembershipFactory(city=admin.city, of_opd=True, opd__name="B")
    OpdFactory(name="C")

    opds = client.get(address("opd_list", admin)).context["page_obj"]

    assert [(opd.name, opd.member_count) for opd in opds] == [("B", 1), ("A", 0)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Bappeda", "Polres", "Arsip"]),
        ({"q": "POL"}, ["Polres"]),
        ({"q": "kode-b"}, ["Bappeda"]),
        ({"jenis": "instansi_vertikal"}, ["Polres"]),
        ({"keadaan": "nonaktif"}, ["Arsip"]),
        ({"keadaan": "kosong"}, ["Polres"]),
        ({"urut": "kode"}, ["Arsip", "Bappeda", "Polres"]),
        ({"urut": "anggota", "keadaan": "aktif"}, ["Bappeda", "Polres"]),
        ({"q": "C"}, []),
    ],
)
def test_the_list_of_opds_can_be_searched(client, admin, query, expected):
    bappeda = OpdFactory(city=admin.city, name="Bappeda", code="KODE-B")
    MembershipFactory.create_batch(2, city=admin.city, of_opd=True, opd=bappeda)
    OpdFactory(city=admin.city, name="Polres", code="POL", kind=OpdKind.INSTANSI_VERTIKAL)
    OpdFactory(city=admin.city, name="Arsip", code="A", is_active=False)
    OpdFactory(name="C", code="C", kind=OpdKind.INSTANSI_VERTIKAL)

    found = client.get(address("opd_list", admin), query).context["page_obj"]

    assert [opd.name for opd in found] == expected


def test_a_long_list_of_opds_is_read_page_by_page(client, admin):
    OpdFactory.create_batch(30, city=admin.city)
    url = address("opd_list", admin)

    assert len(client.get(url).context["page_obj"]) == 25
    second = client.get(url, {"halaman": "2", "urut": "kode"})
    assert len(second.context["page_obj"]) == 5
    assert "?halaman=1&amp;urut=kode" in second.content.decode()


def test_without_an_opd_the_list_offers_to_add_one(client, admin):
    page = client.get(address("opd_list", admin)).content.decode()

    assert "Belum ada OPD" in page
    assert address("opd_create", admin) in page


def test_the_list_of_opds_costs_the_same_with_1_and_with_30(client, admin):
    url = address("opd_list", admin)
    OpdFactory(city=admin.city)
    one = queries_of(client, url)
    MembershipFactory.create_batch(29, city=admin.city, of_opd=True)

    assert queries_of(client, url) == one


def test_an_opd_is_added_with_its_code_in_capitals(client, admin):
    response = client.post(
        address("opd_create", admin),
        {"code": "dinkes", "name": "Dinas Kesehatan", "kind": "perangkat_daerah"},
    )

    assert admin.city.opds.values_list("code", "name").get() == ("DINKES", "Dinas Kesehatan")
    assert response["Location"] == address("opd_list", admin)


def test_an_opd_known_already_is_refused_with_a_sentence(client, admin):
    OpdFactory(city=admin.city, code="DINKES")

    response = client.post(
        address("opd_create", admin), {"code": "DINKES", "name": "Lain", "kind": "perangkat_daerah"}
    )

    assert response.context["form"].non_field_errors() == [
        "Kota ini sudah memiliki OPD dengan kode tersebut."
    ]


def test_a_code_with_spaces_is_refused(client, admin):
    response = client.post(
        address("opd_create", admin),
        {"code": "DIN KES", "name": "Lain", "kind": "perangkat_daerah"},
    )

    assert list(response.context["form"].errors) == ["code"]


def test_an_opd_is_renamed(client, admin):
    opd = OpdFactory(city=admin.city)

    client.post(
        address("opd_edit", admin, opd.pk),
        {"code": opd.code, "name": "Nama Baru", "kind": "perangkat_daerah"},
    )

    opd.refresh_from_db()
    assert opd.name == "Nama Baru"


def test_an_opd_cannot_take_the_name_of_another(client, admin):
    known, opd = OpdFactory.create_batch(2, city=admin.city)
    data = {"code": opd.code, "name": known.name, "kind": "perangkat_daerah"}

    response = client.post(address("opd_edit", admin, opd.pk), data)

    assert response.context["form"].non_field_errors() == [
        "Kota ini sudah memiliki OPD dengan nama tersebut."
    ]


def test_an_opd_is_put_out_of_use_and_back(client, admin):
    opd = OpdFactory(city=admin.city)

    client.post(address("opd_deactivate", admin, opd.pk))
    assert Opd.objects.get(pk=opd.pk).is_active is False

    client.post(address("opd_activate", admin, opd.pk))
    assert Opd.objects.get(pk=opd.pk).is_active is True


# --- Members ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Budi", "Siti", "Zul"]),
        ({"q": "siti"}, ["Siti"]),
        ({"q": "budi@"}, ["Budi"]),
        ({"q": "kesehatan"}, ["Siti"]),
        ({"peran": "pimpinan"}, ["Budi"]),
        ({"peran": "raja"}, ["Budi", "Siti", "Zul"]),
        ({"opd": "DINKES"}, ["Siti"]),
        ({"opd": "LAIN"}, ["Budi", "Siti", "Zul"]),  # of another city only
        ({"keadaan": "belum"}, ["Siti"]),
        ({"keadaan": "nonaktif"}, ["Budi"]),
        ({"urut": "peran"}, ["Zul", "Siti", "Budi"]),
        ({"urut": "masuk"}, ["Zul", "Budi", "Siti"]),
        ({"urut": "lama"}, ["Siti", "Budi", "Zul"]),
        ({"urut": "apa"}, ["Budi", "Siti", "Zul"]),
        ({"q": "siti", "peran": "pimpinan"}, []),
    ],
)
def test_the_list_of_members_can_be_searched(client, query, expected):
    admin = MembershipFactory(admin_kota=True, user__name="Zul", user__email="z@example.id")
    health = OpdFactory(city=admin.city, code="DINKES", name="Dinas Kesehatan")
    MembershipFactory(city=admin.city, of_opd=True, user__name="Siti", opd=health)
    MembershipFactory(
        city=admin.city,
        pimpinan=True,
        user__name="Budi",
        user__email="budi@example.id",
        user__is_active=False,
        user__last_login=datetime(2025, 1, 1, tzinfo=UTC),
    )
    MembershipFactory(pimpinan=True, user__name="Siti budi@ kesehatan")
    MembershipFactory(of_opd=True, opd__code="LAIN")
    client.force_login(admin.user)

    assert names(client.get(address("member_list", admin), query)) == expected


def test_the_list_of_members_costs_the_same_with_1_and_with_30(client, admin):
    url = address("member_list", admin)
    one = queries_of(client, url)
    MembershipFactory.create_batch(15, city=admin.city, of_opd=True)
    MembershipFactory.create_batch(15, city=admin.city, user__password=None)

    assert queries_of(client, url) == one
    assert len(names(client.get(url))) == 25
    assert len(names(client.get(url, {"halaman": "2"}))) == 6


def test_a_city_without_members_says_what_to_do_first(client, site_admin):
    url = reverse("cities:member_list", args=[CityFactory().slug])

    assert "Belum ada anggota" in client.get(url).content.decode()


def test_a_members_role_is_changed(client, admin):
    member = MembershipFactory(city=admin.city)

    response = client.post(
        address("member_edit", admin, member.pk), {"role": "verifikator", "opd": ""}
    )

    member.refresh_from_db()
    assert member.role == Role.VERIFIKATOR
    assert response["Location"] == address("member_list", admin)


def test_the_opds_offered_are_the_citys_active_ones_and_the_members_own(client, admin):
    member = MembershipFactory(city=admin.city, of_opd=True, opd__name="A", opd__is_active=False)
    OpdFactory(city=admin.city, name="B")
    OpdFactory(city=admin.city, name="C", is_active=False)
    OpdFactory(name="D")

    form = client.get(address("member_edit", admin, member.pk)).context["form"]

    assert [opd.name for opd in form.fields["opd"].queryset] == ["A", "B"]


def test_the_last_administrator_reads_why_the_role_stays(client, admin):
    response = client.post(address("member_edit", admin, admin.pk), {"role": "pimpinan", "opd": ""})

    assert response.context["form"].non_field_errors() == [
        "Ini admin kota yang terakhir. Angkat admin kota lain terlebih dahulu."
    ]


def test_a_member_is_removed_after_a_question(client, admin):
    member = MembershipFactory(city=admin.city)
    url = address("member_remove", admin, member.pk)

    assert client.get(url).status_code == 200
    assert Membership.objects.filter(pk=member.pk).exists()

    response = client.post(url)
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert response["Location"] == address("member_list", admin)


def test_the_last_administrator_reads_why_they_stay(client, admin):
    response = client.post(address("member_remove", admin, admin.pk))

    assert response.context["error"] == (
        "Ini admin kota yang terakhir. Angkat admin kota lain terlebih dahulu."
    )
    assert Membership.objects.filter(pk=admin.pk).exists()


def test_whoever_removes_themselves_lands_on_their_other_cities(client, admin):
    MembershipFactory(city=admin.city, admin_kota=True)

    response = client.post(address("member_remove", admin, admin.pk))

    assert response["Location"] == reverse("home")
