"""Open data: described as Satu Data asks, and no small number can be read or computed."""

import pytest
from django.urls import reverse

from childdata.queries.open_data import HEADER, open_data
from childdata.tables import Cell
from tests.assessments.situations import city_with_opds
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import MembershipFactory, OpdFactory
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db
UNDIVIDED = ("Semua", "Semua")
HIDDEN = "disembunyikan agar anak tidak dikenali"


@pytest.fixture
def member():
    return MembershipFactory(gugus_tugas=True, city=city_with_opds())


def tell(member, variable, male, female, unit=None, **fields):
    counts = {Cell("L"): male, Cell("P"): female}
    return ObservationFactory(
        city=member.city, variable=variable, unit=unit, counts=counts, **fields
    )


def rows(member, small=5):
    found = [dict(zip(HEADER, row, strict=True)) for row in open_data(member, 2025, small=small)]
    every = [row for row in found if (row["kelompok_umur"], row["disabilitas"]) == UNDIVIDED]
    return {(row["kode_variabel"], row["wilayah"], row["jenis_kelamin"]): row for row in every}


def numbers(member, **options):
    return {key[1:]: row["jumlah"] for key, row in rows(member, **options).items()}


def test_each_number_says_what_it_is(member):
    OpdFactory(city=member.city, code="DUKCAPIL", name="Dinas Dukcapil")
    tell(member, "anak", 500, 500)
    tell(member, "akta", 450, 300, source="SIAK")
    tell(member, "akta", 9, 9, year=2024)
    row = rows(member)["akta", member.city.name, "Jumlah"]
    assert row == {
        "kode_variabel": "akta",
        "variabel": "Anak berakta kelahiran",
        "konsep": "Hak sipil anak",
        "definisi": "Anak yang akta kelahirannya telah terbit",
        "rumus": "Anak berakta kelahiran dibagi anak, dari jumlah",
        "satuan": "anak",
        "produsen": "Dinas Dukcapil",
        "periode": "tahunan",
        "sumber": "SIAK",
        "tahun": 2025,
        "kode_wilayah": "",
        "wilayah": member.city.name,
        "jenis_kelamin": "Jumlah",
        "kelompok_umur": "Semua",
        "disabilitas": "Semua",
        "jumlah": 750,
        "persen": "75.00",
        "keterangan": "",
    }


def test_kecamatan_add_up_to_the_city_with_those_of_unknown_place(member):
    units = [UnitFactory(city=member.city, kecamatan=True, name=name) for name in "AB"]
    tell(member, "anak", 100, 90)
    tell(member, "anak", 40, 40, units[0])
    assert set(numbers(member)) == {
        (member.city.name, sex) for sex in ("Laki-laki", "Perempuan", "Jumlah")
    }
    tell(member, "anak", 50, 40, units[1])
    shown = {place: count for (place, sex), count in numbers(member).items() if sex == "Jumlah"}
    assert shown == {"A": 80, "B": 90, "Tidak diketahui wilayahnya": 20, member.city.name: 190}


@pytest.mark.parametrize(("small", "hides"), [(5, True), (4, False), (0, False)])
def test_a_small_number_goes_with_what_would_give_it_away(member, small, hides):
    units = [UnitFactory(city=member.city, kecamatan=True, name=name) for name in "AB"]
    tell(member, "korban-kekerasan", 24, 60)
    tell(member, "korban-kekerasan", 4, 30, units[0])
    tell(member, "korban-kekerasan", 20, 30, units[1])
    found = rows(member, small=small)
    hidden = {key[1:] for key, row in found.items() if row["keterangan"] == HIDDEN}
    assert {key[1:] for key, row in found.items() if row["jumlah"] == ""} == hidden
    assert (("A", "Laki-laki") in hidden) == hides
    if hides:  # no line and no column has it alone
        assert len({sex for place, sex in hidden if place == "A"}) > 1
        assert len({place for place, sex in hidden if sex == "Laki-laki"}) > 1
    else:
        assert hidden == set()


def test_no_share_gives_a_hidden_number_away(member):
    tell(member, "korban-kekerasan", 2, 1)
    tell(member, "korban-terlayani", 1, 1)
    tell(member, "anak", 500, 500)
    assert {row["persen"] for row in rows(member).values()} == {""}


def test_an_opd_publishes_what_it_produces(member):
    tell(member, "anak", 500, 500)
    opd = member.city.opds.get(code="DINKES")
    staff = MembershipFactory(city=member.city, of_opd=True, opd=opd)
    assert rows(staff) == {}
    tell(member, "lahir-hidup", 50, 50)
    assert {key[0] for key in rows(staff)} == {"lahir-hidup"}


