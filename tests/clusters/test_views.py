from dataclasses import replace

import pytest
from django.urls import reverse

from clusters.library import packaged
from tests.factories.cities import UserFactory
from tests.factories.clusters import InstrumentFactory, make_instrument, small_spec

pytestmark = pytest.mark.django_db

LIST = reverse("clusters:instrument_list")


def detail(code="kecil-2026", query=""):
    return reverse("clusters:instrument_detail", args=[code]) + query


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


@pytest.mark.parametrize("url", [LIST, detail()])
def test_the_instrument_is_for_people_who_signed_in(client, url):
    make_instrument()

    response = client.get(url)

    assert (response.status_code, response["Location"]) == (
        302,
        f"{reverse('account_login')}?next={url}",
    )


@pytest.mark.parametrize("url", [LIST, detail()])
def test_the_instrument_can_only_be_read(reader, url):
    make_instrument()

    assert reader.post(url).status_code == 405


def test_the_list_shows_what_is_published_and_not_what_is_drafted(reader):
    instrument = make_instrument()
    InstrumentFactory(code="rancangan")

    response = reader.get(LIST)

    assert list(response.context["instruments"]) == [instrument]


def test_without_an_instrument_the_list_says_what_it_is_for(reader):
    response = reader.get(LIST)

    assert "Belum ada instrumen" in response.text


def test_the_list_costs_the_same_for_1_and_for_3(reader, django_assert_num_queries):
    make_instrument()
    with django_assert_num_queries(3):  # session, user with unread, instruments
        reader.get(LIST)

    make_instrument(small_spec(code="dua"))
    make_instrument(small_spec(code="tiga"))
    with django_assert_num_queries(3):
        reader.get(LIST)


def test_the_page_shows_every_question_under_its_indicator(reader):
    make_instrument()

    sections = reader.get(detail()).context["sections"]

    assert [
        (
            section.cluster.code,
            section.question_count,
            [
                (item.number, item.is_split, item.max_points, [row.code for row in item.rows])
                for item in section.indicators
            ],
        )
        for section in sections
    ] == [
        ("kelembagaan", 2, [(1, False, 50, ["1"])]),
        ("klaster-1", 3, [(2, True, 50, ["2a", "2b"])]),
    ]


def test_the_page_costs_the_same_for_5_questions_and_for_274(reader, django_assert_num_queries):
    make_instrument()
    make_instrument(packaged("kla-2023"))

    for code in ("kecil-2026", "kla-2023"):
        with django_assert_num_queries(12):
            reader.get(detail(code))


def test_the_real_instrument_is_counted_as_people_count_it(reader):
    make_instrument(packaged("kla-2023"))

    response = reader.get(detail("kla-2023"))

    assert response.context["indicator_count"] == 24
    assert response.context["question_count"] == 274
    assert "24 indikator, 274 pertanyaan, paling banyak 1.000 poin" in response.text
    assert "kelebihannya tidak dihitung" in response.text


def test_one_cluster_can_be_looked_at_alone(reader):
    make_instrument()

    response = reader.get(detail(query="?klaster=klaster-1"))

    assert [section.cluster.code for section in response.context["sections"]] == ["klaster-1"]
    assert "Pertanyaan 2a.1" in response.text
    assert "Pertanyaan 1.1" not in response.text


@pytest.mark.parametrize(
    ("code", "query"),
    [("lain", ""), ("rancangan", ""), ("kecil-2026", "?klaster=lain")],
)
def test_what_does_not_exist_is_not_found(reader, code, query):
    make_instrument()
    InstrumentFactory(code="rancangan")

    assert reader.get(detail(code, query)).status_code == 404


def test_text_of_an_instrument_is_never_markup(reader):
    make_instrument(replace(small_spec(), provenance="<script>alert(1)</script>"))

    assert "&lt;script&gt;alert(1)" in reader.get(detail()).text
