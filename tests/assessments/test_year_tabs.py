"""The pages of figures beside the first page of a year."""

import re

import pytest
from django.urls import reverse

from assessments.models import ClusterScore
from assessments.queries.year import year_dashboard
from assessments.services.scores import refresh_all
from assessments.views.year_tabs import TAB_OF_CHART
from tests.assessments.situations import NOW, claim, secretary_of
from tests.factories.assessments import EvidenceFactory, answer_of, granted
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db

TABS = (
    "assessment_detail",
    "year_clusters",
    "year_indicators",
    "year_opds",
    "year_pace",
    "year_remaining",
)


@pytest.fixture
def told(year):
    """A year with a claim that its indicator caps, and a proven question."""
    someone = secretary_of(year)
    for code in ("2a.1", "2a.2"):
        claim(answer_of(year, code), "15", by=someone)
    proven = answer_of(year, "1.2")
    EvidenceFactory(answer=proven, accepted=True)
    granted(proven, "13.2")
    refresh_all(assessment_id=year.pk)
    return year


@pytest.fixture
def signed_in(client, told):
    client.force_login(MembershipFactory(pimpinan=True, city=told.city).user)
    return client


def address(name, year):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year])


def tabs_of(text):
    nav = re.search(r'<nav class="tabs .*?</nav>', text, re.DOTALL)[0]
    return re.findall(r'href="([^"]*)"', nav), re.findall(
        r'href="([^"]*)"[^>]*aria-current="page"', nav
    )


@pytest.mark.parametrize("name", TABS)
def test_every_tab_leads_to_all_others_and_marks_itself(signed_in, told, name):
    links, current = tabs_of(signed_in.get(address(name, told)).text)

    assert links == [address(tab, told) for tab in TABS]
    assert current == [address(name, told)]


@pytest.mark.parametrize(
    ("name", "part", "key"),
    [
        ("year_opds", "opds", "opds"),
        ("year_remaining", "heat", "heat"),
        ("year_pace", "waiting", "waiting"),
    ],
)
def test_a_tab_shows_what_the_report_of_the_year_prints(signed_in, told, name, part, key):
    shown = signed_in.get(address(name, told)).context[part]

    assert shown == getattr(year_dashboard(told, today=NOW.date()), key)


def test_the_clusters_are_those_that_the_arithmetic_stored(signed_in, told):
    lines = signed_in.get(address("year_clusters", told)).context["clusters"]

    stored = ClusterScore.objects.filter(assessment=told).order_by("cluster__position", "kind")
    points = {(row.cluster.label, row.kind): row.points for row in stored}
    assert {(line.label, "claimed"): line.claimed for line in lines} | {
        (line.label, "evidenced"): line.evidenced for line in lines
    } == {key: value for key, value in points.items() if key[1] in ("claimed", "evidenced")}
    for line in lines:
        assert signed_in.get(line.url).status_code == 200


def test_indicators_stand_under_what_their_cluster_counts(signed_in, told):
    response = signed_in.get(address("year_indicators", told))

    groups = response.context["groups"]
    assert [(group.cluster.label, [line.label for line in group.lines]) for group in groups] == [
        ("Kelembagaan", ["1"]),
        ("Klaster I", ["2", "2a", "2b"]),
    ]
    number, first, second = groups[1].lines
    assert (number.name, number.url) == ("Gabungan 2a, 2b", "")
    assert (first.is_part, second.is_part, number.is_part) == (True, True, False)
    assert (number.claimed, first.claimed) == (25, 25)  # 30 were claimed, 25 is the most
    assert (groups[1].cluster.claimed, groups[0].cluster.evidenced) == (
        25,
        groups[0].lines[0].evidenced,
    )
    assert groups[0].lines[0].evidenced > 0
    assert "2 indikator" in response.text


@pytest.mark.parametrize(("key", "tab"), TAB_OF_CHART.items())
def test_an_old_address_of_a_file_leads_to_the_tab_that_has_it(signed_in, told, key, tab):
    old = f"{address('assessment_detail', told)}?data={key}&format=csv"

    response = signed_in.get(old)

    assert response.status_code == 302
    assert response.url == f"{address(tab, told)}?data={key}&format=csv"
    assert signed_in.get(response.url)["Content-Type"].startswith("text/csv")


def test_a_file_that_never_was_is_not_found(signed_in, told):
    assert signed_in.get(f"{address('assessment_detail', told)}?data=apa").status_code == 404


def test_old_names_within_the_page_are_kept_at_the_links_to_the_tabs(signed_in, told):
    text = signed_in.get(address("assessment_detail", told)).text

    named = re.findall(r'href="([^"]*)" data-was="#(\w+)"', text)
    assert named == [
        (address("year_clusters", told), "klaster"),
        (address("year_indicators", told), "indikator"),
        (address("year_opds", told), "opd"),
        (address("year_pace", told), "laju"),
        (address("year_remaining", told), "sisa"),
    ]


def test_one_main_action_stands_beside_a_menu_of_the_others(client, told):
    client.force_login(secretary_of(told))

    text = client.get(address("assessment_detail", told)).text
    head = text[text.index('class="page-header__actions"') : text.index('<nav class="tabs')]
    outside, _menu, inside = head.partition("<details")

    assert re.findall(r'<a class="btn[^>]*>\s*([^<]*?)\s*</a>', outside) == ["Ajukan penilaian"]
    assert re.findall(r'class="menu__item"[^>]*>([^<]*)<', inside) == [
        "Tahap penilaian",
        "Nilai resmi",
        "Impor lembar",
        "Unduh lembar kerja",
        "Laporan PDF",
        "Semua tabel (XLSX)",
        "Unduh paket",
    ]
