"""Quarters and their deadlines, and the traffic lights at their boundaries."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.choices import Light
from monitoring.quarters import QUARTERS, begins, due_on, ends, last_due
from monitoring.rules import packaged_rules, proofs


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (1, date(2026, 1, 1), date(2026, 3, 31)),
        (2, date(2026, 4, 1), date(2026, 6, 30)),
        (3, date(2026, 7, 1), date(2026, 9, 30)),
        (4, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(quarter, first, last):
    assert (begins(2026, quarter), ends(2026, quarter)) == (first, last)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 4, 14), 0),
        (date(2026, 4, 15), 1),
        (date(2026, 7, 14), 1),
        (date(2027, 1, 14), 3),
        (date(2027, 1, 15), 4),
    ],
)
def test_a_report_is_due_a_fortnight_after_its_quarter(today, last):
    assert last_due(2026, today=today, grace_days=14) == last


def test_the_last_quarter_is_due_in_the_next_year():
    assert due_on(2026, 4, grace_days=14) == date(2027, 1, 14)


@pytest.mark.parametrize(
    ("physical", "quarter", "light"),
    [
        ("38", 2, Light.GREEN),  # 76 percent of the 50 that should be done
        ("37.99", 2, Light.YELLOW),
        ("25.5", 2, Light.YELLOW),
        ("25.49", 2, Light.RED),
        ("0", 1, Light.RED),
        ("19", 1, Light.GREEN),
        ("100", 4, Light.GREEN),
        ("76", 4, Light.GREEN),
        ("75.99", 4, Light.YELLOW),
    ],
)
def test_a_light_changes_at_its_bound(physical, quarter, light):
    assert packaged_rules().light(Decimal(physical), quarter, is_due=True) == light


@pytest.mark.parametrize(("is_due", "light"), [(True, Light.MISSING), (False, Light.AWAITED)])
def test_without_a_report_the_deadline_decides(is_due, light):
    assert packaged_rules().light(None, 1, is_due=is_due) == light


def test_the_rule_covers_every_quarter_and_every_share_and_says_where_it_comes_from():
    rules = packaged_rules()

    assert tuple(rules.expected) == QUARTERS
    assert rules.lights[-1] == (Light.RED, Decimal(0))
    assert rules.source.startswith("Simpulan, bukan peraturan")
    assert proofs()["kla-2023"].question == "2.5"
    assert (rules.child_share, rules.supposed(1_000)) == (None, 0)