def test_the_file_uses_the_limit_of_the_settings(client, member, settings):
    tell(member, "anak", 7, 90)
    client.force_login(member.user)
    url = reverse("childdata:open_data_download", args=[member.city.slug, 2025])
    for small, hides in ((5, False), (8, True)):
        settings.KLA_SMALL_CELL = small
        answer = client.get(url)
        content = b"".join(answer.streaming_content).decode()
        assert (HIDDEN in content) == hides
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


# --- By age and by disability --------------------------------------------------------------------


def tell_divided(member, ages, disabled=None, variable="perkawinan", **fields):
    """`ages` are pairs of L and P by band; `disabled` such a pair."""
    counts = {
        Cell(sex, age): n for age, pair in ages.items() for sex, n in zip("LP", pair, strict=True)
    }
    counts |= {Cell(sex, "", True): n for sex, n in zip("LP", disabled or (), strict=False)}
    return ObservationFactory(city=member.city, variable=variable, counts=counts, **fields)


def divided(member, small=5):
    """By age and disability the numbers of L, P and together, empty where one is hidden."""
    found = [dict(zip(HEADER, row, strict=True)) for row in open_data(member, 2025, small=small)]
    told = {}
    for row in found:
        key = row["kelompok_umur"], row["disabilitas"]
        if key != UNDIVIDED:
            assert (row["wilayah"], row["jumlah"] == "") == (
                member.city.name,
                row["keterangan"] == HIDDEN,
            )
            told.setdefault(key, []).append(row["jumlah"])
    return told


def test_the_whole_city_is_told_by_age_and_by_disability(member):
    bands = {"0–1": (50, 60), "2–3": (51, 61), "4–6": (52, 62), "7–12": (53, 63)}
    older = {"13–15": (54, 64), "16–18": (55, 65)}
    tell_divided(member, {**bands, **older, "": (7, 8)}, (20, 30), variable="anak")

    assert divided(member) == {
        ("0–1 tahun", "Semua"): [50, 60, 110],
        ("2–3 tahun", "Semua"): [51, 61, 112],
        ("4–6 tahun", "Semua"): [52, 62, 114],
        ("7–12 tahun", "Semua"): [53, 63, 116],
        ("13–15 tahun", "Semua"): [54, 64, 118],
        ("16–18 tahun", "Semua"): [55, 65, 120],
        ("Umur tidak dirinci", "Semua"): [7, 8, 15],
        ("Semua", "Ya"): [20, 30, 50],
        ("Semua", "Tidak"): [302, 353, 655],
    }


@pytest.mark.parametrize(("small", "shown"), [(5, ["", "", 24]), (4, [4, 20, 24])])
def test_a_small_number_of_an_age_is_hidden_with_another_age(member, small, shown):
    tell_divided(member, {"<9": (4, 20), "9–<16": (30, 40), "16–<18": (50, 60)})

    found = divided(member, small=small)

    assert found["<9 tahun", "Semua"] == shown
    assert found["16–<18 tahun", "Semua"] == [50, 60, 110]
    assert numbers(member, small=small)[member.city.name, "Laki-laki"] == 84


def test_where_a_total_of_the_city_is_hidden_nothing_is_told_by_age_or_disability(member):
    tell_divided(member, {"<9": (0, 20), "9–<16": (1, 40), "16–<18": (2, 60)})

    assert divided(member) == {}
    assert numbers(member)[member.city.name, "Laki-laki"] == ""


def test_ages_that_are_not_all_told_and_more_disabled_than_there_are_are_not_divided(member):
    tell_divided(member, {"": (100, 100), "<9": (10, 20)})
    tell_divided(member, {"": (30, 30)}, (31, 5), variable="abh")

    assert divided(member) == {}


def test_several_years_are_each_told_as_alone_in_five_queries(member, django_assert_num_queries):
    kecamatan = UnitFactory(city=member.city, kecamatan=True)
    for year in (2024, 2025):
        tell(member, "anak", 500, year, year=year)
        tell(member, "anak", 300, 200, unit=kecamatan, year=year)
        tell(member, "akta", 450, 3, year=year)
    alone = [list(open_data(member, year, small=5)) for year in (2024, 2025)]

    with django_assert_num_queries(5):
        together = list(open_data(member, 2024, 2025, small=5))

    assert together == [*alone[0], *alone[1]]
    assert [bool(rows) for rows in alone] == [True, True]
