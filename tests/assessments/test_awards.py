from io import StringIO

import pytest
from django.core.management import call_command

from assessments.models import Award
from assessments.services.awards import PublishedAward, load_awards, published_awards
from tests.factories.assessments import AwardFactory
from tests.factories.cities import CityFactory

pytestmark = pytest.mark.django_db

BANDS = {"Pratama", "Madya", "Nindya", "Utama"}  # nobody was called KLA yet


def report():
    out = StringIO()
    call_command("load_awards", stdout=out)
    return out.getvalue().splitlines()


def test_every_published_award_has_a_known_predikat_and_a_source():
    awards = published_awards()

    assert {award.predikat for award in awards} == BANDS
    assert [
        award for award in awards if "http" not in award.source and "," not in award.source
    ] == []
    assert len({(award.city, award.year) for award in awards}) == len(awards) == 179


def test_every_published_award_finds_its_city_in_the_official_list():
    call_command("load_regions", stdout=StringIO())

    assert report() == ["Awards: 179 added, 179 in all."]


def test_loading_again_adds_nothing():
    call_command("load_regions", stdout=StringIO())
    report()

    assert report() == ["Awards: 0 added, 179 in all."]


def test_an_award_that_is_here_is_kept_and_its_difference_told():
    city = CityFactory(code="18.72", name="Kota Metro")
    kept = AwardFactory(city=city, year=2022, predikat="Madya", source="SK Menteri")
    published = PublishedAward("18.72", 2022, "Nindya", "https://berita.example")

    loaded = load_awards([published, PublishedAward("18.72", 2021, "Pratama", "Koran, 2021")])

    assert (loaded.added, loaded.differences) == (1, [(kept, published)])
    assert list(Award.objects.values_list("year", "predikat", "source")) == [
        (2022, "Madya", "SK Menteri"),
        (2021, "Pratama", "Koran, 2021"),
    ]


def test_an_award_without_a_change_of_predikat_is_no_difference():
    AwardFactory(city=CityFactory(code="18.72"), year=2022, predikat="Nindya", source="SK")

    loaded = load_awards([PublishedAward("18.72", 2022, "Nindya", "https://berita.example")])

    assert (loaded.added, loaded.unknown_cities, loaded.differences) == (0, [], [])


def test_a_city_that_is_not_here_is_named_once():
    cities = sorted({award.city for award in published_awards()})

    assert report() == [
        *(f"Not loaded, no city {code} here (run load_regions first)" for code in cities),
        "Awards: 0 added, 0 in all.",
    ]
