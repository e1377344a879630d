"""Where the points that are not proven lie, and the totals beside last year's."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.choices import AnswerState, ScoreKind
from assessments.models import Assessment
from assessments.queries import year_dashboard
from assessments.queries.scores import HEAT_STATES, heat_chart
from assessments.queries.year import year_charts
from assessments.services.answers import import_points
from assessments.services.scores import refresh_all
from tests.assessments.situations import (
    NOW,
    claim,
    secretary_of,
    working_year,
)
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, granted
from tests.factories.clusters import small_spec

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def board(year):
    return year_dashboard(Assessment.objects.get(pk=year.pk), today=TODAY)


def prove(answer, points):
    EvidenceFactory(answer=answer, accepted=True)
    granted(answer, points)
    refresh_all(assessment_id=answer.assessment_id)


def imported(year, kind, points):
    values = {code: Decimal(value) for code, value in points.items()}
    import_points(
        assessment=year, kind=kind, points=values, overwrite=True, by=secretary_of(year), at=NOW
    )


def cells(row):
    return {cell.state: cell.points for cell in row.cells if cell.points}


def test_points_left_stand_under_the_state_of_their_question(year):
    claim(answer_of(year, "1.1"), "30")
    EvidenceFactory(answer=answer_of(year, "1.2"), returned=True)
    prove(answer_of(year, "2a.2"), "10")

    rows = {row.code: row for row in board(year).heat}

    assert cells(rows["1"]) == {AnswerState.ANSWERED: 30, AnswerState.RETURNED: 20}
    assert cells(rows["2a"]) == {AnswerState.EMPTY: 15, AnswerState.ACCEPTED: 5}
    assert cells(rows["2b"]) == {AnswerState.EMPTY: 25}


def test_what_an_indicator_may_still_bring_is_held_to_its_maximum(year):
    rows = {row.code: row for row in board(year).heat}

    assert sum(cell.points for cell in rows["2a"].cells) == 30
    assert rows["2a"].left == 25


def test_the_largest_cell_is_darkest_and_an_empty_one_has_no_tone(year):
    prove(answer_of(year, "2a.2"), "14")

    tones = {row.code: {c.state: c.tone for c in row.cells} for row in board(year).heat}

    assert tones["1"][AnswerState.EMPTY] == 5
    assert tones["2a"][AnswerState.ACCEPTED] == 1
    assert tones["2b"][AnswerState.WAITING] == 0


def test_the_chart_names_the_largest_cell(year):
    chart = heat_chart(board(year).heat)

    assert chart.sentence == "Paling banyak tersisa pada indikator 1, keadaan belum dijawab."
    assert len(chart.columns) == len(HEAT_STATES) + 3
    assert chart.rows[0] == ("1", "Indikator 1", 0, 0, 0, 50, 0, 50)


def test_last_year_is_told_by_its_furthest_total(year):
    before = working_year(city=year.city, year=2025)
    imported(before, ScoreKind.VA, {"1.1": "30", "1.2": "20", "2b.1": "10"})
    imported(before, ScoreKind.EM, {"1.1": "30", "1.2": "20", "2b.1": "25"})
    imported(working_year(city=year.city, year=2024), ScoreKind.VF, {"1.1": "5"})
    imported(working_year(city=year.city, year=2027), ScoreKind.VF, {"1.1": "6"})
    imported(working_year(year=2025), ScoreKind.VF, {"1.1": "7"})

    last = board(year).last_year

    assert (last.year, last.kind, last.points, last.predikat, last.same_instrument) == (
        2025,
        ScoreKind.VA,
        60,
        "Pratama",
        True,
    )


def test_last_year_of_another_instrument_says_so(year):
    working_year(city=year.city, year=2025, spec=small_spec(code="lama-2025"))

    last = board(year).last_year

    assert (last.kind, last.points, last.same_instrument) == (ScoreKind.EVIDENCED, 0, False)


def test_a_first_year_has_no_last_one(year):
    assert board(year).last_year is None


def test_the_table_of_the_ladder_has_every_total_with_what_it_lacks(year):
    year.target = year.instrument.bands.get(predikat="Madya")
    year.save()
    AwardFactory(city=year.city, year=2024, predikat="Pratama")
    claim(answer_of(year, "1.1"), "30")
    claim(answer_of(year, "1.2"), "20")

    chart = year_charts(board(year))["tangga"]

    assert chart.sentence == "Terbukti 0 dan diklaim 50 dari 100 poin."
    assert chart.rows == [
        ("Terbukti", 0, "", "Pratama", 50, 61),
        ("Diklaim", 50, "Pratama", "Madya", 11, 11),
        ("Target", 61, "Madya", None, None, None),
        ("Penghargaan 2024", None, "Pratama", None, None, None),
    ]


def test_every_chart_of_the_page_has_a_sentence_and_full_rows(year):
    prove(answer_of(year, "2a.2"), "10")

    charts = year_charts(board(year))

    assert set(charts) == {
        "tangga",
        "klaster",
        "menunggu",
        "pekan",
        "laju",
        "sisa",
        "opd",
        "indikator",
    }
    for chart in charts.values():
        assert chart.sentence.endswith(".")
        assert {len(row) for row in chart.rows} <= {len(chart.columns)}
