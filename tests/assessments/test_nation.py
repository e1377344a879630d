"""All cities on one ladder: awards are everybody's, totals are not."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.choices import ScoreKind
from assessments.models import TotalScore
from assessments.queries.nation import (
    SORTS,
    USUAL,
    country,
    distribution,
    line_chart,
    lines,
    moves,
    narrowed,
    province_chart,
)
from assessments.queries.neighbours import neighbourhoods
from cities.roles import Role
from tests.csv_files import csv_rows
from tests.factories.assessments import AwardFactory, open_year
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db

URL = "/peringkat/"


@pytest.fixture
def admin(db):
    make_instrument()  # its ladder: Pratama, Madya
    return SiteAdminFactory()


def awarded(name, *awards, **fields):
    """A city with awards, each as "2023 Madya"."""
    city = CityFactory(name=name, slug=name.lower().replace(" ", "-"), **fields)
    for award in awards:
        year, predikat = award.split(" ", 1)
        AwardFactory(city=city, year=int(year), predikat=predikat)
    return city


def proven(city, points, year=2026):
    opened = open_year(city=city, year=year)
    TotalScore.objects.filter(assessment=opened, kind=ScoreKind.EVIDENCED).update(
        points=Decimal(points), answered=1
    )


def told(rows):
    return [
        (
            one.place.name,
            one.award and f"{one.award.year} {one.award.predikat}",
            one.before and f"{one.before.year} {one.before.predikat}",
            one.steps,
        )
        for one in rows
    ]


def test_without_a_year_each_city_stands_with_its_last_known_award(admin):
    awarded("Kota A", "2021 Pratama", "2023 Madya")
    awarded("Kota B", "2023 Madya", "2025 Pratama")
    awarded("Kota C", "2022 Madya")
    awarded("Kota D")

    assert told(lines(country(admin))) == [
        ("Kota A", "2023 Madya", "2021 Pratama", 1),
        ("Kota B", "2025 Pratama", "2023 Madya", -1),
        ("Kota C", "2022 Madya", None, None),
        ("Kota D", None, None, None),
    ]


def test_in_a_year_only_its_awards_count_beside_the_last_known_before(admin):
    awarded("Kota A", "2021 Pratama", "2023 Madya", "2025 Pratama")
    awarded("Kota B", "2021 Madya", "2022 Madya")
    awarded("Kota C", "2025 Madya")

    assert told(lines(country(admin), year=2023)) == [
        ("Kota A", "2023 Madya", "2021 Pratama", 1),
        ("Kota B", None, "2022 Madya", None),
        ("Kota C", None, None, None),
    ]


def test_a_predikat_that_is_no_rung_is_shown_and_not_compared(admin):
    awarded("Kota A", "2019 Penerima", "2021 Pratama")
    awarded("Kota B", "2022 Penerima")

    shown = country(admin)
    rows = lines(shown)

    assert told(rows) == [
        ("Kota A", "2021 Pratama", "2019 Penerima", None),
        ("Kota B", "2022 Penerima", None, None),
    ]
    assert [(one.name, one.count) for one in distribution(rows, shown.rungs)] == [
        ("Madya", 0),
        ("Pratama", 1),
        ("Penerima", 1),
        ("Belum diketahui", 0),
    ]


def test_a_province_is_counted_by_itself(admin):
    aceh = ProvinceFactory(code="11", name="Aceh")
    awarded("Kota A", "2023 Madya", province=aceh)
    awarded("Kota B", "2023 Madya")
    awarded("Kota C")

    shown = country(admin)
    rows = lines(shown)

    assert [list(row) for row in province_chart(rows, distribution(rows, shown.rungs)).rows] == [
        ["Aceh", 1, 0, 0, 1],
        ["Lampung", 1, 0, 1, 2],
    ]
    assert [one.place.name for one in lines(shown, province="11")] == ["Kota A"]
    assert shown.provinces == [("11", "Aceh"), ("18", "Lampung")]


def test_who_rose_fell_and_stayed_is_counted(admin):
    awarded("Kota A", "2021 Pratama", "2023 Madya")
    awarded("Kota B", "2021 Pratama", "2023 Madya")
    awarded("Kota C", "2021 Madya", "2023 Pratama")
    awarded("Kota D", "2021 Madya", "2023 Madya")
    awarded("Kota E", "2023 Madya")

    rows = lines(country(admin))

    assert dict(moves(rows)) == {"naik": 2, "turun": 1, "tetap": 1}
    assert [one.place.name for one in narrowed(rows, move="naik")] == ["Kota A", "Kota B"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["B", "A", "C"]),  # the highest first, then names
        ({"order": "predikat"}, ["C", "A", "B"]),
        ({"order": "nama"}, ["A", "B", "C"]),
        ({"order": "-nama"}, ["C", "B", "A"]),
        ({"order": "-perubahan"}, ["B", "A", "C"]),
        ({"order": "-terbukti"}, ["A", "B", "C"]),
        ({"text": "kota b"}, ["B"]),
        ({"text": " B  KOTA."}, ["B"]),  # any order, any case, a full stop
        ({"text": "kab b"}, []),
        ({"predikat": "Pratama"}, ["A"]),
        ({"predikat": "belum"}, ["C"]),
    ],
)
def test_the_table_sorts_and_narrows(admin, asked, names):
    proven(awarded("Kota A", "2022 Pratama"), 40)
    awarded("Kota B", "2021 Pratama", "2022 Madya")
    awarded("Kota C")

    found = narrowed(lines(country(admin)), **asked)

    assert [one.place.name.removeprefix("Kota ") for one in found] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bandung", ["Kabupaten Bandung", "Kabupaten Bandung Barat", "Kota Bandung"]),
        ("kota bandung", ["Kota Bandung"]),
        ("Kab. Bandung", ["Kabupaten Bandung", "Kabupaten Bandung Barat"]),
        ("KABUPATEN barat", ["Kabupaten Bandung Barat", "Kabupaten Kotabaru Barat"]),
        ("barat bandung", ["Kabupaten Bandung Barat"]),
        ("kota", ["Kota Bandung", "Kota Fé"]),  # and not Kotabaru, which is a kabupaten
        ("kotab", ["Kabupaten Kotabaru Barat"]),
        ("fe", ["Kota Fé"]),
    ],
)
def test_a_city_is_found_however_its_name_is_typed(admin, text, names):
    for name in ("Kabupaten Bandung", "Kabupaten Bandung Barat", "Kota Bandung"):
        CityFactory(name=name)
    CityFactory(name="Kabupaten Kotabaru Barat")
    CityFactory(name="Kota Fé")

    found = narrowed(lines(country(admin)), text=text, order="nama")

    assert [one.place.name for one in found] == names


# --- The own city and those beside it -----------------------------------------------------------


def ladder_of(near):
    return [one.place.name.removeprefix("Kota ") for one in near.rows]


def member_of(*cities):
    user = UserFactory()
    for city in cities:
        MembershipFactory(user=user, city=city, pimpinan=True)
    return user


def test_the_own_city_stands_among_five_on_either_side(admin):
    for number in range(8):
        awarded(f"Kota M{number}", "2023 Madya")
        awarded(f"Kota P{number}", "2023 Pratama")
    own = awarded("Kota P1a", "2023 Pratama")
    awarded("Kota Tak Dikenal")

    [near] = neighbourhoods(lines(country(member_of(own))))

    assert ladder_of(near) == ["M5", "M6", "M7", "P0", "P1", "P1a", "P2", "P3", "P4", "P5", "P6"]
    assert (near.higher, near.equal) == (8, 8)


def test_a_total_does_not_lift_the_own_city_above_its_equals(admin):
    awarded("Kota A", "2023 Madya")
    own = awarded("Kota B", "2023 Madya")
    proven(own, 90)

    [near] = neighbourhoods(lines(country(member_of(own))))

    assert ladder_of(near) == ["A", "B"]


def test_cities_of_which_nothing_is_known_are_nobodys_neighbours(admin):
    own, other = awarded("Kota A", "2023 Pratama"), awarded("Kota B")

    [first, second] = neighbourhoods(lines(country(member_of(own, other))))

    assert (ladder_of(first), ladder_of(second)) == (["A"], [])


def test_who_sees_more_than_three_cities_gets_the_table_alone(admin):
    cities = [awarded(f"Kota {number}", "2023 Madya") for number in range(4)]

    assert [
        len(neighbourhoods(lines(country(member_of(*cities[:count]))))) for count in (0, 1, 3, 4)
    ] == [0, 1, 3, 0]


def test_the_own_city_comes_first_and_is_marked_until_one_searches(client, admin):
    own = awarded("Kota Sendiri", "2023 Madya")
    awarded("Kota Lain", "2023 Madya")
    client.force_login(member_of(own))

    page, searched = client.get(URL), client.get(URL, {"q": "lain"})

    text = page.content.decode()
    assert text.index('id="kota-kota-sendiri"') < text.index('id="kota"') < text.index("sebaran")
    assert re.findall(r'class="rows__own"><th scope="row">(.*?)</th>', text) == [
        '<a href="/kota/kota-sendiri/">Kota Sendiri</a>'
    ]
    assert (searched.context["neighbourhoods"], names_on(searched)) == ([], ["Kota Lain"])


# --- Whose totals -------------------------------------------------------------------------------


def live_of(user):
    return {one.place.name: one.live and one.live.points for one in lines(country(user))}


@pytest.mark.parametrize("role", Role)
def test_a_member_sees_the_total_of_the_own_city_where_the_role_may(role):
    own, other = awarded("Kota Sendiri"), awarded("Kota Lain", "2023 Madya")
    proven(own, 51)
    proven(other, 77)
    opd = OpdFactory(city=own) if role == Role.OPD else None
    user = MembershipFactory(city=own, role=role, opd=opd).user

    points = None if role in (Role.OPD, Role.WILAYAH, Role.FORUM_ANAK) else 51
    assert live_of(user) == {"Kota Sendiri": points, "Kota Lain": None}


def test_the_site_administrator_sees_all_totals_and_a_stranger_none(admin):
    proven(awarded("Kota A"), 51)

    assert live_of(admin) == {"Kota A": 51}
    assert live_of(UserFactory()) == {"Kota A": None}


def test_a_total_of_nothing_is_no_total(admin):
    open_year(city=awarded("Kota A"))

    assert live_of(admin) == {"Kota A": None}


def test_totals_are_those_of_the_year_or_the_last(admin):
    city = awarded("Kota A")
    proven(city, 40, year=2024)
    proven(city, 60, year=2026)

    shown = country(admin)

    found = [lines(shown, year=year)[0].live for year in (2024, 2025, None)]
    assert [live and (live.year, live.points) for live in found] == [
        (2024, 40),
        None,
        (2026, 60),
    ]
    assert shown.years == [2026, 2024]


def test_years_that_only_other_cities_work_on_are_not_even_offered():
    proven(awarded("Kota Lain", "2023 Madya"), 77, year=2026)

    assert country(UserFactory()).years == [2023]


def test_neither_the_page_nor_its_files_tell_another_citys_total(client):
    own, other = awarded("Kota Sendiri"), awarded("Kota Lain", "2023 Madya")
    proven(own, "51.5")
    proven(other, "77.25")
    client.force_login(MembershipFactory(pimpinan=True, city=own).user)

    page = client.get(URL).content.decode()
    file = client.get(URL, {"data": "peringkat", "format": "csv"}).content.decode()

    assert ("51,5" in page, "77,25" in page) == (True, False)
    assert ("51,500" in file, "77,25" in file) == (True, False)
    assert re.findall(r'href="(/kota/kota-[^"]*)"', page) == ["/kota/kota-sendiri/"]


def test_who_sees_no_total_gets_no_column_for_them():
    awarded("Kota Lain", "2023 Madya")

    headers = [
        line_chart(lines(country(user))).header for user in (UserFactory(), SiteAdminFactory())
    ]

    assert [len(header) for header in headers] == [8, 10]


# --- The page -----------------------------------------------------------------------------------


def page_of(client, **query):
    client.force_login(SiteAdminFactory())
    return client.get(URL, query)


def names_on(page):
    return [one.place.name for one in page.context["page_obj"]]


def test_filters_live_in_the_address(client, admin):
    aceh = ProvinceFactory(code="11", name="Aceh")
    awarded("Kota A", "2022 Pratama", "2023 Madya", province=aceh)
    awarded("Kota B", "2023 Madya")
    awarded("Kota C", "2023 Pratama", province=aceh)

    page = page_of(client, tahun="2023", provinsi="11", predikat="Madya", gerak="naik")

    assert names_on(page) == ["Kota A"]
    assert len(page.context["counted"]) == 2
    # A heading keeps them, and changes the order alone.
    assert "?tahun=2023&amp;provinsi=11&amp;predikat=Madya&amp;gerak=naik&amp;urut=nama" in (
        page.content.decode()
    )


@pytest.mark.parametrize("query", [{"tahun": "x"}, {"provinsi": "99"}, {"urut": "apa-saja"}])
def test_what_is_not_understood_narrows_nothing(client, admin, query):
    awarded("Kota A", "2023 Madya")
    awarded("Kota B", "2022 Pratama")

    assert names_on(page_of(client, **query)) == ["Kota A", "Kota B"]


def test_a_page_of_the_table_has_20_cities_and_the_file_has_all(client, admin):
    for number in range(50):
        awarded(f"Kota {number:02}", "2023 Madya")

    first, last = page_of(client), page_of(client, halaman="3", urut="nama")
    file = page_of(client, data="peringkat", format="csv")

    assert [len(names_on(page)) for page in (first, last)] == [20, 10]
    assert names_on(last)[-1] == "Kota 49"
    assert 'href="?halaman=2#kota"' in first.content.decode()
    # Another order begins at its first page; the way back keeps the order.
    text = last.content.decode()
    assert 'href="?urut=-nama#kota"' in text
    assert 'href="?halaman=2&amp;urut=nama#kota"' in text
    assert len(csv_rows(file)) == 51


def test_the_column_of_totals_stays_on_every_page_of_the_table(client, admin):
    own = awarded("Kota Sendiri")
    for number in range(30):
        awarded(f"Kota {number:02}", "2023 Madya")
    client.force_login(member_of(own))

    pages = [client.get(URL, {"halaman": number}).content.decode() for number in (1, 2)]

    assert ["urut=-terbukti" in page for page in pages] == [True, True]


def test_the_list_offers_every_order_that_a_heading_does(client, admin):
    form = page_of(client).context["form"]

    offered = {value or USUAL for value, _label in form.fields["urut"].choices}
    assert offered == {sign + column for column in SORTS for sign in ("", "-")}


def test_the_sorted_column_says_so_and_turns_round(client, admin):
    awarded("Kota A", "2023 Madya")

    usual, named = (page_of(client, **query).content.decode() for query in ({}, {"urut": "nama"}))

    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', usual) == [
        ("descending", "?urut=predikat#kota")
    ]
    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', named) == [
        ("ascending", "?urut=-nama#kota")
    ]


def test_nothing_that_somebody_typed_becomes_code(client, admin):
    city = awarded("<b>Kota</b>")
    AwardFactory(city=city, year=2023, predikat="<i>Madya</i>", source="javascript:alert(1)")
    AwardFactory(city=awarded("Kota B"), year=2023, source='https://x.example/"onclick="a')

    page = page_of(client).content.decode()

    assert ("<b>Kota" in page, "<i>Madya" in page, 'href="javascript' in page) == (
        False,
        False,
        False,
    )
    assert 'href="https://x.example/&quot;onclick=&quot;a"' in page


def test_its_figures_go_out_as_files(client, admin):
    awarded("Kota A", "2021 Pratama", "2023 Madya")

    file = page_of(client, data="peringkat", format="csv")

    assert csv_rows(file)[1:] == [
        [
            "Kota A",
            "Lampung",
            "Madya",
            "2023",
            "Pratama",
            "2021",
            "1",
            "https://example.org/berita",
            "",
            "",
        ]
    ]


def test_without_any_instrument_there_is_still_a_page(client):
    awarded("Kota A", "2023 Madya")

    assert names_on(page_of(client)) == ["Kota A"]


def test_everybody_finds_it_from_every_page(client):
    client.force_login(UserFactory())

    assert f'href="{reverse("assessments:nation")}"' in client.get("/kota/").content.decode()
