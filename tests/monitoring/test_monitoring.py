"""The matrix of a year, its budget, and its paper."""

import io
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from monitoring.choices import Light
from monitoring.papers import matrix_pdf
from monitoring.queries.board import (
    by_cluster,
    monitoring,
    monitoring_chart,
)
from tests.actionplan.test_actions import indicator
from tests.assessments.situations import later
from tests.factories.actionplan import ActionFactory, ActionYearFactory
from tests.factories.cities import MembershipFactory
from tests.factories.monitoring import RealisationFactory
from workbooks.money import MOST

JULY = date(2026, 7, 20)  # the second quarter is due


def words_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def leader(plan):
    return MembershipFactory(pimpinan=True, city=plan.city)


def board_of(plan, member, today=JULY):
    return monitoring(plan, member, 2026, today=today)


def test_an_action_shows_its_quarters_by_the_newest_report(action_year, leader):
    RealisationFactory(action_year=action_year, physical=5)
    RealisationFactory(action_year=action_year, physical=24, revision=2)

    [row] = board_of(action_year.action.plan, leader).rows

    assert [cell.light for cell in row.quarters] == [
        Light.GREEN,
        Light.MISSING,
        Light.AWAITED,
        Light.AWAITED,
    ]
    assert (row.light, row.spent, row.latest.physical) == (Light.MISSING, 250_000_000, 24)


def test_the_light_of_the_year_is_that_of_the_last_quarter_told(action_year, leader):
    RealisationFactory(action_year=action_year, physical=24)
    RealisationFactory(action_year=action_year, quarter=2, physical=26)

    [row] = board_of(action_year.action.plan, leader).rows

    assert row.light == Light.YELLOW


def test_an_action_without_a_row_of_the_year_owes_nothing(plan, leader):
    ActionFactory(plan=plan)

    [row] = board_of(plan, leader).rows

    assert (row.light, row.ceiling, row.spent) == (Light.AWAITED, None, None)


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (60 * 24 * 60, True)])
def test_a_report_after_the_deadline_stays_late(action_year, leader, minutes, is_late):
    RealisationFactory(action_year=action_year, at=later(minutes))

    [row] = board_of(action_year.action.plan, leader).rows

    assert row.quarters[0].is_late == is_late
    assert row.quarters[1].is_late


def test_an_opd_sees_only_its_own_in_the_matrix(plan, action, leader, dinkes):
    foreign = ActionFactory(plan=plan, lead=plan.city.opds.get(code="DP3A"))

    assert [row.action for row in board_of(plan, dinkes).rows] == [action]
    assert [row.action for row in board_of(plan, leader).rows] == [action, foreign]


def test_the_matrix_sums_what_it_shows_to_the_rupiah(plan, leader):
    for number, ceiling in ((1, 1), (2, MOST), (3, 999_999_999_999_999)):
        row = ActionYearFactory(action=ActionFactory(plan=plan, number=number), ceiling=ceiling)
        RealisationFactory(action_year=row, money=ceiling)

    board = board_of(plan, leader)
    chart = monitoring_chart(board)

    assert (board.ceiling, board.spent, board.absorbed) == (2 * MOST, 2 * MOST, Decimal(100))
    assert [row[8] for row in chart.rows] == [1, MOST, MOST - 1]
    assert "Rp2.000.000.000.000.000" in chart.sentence


def test_the_rows_stand_by_cluster_in_the_order_of_the_instrument(plan, leader):
    second = ActionFactory(plan=plan, number=1, indicator=indicator(plan, "2a"))
    first = ActionFactory(plan=plan, number=2)

    groups = by_cluster(board_of(plan, leader).rows)

    assert [(cluster.label, [row.action for row in rows]) for cluster, rows in groups] == [
        ("Kelembagaan", [first]),
        ("Klaster I", [second]),
    ]


def test_the_matrix_is_printed_with_room_for_signatures(action_year, leader):
    RealisationFactory(action_year=action_year, physical="12.5", money=312_500_001)

    words = words_of(matrix_pdf(board_of(action_year.action.plan, leader), moment="20 Juli 2026"))

    for told in (
        "Matriks pemantauan dan evaluasi RAD 2026",
        "Rp1.250.000.000",
        "Rp312.500.001",
        "12,5%",
        "Ketua Gugus Tugas KLA",
        "Kepala Bappeda",
        "20 Juli 2026",
    ):
        assert told in words


def test_the_same_figures_print_the_same_paper(action_year, leader):
    board = board_of(action_year.action.plan, leader)

    assert matrix_pdf(board, moment="kini") == matrix_pdf(board, moment="kini")


def test_a_plan_without_actions_has_a_paper_too(plan, leader):
    assert "Sekretariat" in words_of(matrix_pdf(board_of(plan, leader), moment="kini"))
