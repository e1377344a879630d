"""Which kelurahan and desa are visited: by lot, again, or by hand."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from assessments.choices import Stage
from cities.models import CityActivity, CityTrailEvent
from territories.models import VisitSample
from territories.sampling import drawn, lot
from territories.services.samples import choose_sample, draw_sample
from tests.assessments.situations import NOW
from tests.at_once import done_at_once
from tests.factories.cities import MembershipFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db


def codes(district, n):
    return [(district, f"{district}.{number}") for number in range(n)]


def test_each_kecamatan_gives_as_many_as_asked_and_a_small_one_all_that_it_has():
    pool = codes("01", 9) + codes("02", 3) + codes("03", 1)

    found = drawn(pool, seed="a", per_district=2)

    assert [code[:2] for code in found] == ["01", "01", "02", "02", "03"]


def test_the_same_key_draws_the_same_in_any_order_and_another_key_others():
    pool = codes("01", 40)

    assert drawn(pool, seed="a", per_district=2) == drawn(pool[::-1], seed="a", per_district=2)
    assert len({tuple(drawn(pool, seed=str(n), per_district=2)) for n in range(20)}) > 15


def test_a_lot_can_be_recomputed_by_anybody():
    # printf '0123:72.01.1001' | sha256sum
    assert lot("0123", "72.01.1001") == (
        "51c4a796a0b68175d6b0ad84e909ae91a8e866d3ecf5a0281da2c7efefbbddf3"
    )


def test_every_unit_is_drawn_about_as_often():
    pool = codes("01", 5)
    counts = {code: 0 for _district, code in pool}
    for number in range(1000):
        for code in drawn(pool, seed=str(number), per_district=2):
            counts[code] += 1

    assert all(330 < count < 470 for count in counts.values())  # 400 expected, some 15 either way


@pytest.fixture
def units(year):
    """Of three kecamatan, three kelurahan each; a fourth that ended before the reference date."""
    found = []
    for _district in range(3):
        district = UnitFactory(city=year.city, kecamatan=True)
        found += UnitFactory.create_batch(3, city=year.city, parent=district)
    UnitFactory(city=year.city, parent=found[0].parent, active_to=date(2025, 12, 30))
    UnitFactory()  # of another city
    return found


def draw(year, by, **more):
    return draw_sample(
        **{"city": year.city, "year": 2025, "per_district": 2, "by": by, "at": NOW} | more
    )


def test_a_draw_keeps_its_key_its_pool_and_who_made_it(year, secretary, units):
    sample = draw(year, secretary)

    assert (sample.number, sample.by, sample.at, sample.is_drawn) == (1, secretary, NOW, True)
    assert sorted(map(tuple, sample.pool)) == sorted((one.parent.code, one.code) for one in units)
    names = [unit.code for unit in sample.units.all()]
    assert names == drawn(sample.pool, seed=sample.seed, per_district=2)
    assert len(names) == 6
    [told] = CityActivity.objects.filter(deed=CityTrailEvent.VISITS_SAMPLED)
    assert (told.after["seed"], told.after["count"]) == (sample.seed, "2")


def test_drawing_again_needs_a_reason_and_keeps_what_was_drawn(year, secretary, units):
    first = draw(year, secretary)

    with pytest.raises(ValidationError) as refusal:
        draw(year, secretary, seen=1, reason=" ")
    second = draw(year, secretary, seen=1, reason="Jalan terputus")

    assert refusal.value.code == "reason"
    rows = VisitSample.objects.of_year(year.city_id, 2025)
    assert [(row.pk, row.number, row.reason) for row in rows] == [
        (second.pk, 2, "Jalan terputus"),
        (first.pk, 1, ""),
    ]
    assert second.seed != first.seed


def test_units_are_chosen_by_hand_only_with_a_reason_and_from_the_own_city(year, secretary, units):
    place = {"city": year.city, "year": 2025, "by": secretary, "at": NOW}
    foreign = UnitFactory()

    for given in (
        {"units": {units[0].pk}, "reason": ""},
        {"units": set(), "reason": "Terpencil"},
        {"units": {units[0].pk, foreign.pk}, "reason": "Terpencil"},
        {"units": {units[0].parent_id}, "reason": "Terpencil"},  # a kecamatan
        {"units": {units[0].pk}, "reason": "Anak 3275014107110002"},
    ):
        with pytest.raises(ValidationError):
            choose_sample(**place, **given)
    assert not VisitSample.objects.exists()

    sample = choose_sample(**place, units={units[4].pk, units[0].pk}, reason="Terpencil")

    assert list(sample.units.all()) == [units[0], units[4]]
    assert (sample.is_drawn, sample.reason) == (False, "Terpencil")


@pytest.mark.parametrize("per_district", [0, 21])
def test_a_number_out_of_range_is_refused(year, secretary, units, per_district):
    with pytest.raises(ValidationError) as refusal:
        draw(year, secretary, per_district=per_district)

    assert refusal.value.code == "numbers"


def test_nothing_is_drawn_without_units_nor_for_a_closed_year(year, secretary):
    with pytest.raises(ValidationError) as nobody:
        draw(year, secretary)
    UnitFactory(city=year.city)
    year.stage = Stage.CLOSED
    year.save()
    with pytest.raises(ValidationError) as closed:
        draw(year, secretary)

    assert (nobody.value.code, closed.value.code) == ("empty", "closed_year")
    assert not VisitSample.objects.exists()


def test_an_admin_kota_draws_nothing(year, units):
    with pytest.raises(PermissionDenied):
        draw(year, MembershipFactory(admin_kota=True, city=year.city).user)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draw_at_once_one_wins(year, secretary, units):
    other = MembershipFactory(gugus_tugas=True, city=year.city).user

    told = done_at_once(lambda: draw(year, secretary), lambda: draw(year, other))

    assert sorted(told) == ["done", "overtaken"]
    assert VisitSample.objects.count() == 1


def test_the_page_shows_the_list_and_how_it_was_drawn(year, secretary, units):
    client = Client()
    client.force_login(secretary)
    url = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/kunjungan/"

    assert "Belum ada wilayah yang ditetapkan" in client.get(url).text
    client.post(f"{url}undi/", {"per_district": 1, "seen": 0, "reason": ""})
    overtaken = client.post(f"{url}undi/", {"per_district": 1, "seen": 0, "reason": "Lagi"})
    assert "sudah menetapkan kunjungan sesudah halaman Anda dibuka" in overtaken.text
    client.post(f"{url}pilih/", {"units": [units[0].pk], "seen": 1, "reason": "Terpencil"})

    page = client.get(url)
    visits = page.context["visits"]
    assert [unit for unit, _rating in visits.rows] == [units[0]]
    assert [row.number for row in visits.earlier] == [1]
    drawn_first = visits.earlier[0]
    assert drawn_first.seed in page.text
    rows = client.get(url, {"unduh": "csv"}).getvalue().decode().splitlines()
    assert [row.split(";")[2] for row in rows[1:]] == [units[0].name]
