from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cities.management.commands.load_regions import cities_asked
from cities.models import City, District, Province, Village, VillageKind, Zone
from cities.services.regions import load_districts_and_villages, zone_of
from tests.factories.cities import (
    CityFactory,
    DistrictFactory,
    MembershipFactory,
    ProvinceFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_regions", stdout=out, **options)
    return out.getvalue().splitlines()


def snapshot():
    models = (Province, City, District, Village)
    return [list(model.objects.order_by("pk").values()) for model in models]


def below(city):
    return (
        District.objects.filter(city__code=city).count(),
        Village.objects.filter(district__city__code=city).count(),
    )


def test_38_provinces_and_514_cities_are_loaded():
    assert load() == ["Provinces: 38 added, 38 in all. Cities: 514 added, 514 in all."]

    assert (Province.objects.count(), City.objects.count()) == (38, 514)


def test_a_city_has_its_official_name_an_address_and_its_province():
    load()

    city = City.objects.select_related("province").get(code="34.04")
    assert (city.name, city.slug, city.province.name, city.timezone) == (
        "Kabupaten Sleman",
        "kabupaten-sleman",
        "Daerah Istimewa Yogyakarta",
        Zone.WIB,
    )


def test_a_shortened_official_name_is_written_in_full():
    load()

    name = City.objects.get(code="71.09").name
    assert name == "Kabupaten Kepulauan Siau Tagulandang Biaro"


def test_loading_twice_changes_nothing():
    load()
    before = snapshot()

    assert load() == ["Provinces: 0 added, 38 in all. Cities: 0 added, 514 in all."]

    assert snapshot() == before


def test_a_name_that_differs_is_reported_and_kept():
    load()
    City.objects.filter(code="18.72").update(name="Metro", timezone=Zone.WIT)
    before = snapshot()

    lines = load()

    assert lines[0] == (
        "city 18.72: Metro -> Kota Metro, official name differs (--rename takes it over)"
    )
    assert len(lines) == 2
    assert snapshot() == before


def test_a_name_is_taken_over_on_request_and_the_address_stays():
    load()
    City.objects.filter(code="18.72").update(name="Metro", slug="metro")
    Province.objects.filter(code="31").update(name="Jakarta")

    lines = load(rename=True)

    assert lines[:2] == [
        "province 31: Jakarta -> Daerah Khusus Ibukota Jakarta, renamed",
        "city 18.72: Metro -> Kota Metro, renamed",
    ]
    assert City.objects.values_list("name", "slug").get(code="18.72") == ("Kota Metro", "metro")
    assert Province.objects.get(code="31").name == "Daerah Khusus Ibukota Jakarta"


def test_what_is_not_in_the_list_is_reported_and_never_deleted():
    province = ProvinceFactory(code="99", name="Contoh")
    city = CityFactory(code="99.01", name="Kota Contoh", province=province)

    lines = load(rename=True)

    assert lines == [
        "Not in the official list: province 99 Contoh",
        "Not in the official list: city 99.01 Kota Contoh",
        "Provinces: 38 added, 39 in all. Cities: 514 added, 515 in all.",
    ]
    assert City.objects.filter(pk=city.pk).exists()


def test_a_taken_address_gets_the_code_behind_it():
    CityFactory(code="99.01", slug="kota-metro")

    load()

    assert City.objects.get(code="18.72").slug == "kota-metro-18-72"


@pytest.mark.parametrize(
    ("province", "zone"),
    [
        ("11", Zone.WIB),
        ("36", Zone.WIB),
        ("51", Zone.WITA),
        ("61", Zone.WIB),
        ("62", Zone.WIB),
        ("63", Zone.WITA),
        ("65", Zone.WITA),
        ("76", Zone.WITA),
        ("81", Zone.WIT),
        ("96", Zone.WIT),
    ],
)
def test_a_province_keeps_the_clock_of_the_presidential_decree(province, zone):
    assert zone_of(province) == zone


def test_every_province_stands_in_one_zone():
    load()

    per_zone = {
        zone: City.objects.filter(timezone=zone).values("province").distinct().count()
        for zone in Zone
    }
    assert per_zone == {Zone.WIB: 18, Zone.WITA: 12, Zone.WIT: 8}


def test_the_queries_do_not_grow_with_the_regions(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        load()


# --- Kecamatan, kelurahan and desa --------------------------------------------------------------


def test_below_the_cities_nothing_is_loaded_unasked():
    load()

    assert (District.objects.count(), Village.objects.count()) == (0, 0)


def test_one_city_is_loaded_with_its_kecamatan_and_kelurahan():
    lines = load(city="18.72")

    assert lines[1:] == ["Kecamatan: 5 added, 5 in all. Kelurahan and desa: 22 added, 22 in all."]
    village = Village.objects.select_related("district__city").get(code="18.72.01.1001")
    assert (village.name, village.kind, village.is_listed) == (
        "Metro",
        VillageKind.KELURAHAN,
        True,
    )
    assert (village.district.name, village.district.city.name) == ("Metro Pusat", "Kota Metro")


def test_one_province_is_loaded_and_no_other():
    lines = load(province="34")

    assert lines[1:] == [
        "Kecamatan: 78 added, 78 in all. Kelurahan and desa: 438 added, 438 in all."
    ]
    assert below("34.04") == (17, 86)
    assert set(District.objects.values_list("city__province__code", flat=True)) == {"34"}


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("18.72", {VillageKind.KELURAHAN: 22}),
        ("34.04", {VillageKind.DESA: 86}),
        ("91.03", {VillageKind.KELURAHAN: 5, VillageKind.DESA: 125, VillageKind.DESA_ADAT: 14}),
    ],
)
def test_the_code_tells_a_kelurahan_from_a_desa(code, kinds):
    load(city=code)

    found = {kind: Village.objects.filter(kind=kind).count() for kind in VillageKind}
    assert {kind: count for kind, count in found.items() if count} == kinds


