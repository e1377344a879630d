"""What is found in a city, and the ladder of the nation, by the interface: as on pages, for whoever
sees it there."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScoreKind
from assessments.models import TotalScore
from assessments.queries.search import SHOWN_OF_EACH
from clusters.models import Question
from tests.assessments.situations import claim, working_year
from tests.factories.api import key_of
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, MembershipFactory, OpdFactory, ProvinceFactory
from tests.factories.clusters import small_spec


def found(world, term, who="pimpinan", kind="", **query):
    path = f"{world.city}search/{kind}"
    answer = world.ask(who, path, data={"q": term} | query)
    return answer.json() if answer.status_code == 200 else answer.status_code


def titles(world, term, who="pimpinan"):
    return {
        group["kind"]: [hit["title"] for hit in group["hits"]] for group in found(world, term, who)
    }


def named(answer, text):
    Question.objects.filter(pk=answer.question_id).update(text=text)


@pytest.fixture
def named_twice(world):
    """The same words in a question and a paper of DISDIK, and in those of nobody and of others."""
    named(world.answer, "Sekolah ramah lestari")
    type(world.evidence.document).objects.filter(pk=world.evidence.document_id).update(
        title="SK lestari", number="188/12"
    )
    theirs = working_year(spec=small_spec(code="lain-2026"))
    named(answer_of(theirs, "1.1"), "Bocor lestari")
    EvidenceFactory(answer=answer_of(theirs, "1.2"), document__title="Bocor lestari")
    OpdFactory(city=theirs.city, name="Dinas Bocor lestari")
    MembershipFactory(city=theirs.city, user__name="Bocor lestari", pimpinan=True)
    named(answer_of(world.assessment, "2a.2"), "Puskesmas lestari")  # of DINKES
    return theirs


# --- The search over a city -------------------------------------------------------------------


def test_a_search_tells_what_it_found_with_what_programs_ask_for_next(world, named_twice):
    groups = {group["kind"]: group for group in found(world, "lestari")}

    assert groups["pertanyaan"]["name"] == "Pertanyaan"
    assert groups["pertanyaan"]["has_more"] is False
    [question] = [one for one in groups["pertanyaan"]["hits"] if one["question"] == "1.2"]
    indicator = world.answer.question.indicator.name
    assert question == {
        "title": "1.2 Sekolah ramah lestari",
        "detail": f"2026 · {indicator}",
        "url": world.answer.get_absolute_url(),
        "closeness": 1,
        "year": 2026,
        "question": "1.2",
        "document": None,
        "opd": None,
    }
    [paper] = groups["dokumen"]["hits"]
    assert (paper["title"], paper["year"], paper["question"], paper["document"]) == (
        "SK lestari",
        2026,
        "1.2",
        str(world.evidence.document_id),
    )
    assert "Bocor" not in str(groups)


def test_an_opd_finds_nothing_of_others_and_nobody_a_person_who_may_not_see_them(
    world, named_twice
):
    MembershipFactory(city=world.assessment.city, user__name="Ibu Lestari", pimpinan=True)

    assert titles(world, "lestari", "opd_own") == {
        "pertanyaan": ["1.2 Sekolah ramah lestari"],
        "dokumen": ["SK lestari"],
    }
    assert titles(world, "lestari", "opd_other") == {"pertanyaan": ["2a.2 Puskesmas lestari"]}
    assert "orang" not in titles(world, "lestari")
    assert titles(world, "lestari", "admin_kota")["orang"] == ["Ibu Lestari"]
    assert found(world, "lestari", "opd_own", "orang/") == {"items": [], "next": None}
    assert found(world, "lestari", "wilayah") == 403


def test_an_opd_is_found_with_its_code(world):
    [group] = [one for one in found(world, "DISDIK") if one["kind"] == "opd"]

    assert [(one["opd"], one["title"]) for one in group["hits"]] == [("DISDIK", "Dinas DISDIK")]


def test_of_one_kind_all_are_told_page_by_page(world):
    for number in range(SHOWN_OF_EACH + 2):
        EvidenceFactory(answer=world.answer, document__title=f"Notula lestari {number}")

    [group] = found(world, "lestari")
    first = found(world, "lestari", kind="dokumen/", limit=5)
    second = found(world, "lestari", kind="dokumen/", limit=5, cursor=first["next"])

    assert (group["has_more"], len(group["hits"])) == (True, SHOWN_OF_EACH)
    assert (len(first["items"]), len(second["items"]), second["next"]) == (5, 3, None)
    every = found(world, "lestari", kind="dokumen/", limit=100)["items"]
    assert first["items"] + second["items"] == every
    assert every[:SHOWN_OF_EACH] == group["hits"]


def test_nothing_is_found_by_nothing_and_what_is_no_search_is_said(world):
    assert found(world, "  ") == []
    assert found(world, "", kind="pertanyaan/") == {"items": [], "next": None}
    assert found(world, "x" * 101) == 422
    assert found(world, "a\0") == 422
    assert found(world, "lestari", kind="resep/") == 404
    far = "OTk5OTk5OTk5OTk5"  # 999999999999
    assert found(world, "lestari", kind="dokumen/", cursor=far) == 400


# --- The ladder of the nation -----------------------------------------------------------------


def nation(world, rest="", who="pimpinan", **query):
    answer = world.ask(who, f"/api/v1/nation/{rest}", data=query or None)
    return answer.json() if answer.status_code == 200 else answer.status_code


@pytest.fixture
def cities(world):
    """Ours with Pratama and 12.5 proven; another with Madya after Pratama and 80, which are its own."""
    province = ProvinceFactory(code="35", name="Jawa Timur")
    other = working_year(
        city=CityFactory(name="Kota Lain", province=province), spec=small_spec(code="lain-2026")
    )
    own = world.assessment.city
    for city, year, predikat in ((own, 2025, "Pratama"), (other.city, 2023, "Pratama")):
        AwardFactory(city=city, year=year, predikat=predikat)
    AwardFactory(city=other.city, year=2025, predikat="Madya")
    for year, points in ((world.assessment, "12.5"), (other, "80")):
        TotalScore.objects.filter(assessment=year, kind=ScoreKind.EVIDENCED).update(
            points=Decimal(points), answered=1
        )
    CityFactory(name="Kota Sunyi")
    return own, other.city


def test_the_ladder_tells_awards_of_all_and_totals_of_ones_own_city_alone(world, cities):
    own, _other = cities

    told = nation(world)["items"]

    first, second = told[0], told[1]
    assert [first["name"], second["name"]] == ["Kota Lain", own.name]
    assert first == {
        "name": "Kota Lain",
        "province": "Jawa Timur",
        "province_code": "35",
        "slug": None,
        "award": {"predikat": "Madya", "year": 2025, "source": "https://example.org/berita"},
        "before": {"predikat": "Pratama", "year": 2023, "source": "https://example.org/berita"},
        "rank": 2,
        "steps": 1,
        "move": "naik",
        "proven": None,
        "proven_year": None,
    }
    assert (second["slug"], second["rank"], second["proven"], second["proven_year"]) == (
        own.slug, 1, "12.5", 2026,
    )  # fmt: skip
    [quiet] = [one for one in told if one["name"] == "Kota Sunyi"]
    assert [quiet[name] for name in ("award", "before", "rank", "steps", "move")] == [None] * 5
    assert nation(world, who="opd_own")["items"][1]["proven"] is None


def test_the_ladder_is_narrowed_and_ordered_as_its_page_is(world, cities):
    def names(**query):
        return [one["name"] for one in nation(world, **query)["items"]]

    assert names(provinsi="35") == names(gerak="naik") == names(q="lain") == ["Kota Lain"]
    assert names(predikat="Madya", tahun="2025") == ["Kota Lain"]
    assert names(predikat="Madya", tahun="2023") == []
    assert names(urut="nama") == sorted(names(urut="nama"))
    for query in ({"tahun": "1999"}, {"urut": "acak"}, {"gerak": "miring"}):
        assert nation(world, **query) == 422


def test_the_ladder_comes_in_pages(world, cities):
    every = nation(world, limit=100)["items"]

    first = nation(world, limit=2)
    rest = nation(world, limit=100, cursor=first["next"])

    assert first["items"] + rest["items"] == every
    assert rest["next"] is None


def test_the_summary_tells_how_cities_spread_and_where_ones_own_stands(world, cities):
    told = nation(world, "summary/")

    everybody = len(nation(world, limit=100)["items"])
    assert told["cities"] == everybody
    assert [one["predikat"] for one in told["rungs"]] == ["Pratama", "Madya"]
    assert told["shares"] == [
        {"key": "Madya", "name": "Madya", "cities": 1},
        {"key": "Pratama", "name": "Pratama", "cities": 1},
        {"key": "belum", "name": "Belum diketahui", "cities": everybody - 2},
    ]
    assert told["moves"] == {"naik": 1, "turun": 0, "tetap": 0}
    assert told["places"] == [
        {"slug": cities[0].slug, "predikat": "Pratama", "higher": 1, "equal": 0}
    ]
    assert nation(world, "summary/", who="stranger")["places"] == []
    assert nation(world, "summary/", provinsi="35")["cities"] == 1


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("{city}search/?q=lestari", 12),
        ("{city}search/dokumen/?q=lestari", 6),
        ("/api/v1/nation/", 6),
        ("/api/v1/nation/summary/", 6),
    ],
)
def test_an_answer_takes_as_many_queries_for_much_as_for_little(
    world, named_twice, cities, address, most
):
    key = key_of(world.people["admin_kota"], last_used_at=timezone.now())
    path = address.format(city=world.city)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    OpdFactory(city=world.assessment.city, name="Dinas lestari")
    MembershipFactory(city=world.assessment.city, user__name="Ibu Lestari", pimpinan=True)
    few = queries()
    claim(world.answer, "1")
    for number in range(5):
        EvidenceFactory(answer=world.answer, document__title=f"Notula lestari {number}")
        AwardFactory(city=CityFactory(), year=2025, predikat="Madya")

    assert queries() == few <= most
