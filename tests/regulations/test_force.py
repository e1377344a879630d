"""Whether a regulation holds on the last day of the years that are evaluated."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulations.choices import Force, RegulationKind
from regulations.force import force_on, starts_on

DAY = date(2023, 12, 31)
NEXT = DAY + timedelta(days=1)
BEFORE = DAY - timedelta(days=1)


@dataclass
class Rule:
    is_draft: bool = False
    signed_on: date | None = None
    promulgated_on: date | None = date(2020, 5, 4)
    effective_on: date | None = None
    ends_on: date | None = None


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        (Rule(promulgated_on=None), None),
        (Rule(promulgated_on=None, signed_on=BEFORE), BEFORE),
        (Rule(promulgated_on=DAY, signed_on=BEFORE), DAY),
        (Rule(promulgated_on=DAY, signed_on=BEFORE, effective_on=NEXT), NEXT),
    ],
)
def test_it_begins_on_the_day_it_says_else_with_its_promulgation_else_when_signed(rule, start):
    assert starts_on(rule) == start


@pytest.mark.parametrize(
    ("rule", "revoked_on", "force"),
    [
        (Rule(), None, Force.IN_FORCE),
        (Rule(promulgated_on=DAY), None, Force.IN_FORCE),
        (Rule(promulgated_on=NEXT), None, Force.NOT_YET),
        (Rule(promulgated_on=None), None, Force.UNDATED),
        (Rule(ends_on=DAY), None, Force.IN_FORCE),
        (Rule(ends_on=BEFORE), None, Force.ENDED),
        (Rule(), NEXT, Force.IN_FORCE),
        (Rule(), DAY, Force.REVOKED),
        (Rule(promulgated_on=None), DAY, Force.REVOKED),
        (Rule(is_draft=True), None, Force.DRAFT),
        (Rule(is_draft=True), DAY, Force.DRAFT),
    ],
)
def test_the_boundary_is_the_day_itself(rule, revoked_on, force):
    assert force_on(rule, DAY, revoked_on=revoked_on) == force


days = st.dates(date(2015, 1, 1), date(2026, 12, 31))


@given(start=days, revoked=st.none() | days, end=st.none() | days, first=days, second=days)
def test_what_was_revoked_or_ended_never_holds_again(start, revoked, end, first, second):
    rule = Rule(promulgated_on=start, ends_on=end)
    earlier, later = sorted((first, second))
    over = {Force.REVOKED, Force.ENDED}
    if force_on(rule, earlier, revoked_on=revoked) in over:
        assert force_on(rule, later, revoked_on=revoked) in over


def test_the_order_of_kinds_is_that_of_question_1_1():
    ranked = sorted(RegulationKind, key=lambda kind: kind.rank)

    assert ranked[:2] == [RegulationKind.PERDA, RegulationKind.PERKADA]
    assert RegulationKind.INSTRUKSI.rank < RegulationKind.SURAT_EDARAN.rank
    assert ranked[-1] == RegulationKind.LAINNYA
