"""What a year costs: by cluster and OPD, by source, and what of it serves children."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan.choices import FundSource
from actionplan.models import Action, ActionPlan, ActionYear
from clusters.models import Cluster, Indicator
from monitoring.choices import Light
from monitoring.queries.board import Monitoring, QuarterCell, YearRow, monitoring
from monitoring.queries.budget import budget_chart, budget_of, shares_with_reasons, source_chart
from monitoring.rules import packaged_rules
from tests.actionplan.test_actions import indicator
from tests.factories.actionplan import ActionFactory, ActionYearFactory
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.monitoring import CityRulesFactory, RealisationFactory
from workbooks.money import MOST

JULY = date(2026, 7, 20)


@pytest.fixture
def counted(plan):
    """The plan, in a city of three children."""
    ActionPlan.objects.filter(pk=plan.pk).update(children=3, children_source="Profil anak")
    plan.refresh_from_db()
    return plan


def board_of(plan):
    member = MembershipFactory(pimpinan=True, city=plan.city)
    return monitoring(plan, member, 2026, today=JULY)


def year_of(plan, number, ceiling, **fields):
    named = {name: fields.pop(name) for name in ("lead", "indicator") if name in fields}
    action = ActionFactory(plan=plan, number=number, **named)
    return ActionYearFactory(action=action, ceiling=ceiling, **fields)


def said(share):
    return {"child_share": share, "child_reason": "Menurut DPA"}


def test_the_budget_is_told_by_cluster_by_opd_and_per_child(counted):
    plan = counted
    dp3a = plan.city.opds.get(code="DP3A")
    ActionYearFactory(
        action=ActionFactory(plan=plan, number=1, lead=dp3a),
        ceiling=100,
        child_share=50,
        child_reason="Separuh",
    )
    ActionYearFactory(action=ActionFactory(plan=plan, number=2, lead=dp3a), ceiling=11)
    ActionYearFactory(
        action=ActionFactory(plan=plan, number=3, indicator=indicator(plan, "2a")), ceiling=1_000
    )

    board = board_of(plan)
    budget = budget_of(board)

    told = [
        (one.name, one.actions, one.ceiling, one.for_children, one.unsaid)
        for one in budget.clusters
    ]
    assert told == [("Kelembagaan", 2, 111, 50, 1), ("Klaster I", 1, 1_000, 0, 1)]
    assert [(one.name, one.ceiling) for one in budget.opds] == [
        ("Dinas DP3A", 111),
        ("Tanpa OPD", 1_000),
    ]
    assert (budget.total.ceiling, budget.per_child, budget.share_per_child) == (1_111, 370, 16)
    assert [row.action.number for row in shares_with_reasons(board)] == [1]
    assert [row[2] for row in budget_chart(board, budget).rows] == [111, 1_000, 1_111]


def test_without_a_count_of_children_nothing_is_divided(plan):
    budget = budget_of(board_of(plan))

    assert (budget.per_child, budget.share_per_child, budget.total.ceiling) == (None, None, 0)


@given(st.lists(st.integers(min_value=0, max_value=MOST), max_size=20))
def test_no_rupiah_is_lost_between_the_clusters_and_the_whole(ceilings):
    clusters = [Cluster(pk=pk, label=f"Klaster {pk}", position=pk) for pk in (1, 2, 3)]
    nothing = [QuarterCell(quarter, None, Light.AWAITED, JULY) for quarter in (1, 2, 3, 4)]
    rows = [
        YearRow(
            Action(pk=n, indicator=Indicator(cluster=clusters[n % 3])),
            ActionYear(ceiling=ceiling),
            nothing,
        )
        for n, ceiling in enumerate(ceilings)
    ]

    budget = budget_of(Monitoring(ActionPlan(), 2026, rows, packaged_rules()))

    assert sum(one.ceiling for one in budget.clusters) == budget.total.ceiling == sum(ceilings)
    assert sum(one.ceiling for one in budget.opds) == sum(ceilings)


def test_only_the_year_and_the_plan_that_are_asked_count(counted):
    year_of(counted, 1, 100)
    ActionYearFactory(action=counted.actions.get(), year=2027, ceiling=7_777)
    other = type(counted).objects.create(
        city=counted.city, instrument=counted.instrument, title="RAD lain", first_year=2025,
        last_year=2030, at=counted.at, by=counted.by,
    )  # fmt: skip
    year_of(other, 1, 8_888)

    total = budget_of(board_of(counted)).total

    assert (total.name, total.actions, total.ceiling) == ("Seluruhnya", 1, 100)


def test_an_action_without_a_year_is_counted_and_costs_nothing(plan):
    ActionFactory(plan=plan, number=1)

    [row] = budget_of(board_of(plan)).clusters

    assert (row.actions, row.ceiling, row.spent, row.for_children, row.unsaid) == (1, 0, 0, 0, 0)


def test_what_was_spent_is_the_newest_figure_since_the_years_beginning(plan):
    year = year_of(plan, 1, 1_000)
    RealisationFactory(action_year=year, quarter=1, money=250)
    RealisationFactory(action_year=year, quarter=2, money=400)
    RealisationFactory(action_year=year, quarter=2, money=450, revision=2)
    year_of(plan, 2, 500)

    budget = budget_of(board_of(plan))

    assert [(one.ceiling, one.spent) for one in budget.clusters] == [(1_500, 450)]
    assert budget_chart(board_of(plan), budget).rows[-1] == ("Seluruhnya", 2, 1_500, 450, 0, 0)


# --- What nobody said -------------------------------------------------------------------------


def test_without_a_rule_of_the_city_nothing_is_supposed(counted):
    year_of(counted, 1, 1_000)

    budget = budget_of(board_of(counted))

    assert (budget.total.unsaid, budget.total.supposed, budget.share_per_child) == (1, 0, 0)


def test_the_rule_of_the_city_fills_in_what_nobody_said_and_only_that(counted):
    CityRulesFactory(city=counted.city, child_share=40)
    year_of(counted, 1, 1_000, **said(50))
    year_of(counted, 2, 1_001)  # 400.4
    year_of(counted, 3, 99, indicator=indicator(counted, "2a"))  # 39.6
    year_of(counted, 4, None)
    year_of(counted, 5, 0)

    budget = budget_of(board_of(counted))

    told = [(one.name, one.for_children, one.unsaid, one.supposed) for one in budget.clusters]
    assert told == [("Kelembagaan", 500, 1, 400), ("Klaster I", 0, 1, 39)]
    assert (budget.total.for_children, budget.total.unsaid, budget.total.supposed) == (500, 2, 439)
    assert budget.share_per_child == 939 // 3


def test_a_share_of_nothing_is_said_and_none_is_supposed(counted):
    CityRulesFactory(city=counted.city, child_share=40)
    year_of(counted, 1, 1_000, **said(0))

    total = budget_of(board_of(counted)).total

    assert (total.for_children, total.unsaid, total.supposed) == (0, 0, 0)


def test_another_citys_rule_supposes_nothing_here(counted):
    CityRulesFactory(city=CityFactory(), child_share=40)
    year_of(counted, 1, 1_000)

    assert budget_of(board_of(counted)).total.supposed == 0


def test_what_was_said_and_what_is_supposed_go_out_in_columns_of_their_own(counted):
    CityRulesFactory(city=counted.city, child_share=40)
    year_of(counted, 1, 1_000, **said(50))
    year_of(counted, 2, 1_001)
    board = board_of(counted)

    chart = budget_chart(board, budget_of(board))

    assert [str(one.name) for one in chart.columns][-2:] == [
        "Bagian untuk anak (Rp)",
        "Perkiraan bagian untuk anak (Rp)",
    ]
    assert [row[-2:] for row in chart.rows] == [(500, 400), (500, 400)]
    assert chart.sentence == "Pagu Rp2.001; bagian yang disebut untuk anak Rp500."


@given(
    st.lists(st.integers(min_value=0, max_value=MOST), max_size=12),
    st.decimals(min_value=0, max_value=100, places=2),
)
def test_what_is_supposed_is_the_share_of_each_ceiling_rounded_down(ceilings, share):
    cluster = Cluster(pk=1, label="Klaster I", position=1)
    nothing = [QuarterCell(quarter, None, Light.AWAITED, JULY) for quarter in (1, 2, 3, 4)]
    rows = [
        YearRow(
            Action(pk=n, indicator=Indicator(cluster=cluster)), ActionYear(ceiling=one), nothing
        )
        for n, one in enumerate(ceilings)
    ]
    rules = CityRulesFactory.build(child_share=share).as_rules()

    total = budget_of(Monitoring(ActionPlan(), 2026, rows, rules)).total

    assert total.supposed == sum(int(Fraction(share) * one / 100) for one in ceilings)
    assert total.supposed <= total.ceiling


# --- Where it comes from ----------------------------------------------------------------------


def test_the_sources_of_all_actions_make_the_ceiling(plan):
    year_of(plan, 1, 100)
    year_of(plan, 2, 30, source=FundSource.APBN)
    year_of(
        plan, 3, 50, source=FundSource.MIXED,
        funds={FundSource.APBN: 20, FundSource.NON_PEMERINTAH: 30},
    )  # fmt: skip
    year_of(plan, 4, 7, source="")
    board = board_of(plan)
    budget = budget_of(board)

    assert budget.sources == [
        ("APBD kabupaten/kota", 100),
        ("APBN", 50),
        ("Dunia usaha, hibah, masyarakat", 30),
        ("Belum disebut", 7),
    ]
    chart = source_chart(board, budget)
    assert chart.sentence == "Pagu Rp187 dari 4 sumber dana."
    assert chart.rows[-1] == ("Seluruhnya", 187)
    assert sum(rupiah for _name, rupiah in budget.sources) == budget.total.ceiling


def test_a_year_without_money_has_no_sources(plan):
    year_of(plan, 1, None)

    assert budget_of(board_of(plan)).sources == []


def test_the_shares_that_were_said_come_with_their_reasons(plan):
    year_of(plan, 1, 100)
    year_of(plan, 2, 100, **said(Decimal("12.5")))
    ActionFactory(plan=plan, number=3)

    [row] = shares_with_reasons(board_of(plan))

    assert (row.action.number, row.year.for_children) == (2, 12)
    assert row.year.child_reason == "Menurut DPA"
