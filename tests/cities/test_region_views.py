"""The page of what lies below a city, and the button that loads it."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from cities.models import CityTrailEvent, District, Village, VillageKind
from cities.roles import GRANTS, Permission, Role
from cities.services.regions import load_own_regions
from tests.at_once import at_once
from tests.factories.cities import (
    CityFactory,
    DistrictFactory,
    MembershipFactory,
    ProvinceFactory,
    SiteAdminFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def metro():
    return CityFactory(code="18.72", name="Kota Metro", slug="kota-metro")


@pytest.fixture
def admin(client, metro):
    member = MembershipFactory(city=metro, admin_kota=True)
    client.force_login(member.user)
    return member


@pytest.fixture
def utara(metro):
    """One kecamatan with a kelurahan and a desa, one with a desa, one with nothing."""
    utara = DistrictFactory(city=metro, code="18.72.02", name="Utara")
    barat = DistrictFactory(city=metro, code="18.72.03", name="Barat")
    DistrictFactory(city=metro, code="18.72.01", name="Tanpa Isi")
    VillageFactory(district=utara, code="18.72.02.1001", name="Banjar")
    VillageFactory(district=utara, code="18.72.02.2002", name="Karang Utara", kind=VillageKind.DESA)
    VillageFactory(district=barat, code="18.72.03.2001", name="Ganjar", kind=VillageKind.DESA)
    VillageFactory(name="Banjar Utara")  # of another city
    return utara


def page(client, city, **query):
    return client.get(reverse("cities:region_list", args=[city.slug]), query)


def load(client, city):
    return client.post(reverse("cities:region_load", args=[city.slug]), follow=True)


def shown(response):
    return [
        (district.name, [village.name for village in district.shown])
        for district in response.context["page_obj"]
    ]


EVERYTHING = [
    ("Tanpa Isi", []),
    ("Utara", ["Banjar", "Karang Utara"]),
    ("Barat", ["Ganjar"]),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, EVERYTHING),
        ({"jenis": "kerajaan"}, EVERYTHING),
        ({"urut": "nama"}, [EVERYTHING[2], EVERYTHING[0], EVERYTHING[1]]),
        ({"q": "utara"}, [("Utara", ["Banjar", "Karang Utara"])]),
        ({"q": "BANJAR"}, [("Utara", ["Banjar"])]),
        ({"q": "njar"}, [("Utara", ["Banjar"]), ("Barat", ["Ganjar"])]),
        ({"q": "18.72.03"}, [("Barat", ["Ganjar"])]),
        ({"q": "tanpa isi"}, [("Tanpa Isi", [])]),
        ({"jenis": "desa"}, [("Utara", ["Karang Utara"]), ("Barat", ["Ganjar"])]),
        ({"q": "utara", "jenis": "kelurahan"}, [("Utara", ["Banjar"])]),
        ({"q": "barat", "jenis": "kelurahan"}, []),
    ],
)
def test_a_village_is_found_by_its_own_name_and_code_or_its_kecamatans(
    client, admin, metro, utara, query, expected
):
    assert shown(page(client, metro, **query)) == expected


def test_the_page_counts_what_is_listed(client, admin, metro, utara):
    VillageFactory(district=utara, is_listed=False, name="Dahulu")

    response = page(client, metro)

    assert response.context["district_count"] == 3
    assert response.context["village_counts"] == {"kelurahan": 1, "desa": 2, "desa_adat": 0}
    assert "tidak lagi tercantum" in response.content.decode()


@pytest.mark.parametrize(
    "role", [role for role in Role if Permission.VIEW_CITY in GRANTS[role] and role != Role.OPD]
)
def test_every_member_reads_and_only_the_administrator_is_offered_to_load(client, metro, role):
    client.force_login(MembershipFactory(city=metro, role=role).user)

    response = page(client, metro)

    assert response.status_code == 200
    assert response.context["may_load"] is (role == Role.ADMIN_KOTA)
    offered = reverse("cities:region_load", args=[metro.slug]) in response.content.decode()
    assert offered is (role == Role.ADMIN_KOTA)


def test_the_administrator_loads_the_citys_own_and_no_other(client, admin, metro):
    CityFactory(code="18.71")
    assert "Daftar wilayah belum dimuat" in page(client, metro).content.decode()

    response = load(client, metro)

    assert "Daftar wilayah termuat: 5 kecamatan dan 22 kelurahan/desa baru." in (
        response.content.decode()
    )
    assert response.context["district_count"] == 5
    assert set(District.objects.values_list("city", flat=True)) == {metro.pk}
    row = metro.activities.get()
    assert (row.deed, row.target, row.by) == (
        CityTrailEvent.REGIONS_LOADED,
        "18.72 Kota Metro",
        admin.user,
    )
    assert (row.before, row.after) == (
        {"districts": "0", "villages": "0"},
        {"districts": "5", "villages": "22"},
    )


def test_loading_again_takes_over_official_names_and_says_which(client, admin, metro):
    load(client, metro)
    Village.objects.filter(code="18.72.01.1001").update(name="Metro Lama")

    load(client, metro)

    assert Village.objects.get(code="18.72.01.1001").name == "Metro"
    row = metro.activities.first()
    assert (row.before, row.after) == (
        {"names": ["18.72.01.1001 Metro Lama"]},
        {"names": ["18.72.01.1001 Metro"]},
    )


def test_a_city_that_the_list_does_not_know_reads_why_nothing_is_loaded(client):
    own = CityFactory(code="99.01", province=ProvinceFactory(code="99", name="Contoh"))
    client.force_login(MembershipFactory(city=own, admin_kota=True).user)

    response = page(client, own)

    assert response.context["may_load"] is False
    assert "Kode 99.01 tidak ada dalam daftar resmi Kemendagri" in response.content.decode()
    with pytest.raises(ValidationError) as refusal:
        load_own_regions(city=own, by=SiteAdminFactory(), at=AT)
    assert refusal.value.code == "not_official"
    assert "Mintalah administrator situs" in load(client, own).content.decode()
    assert not own.activities.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_load_at_once_get_each_kecamatan_once():
    city = CityFactory(code="18.72")
    first, second = SiteAdminFactory.create_batch(2)

    answers = at_once(
        lambda: load_own_regions(city=city, by=first, at=AT),
        lambda: load_own_regions(city=city, by=second, at=AT),
    )

    assert sorted((d.added, v.added) for d, v in answers) == [(0, 0), (5, 22)]
    assert (District.objects.count(), Village.objects.count()) == (5, 22)
