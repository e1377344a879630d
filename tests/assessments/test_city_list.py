"""The list of cities, for the site's administrators and for who belongs to several."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import ScoreKind
from cities.roles import Permission, Role
from tests.factories.assessments import AwardFactory, open_year
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site_admin(client):
    user = SiteAdminFactory()
    client.force_login(user)
    return user


def shown(response):
    return [city.name for city in response.context["page_obj"]]


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_person_finds_their_cities_with_role_and_counts(client):
    member = MembershipFactory(of_opd=True, city__name="Kota A")
    OpdFactory(city=member.city)
    OpdFactory(city=member.city, is_active=False)
    MembershipFactory(city=member.city)
    MembershipFactory(city__name="Kota B")
    client.force_login(member.user)

    response = client.get(reverse("assessments:city_list"), {"semua": "1"})

    assert shown(response) == ["Kota A"]
    row = response.context["rows"][0]
    assert (row.city.member_count, row.city.opd_count, row.own) == (2, 2, member)


def test_a_site_administrator_finds_the_cities_taking_part_or_all(client, site_admin):
    CityFactory(name="Kota B")
    MembershipFactory(city__name="Kota A")
    AwardFactory(city__name="Kota C")
    url = reverse("assessments:city_list")

    assert shown(client.get(url)) == ["Kota A", "Kota C"]
    assert shown(client.get(url, {"semua": "1"})) == ["Kota A", "Kota B", "Kota C"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "metro"}, ["Kota Metro"]),
        ({"q": "35."}, ["Kota Mojokerto"]),
        ({"provinsi": "35"}, ["Kota Mojokerto"]),
        ({"provinsi": "35", "q": "metro"}, []),
        ({"provinsi": "xx"}, ["Kota Metro", "Kota Mojokerto"]),
        ({"halaman": "99"}, ["Kota Metro", "Kota Mojokerto"]),
        ({"urut": "kode"}, ["Kota Mojokerto", "Kota Metro"]),
        ({"urut": "anggota"}, ["Kota Mojokerto", "Kota Metro"]),
    ],
)
def test_the_list_of_cities_can_be_searched(client, site_admin, query, expected):
    OpdFactory(city__name="Kota Metro", city__code="36.72")
    east_java = ProvinceFactory(code="35", name="Jawa Timur")
    MembershipFactory(
        of_opd=True,
        city__name="Kota Mojokerto",
        city__code="35.76",
        city__province=east_java,
    )

    assert shown(client.get(reverse("assessments:city_list"), query)) == expected


def test_the_list_of_cities_comes_in_pages_that_keep_the_search(client, site_admin):
    CityFactory.create_batch(26)

    response = client.get(reverse("assessments:city_list"), {"semua": "1", "halaman": "2"})

    assert len(shown(response)) == 1
    assert "semua=1&amp;halaman=1" in response.content.decode()


@pytest.mark.parametrize("is_superuser", [True, False])
def test_without_a_city_the_list_says_what_to_do(client, is_superuser):
    client.force_login(UserFactory(is_superuser=is_superuser))

    page = client.get(reverse("assessments:city_list")).content.decode()

    assert ("Belum ada kota yang ikut" in page) is is_superuser
    assert ("Anda belum terdaftar di kota mana pun" in page) is not is_superuser


def test_the_list_of_cities_costs_the_same_with_1_and_with_30(client, site_admin):
    url = reverse("assessments:city_list")
    open_year(city=MembershipFactory().city).bands()  # read once in a process
    one = queries_of(client, url)
    for city in CityFactory.create_batch(24):
        MembershipFactory(city=city, user=site_admin)
        MembershipFactory(city=city, of_opd=True)
        AwardFactory(city=city)
        open_year(city=city)

    assert queries_of(client, url) == one


def test_the_list_shows_each_citys_newest_year_and_last_award(client, site_admin):
    city = CityFactory()
    open_year(city=city, year=2025)
    newest = open_year(city=city, year=2026)
    newest.totals.filter(kind=ScoreKind.EVIDENCED).update(points="7.5", predikat="Pratama")
    AwardFactory(city=city, year=2022, predikat="Pratama")
    award = AwardFactory(city=city, year=2023, predikat="Madya")

    row = client.get(reverse("assessments:city_list")).context["rows"][0]

    standing = row.standing
    assert (standing.year, standing.predikat, standing.award) == (2026, "Pratama", award)
    assert str(standing.ladder.evidenced) == "7.500"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPD])
def test_every_role_is_led_to_a_page_that_opens_for_it(client, role):
    member = MembershipFactory(role=role)
    open_year(city=member.city)
    client.force_login(member.user)

    [row] = client.get(reverse("assessments:city_list")).context["rows"]

    assert client.get(row.url, follow=True).status_code == 200
    assert bool(row.standing) == member.may(Permission.VIEW_ASSESSMENT)


def test_staff_of_an_opd_are_not_shown_their_citys_score(client):
    member = MembershipFactory(of_opd=True)
    open_year(city=member.city)
    client.force_login(member.user)

    row = client.get(reverse("assessments:city_list")).context["rows"][0]

    assert (row.standing, row.url) == (
        None,
        reverse("assessments:task_list", args=[member.city.slug]),
    )
