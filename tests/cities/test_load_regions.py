from io import StringIO

import pytest
from django.core.management import call_command

from cities.management.commands.load_regions import zone_of
from cities.models import City, Province, Zone
from tests.factories.cities import CityFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_regions", stdout=out, **options)
    return out.getvalue().splitlines()


def snapshot():
    return list(Province.objects.values()), list(City.objects.order_by("pk").values())


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