def test_loading_a_city_twice_changes_nothing():
    load(city="18.72")
    before = snapshot()

    assert load(city="18.72")[1:] == [
        "Kecamatan: 0 added, 5 in all. Kelurahan and desa: 0 added, 22 in all."
    ]

    assert snapshot() == before


def test_names_below_a_city_that_differ_are_reported_and_taken_over_on_request():
    load(city="18.72")
    District.objects.filter(code="18.72.01").update(name="Pusat")
    Village.objects.filter(code="18.72.01.1001").update(name="Metro Lama")
    before = snapshot()
    differs = "official name differs (--rename takes it over)"

    assert load(city="18.72")[1:3] == [
        f"kecamatan 18.72.01: Pusat -> Metro Pusat, {differs}",
        f"village 18.72.01.1001: Metro Lama -> Metro, {differs}",
    ]
    assert snapshot() == before

    assert load(city="18.72", rename=True)[1:3] == [
        "kecamatan 18.72.01: Pusat -> Metro Pusat, renamed",
        "village 18.72.01.1001: Metro Lama -> Metro, renamed",
    ]
    assert District.objects.get(code="18.72.01").name == "Metro Pusat"
    assert Village.objects.get(code="18.72.01.1001").name == "Metro"


def test_what_is_no_longer_listed_is_marked_once_and_never_deleted():
    load()
    metro, sleman = City.objects.get(code="18.72"), City.objects.get(code="34.04")
    district = DistrictFactory(city=metro, code="18.72.99", name="Metro Lama")
    VillageFactory(district=district, code="18.72.99.1001", name="Lama")
    elsewhere = DistrictFactory(city=sleman, code="34.04.99")
    MembershipFactory(city=metro)

    assert load(city="18.72")[1:3] == [
        "Not in the official list: kecamatan 18.72.99 Metro Lama",
        "Not in the official list: village 18.72.99.1001 Lama",
    ]

    marked = District.objects.filter(is_listed=False), Village.objects.filter(is_listed=False)
    assert [[row.code for row in rows] for rows in marked] == [["18.72.99"], ["18.72.99.1001"]]
    assert District.objects.get(pk=elsewhere.pk).is_listed
    assert len(load(city="18.72")) == 2


def test_what_is_listed_again_loses_its_mark():
    load(city="18.72")
    District.objects.filter(code="18.72.01").update(is_listed=False)
    Village.objects.filter(code="18.72.01.1001").update(is_listed=False)

    assert load(city="18.72")[1:3] == [
        "In the official list again: kecamatan 18.72.01 Metro Pusat",
        "In the official list again: village 18.72.01.1001 Metro",
    ]
    assert not District.objects.filter(is_listed=False).exists()
    assert not Village.objects.filter(is_listed=False).exists()


@pytest.mark.parametrize("asked", [{"city": "18.99"}, {"city": "99.01"}, {"province": "99"}])
def test_a_code_that_the_list_does_not_know_is_refused(asked):
    CityFactory(code="99.01", province=ProvinceFactory(code="99", name="Contoh"))

    with pytest.raises(CommandError, match=r"has nothing below (18\.99|99\.01|99)\."):
        load(**asked)
    assert not District.objects.exists()


def test_a_city_of_our_own_is_passed_over_where_all_are_asked_for():
    CityFactory(code="99.01", province=ProvinceFactory(code="99", name="Contoh"))
    CityFactory(code="18.72")

    assert [city.code for city in cities_asked(None, None, everything=True)] == ["18.72"]


def test_the_queries_for_a_city_do_not_grow_with_its_villages(django_assert_max_num_queries):
    load()
    small, large = City.objects.get(code="18.72"), City.objects.get(code="11.08")

    for city, count in ((small, 22), (large, 852)):
        with django_assert_max_num_queries(12):
            _districts, villages = load_districts_and_villages(city, rename=False)
        assert villages.added == count
