"""A city over its years: holes stay holes, instruments are not joined, losses have a place."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import TotalScore
from assessments.queries.history import (
    HistoryYear,
    cluster_fall_chart,
    fall_chart,
    history_years,
    year_lines,
    years_chart,
)
from assessments.services.answers import import_points
from figures.values import Stroke
from tests.assessments.situations import (
    NOW,
    secretary_of,
)
from tests.csv_files import csv_rows
from tests.factories.assessments import AwardFactory, open_year
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.clusters import small_spec

database = pytest.mark.django_db

FULL = {"1.1": 30, "1.2": 20, "2a.1": 15, "2a.2": 10, "2b.1": 25}


@pytest.fixture
def city(db):
    return CityFactory(name="Kota Lama", slug="kota-lama")


def imported(year, kind, points):
    values = {code: Decimal(value) for code, value in points.items()}
    import_points(
        assessment=year, kind=kind, points=values, overwrite=True, by=secretary_of(year), at=NOW
    )


def with_less(**less):
    """Every point there is but some; `q1_2=5` takes five from question 1.2."""
    lost = {name[1:].replace("_", "."): points for name, points in less.items()}
    return {code: points - lost.get(code, 0) for code, points in FULL.items()}


def told(years):
    return [(one.year, sorted(one.totals), one.award and one.award.predikat) for one in years]


def test_a_city_without_years_and_awards_has_no_history(city):
    AwardFactory(year=2020)  # another city's

    assert history_years(city) == []
    assert years_chart([]).sentence == "Belum ada tahun yang tercatat."


def test_years_without_data_are_holes_and_not_zeros(city):
    AwardFactory(city=city, year=2022, predikat="Pratama")
    imported(open_year(city=city, year=2024), ScoreKind.CLAIMED, {"1.1": 30})
    open_year(city=city, year=2025)  # nobody has entered anything yet

    years = history_years(city)

    assert told(years) == [
        (2022, [], "Pratama"),
        (2023, [], None),
        (2024, ["claimed"], None),
        (2025, [], None),
    ]
    assert [one.is_hole for one in years] == [False, True, False, True]
    chart = years_chart(years)
    assert chart.sentence == (
        "2 tahun tercatat, dari 2022 sampai 2024. Tahun tanpa data dibiarkan kosong, bukan nol."
    )
    scores = [row[3:9] for row in chart.rows]
    assert scores == [[None] * 6, [None] * 6, [30, *[None] * 5], [None] * 6]


def test_the_predikat_of_a_year_is_that_of_the_furthest_stage(city):
    year = open_year(city=city)
    imported(year, ScoreKind.EM, FULL)
    imported(year, ScoreKind.VA, with_less(q1_1=30, q1_2=12))

    [one] = history_years(city)

    assert (one.furthest.kind, one.furthest.points, one.furthest.predikat) == ("VA", 58, "Pratama")


def test_what_was_lost_stands_with_the_stage_and_the_cluster(city):
    year = open_year(city=city)
    imported(year, ScoreKind.EM, FULL)
    imported(year, ScoreKind.VA, with_less(q1_2=5, q2b_1=20))
    imported(year, ScoreKind.VF, with_less(q1_2=8, q2b_1=18))

    [one] = history_years(city)

    assert [list(row) for row in fall_chart(one).rows] == [
        ["Evaluasi mandiri", 100, None, "Madya"],
        ["Verifikasi administrasi", 75, -25, "Madya"],
        ["Verifikasi final", 74, -1, "Madya"],
    ]
    assert fall_chart(one).sentence == (
        "Dari Evaluasi mandiri 100 ke Verifikasi final 74: berkurang 26 poin. "
        "Paling banyak hilang pada Klaster I: 18 poin."
    )
    clusters = cluster_fall_chart(one)
    assert clusters.header == ["Klaster", "Maksimum", "EM", "VA", "VF", "EM → VA", "VA → VF"]
    assert [list(row) for row in clusters.rows] == [
        ["Kelembagaan", 50, 50, 45, 42, -5, -3],
        ["Klaster I", 50, 50, 30, 32, -20, 2],
    ]


def test_our_own_review_and_the_official_stages_are_chains_of_their_own(city):
    year = open_year(city=city)
    imported(year, ScoreKind.CLAIMED, FULL)
    imported(year, ScoreKind.EM, FULL)
    imported(year, ScoreKind.VL, FULL)
    TotalScore.objects.filter(assessment=year, kind=ScoreKind.EVIDENCED).update(
        points=60, answered=3
    )

    [one] = history_years(city)

    assert [[step.kind for step in steps] for steps in one.falls] == [
        ["claimed", "evidenced"],
        ["EM", "VL"],
    ]
    assert [[step.change for step in steps] for steps in one.falls] == [[None, -40], [None, 0]]


def test_one_stage_alone_lost_nothing(city):
    imported(open_year(city=city), ScoreKind.EM, FULL)

    assert [one.falls for one in history_years(city)] == [[]]


def lines_of(years):
    return [(line.label, list(line.points)) for line in year_lines(years).series]


def test_years_of_one_instrument_are_one_line_that_a_hole_breaks(city):
    for number, points in ((2021, 50), (2022, 60), (2024, 70), (2025, 100)):
        year = open_year(city=city, year=number)
        imported(year, ScoreKind.CLAIMED, {"1.1": 30, "1.2": 20, "2b.1": 0})
        TotalScore.objects.filter(assessment=year, kind=ScoreKind.CLAIMED).update(points=points)

    assert lines_of(history_years(city)) == [
        ("Diklaim (%)", [(2021, 50), (2022, 60)]),
        ("Diklaim (%)", [(2024, 70), (2025, 100)]),
    ]


def test_years_of_different_instruments_are_marked_and_never_joined(city):
    other = replace(small_spec(code="lain-2025"), title="Instrumen lain")
    imported(open_year(city=city, year=2024), ScoreKind.EM, FULL)
    imported(open_year(city=city, year=2025, spec=other), ScoreKind.EM, with_less(q1_1=10))
    imported(open_year(city=city, year=2026, spec=other), ScoreKind.EM, FULL)

    years = history_years(city)

    assert [one.is_other_instrument for one in years] == [False, True, False]
    official = "Resmi, tahap terjauh (%)"
    assert lines_of(years) == [
        (official, [(2024, 100)]),
        (official, [(2025, 90), (2026, 100)]),
    ]
    lines = year_lines(years)
    assert [(mark.x, mark.label) for mark in lines.marks] == [(2025, "instrumen lain")]
    assert {line.stroke for line in lines.series} == {Stroke.DASHED}
    assert years_chart(years).sentence == (
        "3 tahun tercatat, dari 2024 sampai 2026. "
        "Tahun dengan instrumen lain tidak disambung garis."
    )


def test_one_year_makes_no_line(city):
    imported(open_year(city=city), ScoreKind.EM, FULL)

    assert year_lines(history_years(city)) is None


@given(
    points=st.dictionaries(
        st.sampled_from(OFFICIAL_KINDS), st.integers(1, 10**6).map(Decimal), min_size=2
    )
)
def test_the_changes_of_a_chain_lead_from_its_first_total_to_its_last(points):
    totals = {kind: TotalScore(kind=kind, points=value) for kind, value in points.items()}
    year = HistoryYear(2024, None, totals, [], None, is_other_instrument=False)

    [steps] = year.falls

    assert steps[0].points + sum(step.change for step in steps[1:]) == steps[-1].points
    assert [step.kind for step in steps] == [kind for kind in OFFICIAL_KINDS if kind in points]


@database
def test_the_page_tells_years_losses_and_sources(client, city):
    AwardFactory(city=city, year=2022, predikat="Pratama", source="https://example.org/a")
    year = open_year(city=city, year=2024)
    imported(year, ScoreKind.EM, FULL)
    imported(year, ScoreKind.VF, with_less(q1_2=5))
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)

    page = client.get(reverse("assessments:city_history", args=[city.slug])).content.decode()

    assert page.count("Tidak ada data") == 1  # 2023
    assert '<a href="https://example.org/a" rel="nofollow noopener">example.org</a>' in page
    assert "Dari Evaluasi mandiri 100 ke Verifikasi final 95: berkurang 5 poin." in page
    assert ">−5<" in page


@database
def test_its_figures_go_out_as_files(client, city):
    year = open_year(city=city, year=2024)
    imported(year, ScoreKind.EM, FULL)
    imported(year, ScoreKind.VF, with_less(q1_2=5))
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)
    url = reverse("assessments:city_history", args=[city.slug])

    file = client.get(url, {"data": "klaster-2024", "format": "csv"})

    assert csv_rows(file) == [
        ["Klaster", "Maksimum", "EM", "VF", "EM → VF"],
        ["Kelembagaan", "50,000", "50,000", "45,000", "-5,000"],
        ["Klaster I", "50,000", "50,000", "50,000", "0,000"],
    ]


@database
def test_a_city_with_nothing_says_what_will_stand_here(client, city):
    client.force_login(MembershipFactory(pimpinan=True, city=city).user)

    page = client.get(reverse("assessments:city_history", args=[city.slug])).content.decode()

    assert "Belum ada riwayat" in page
