from decimal import Decimal

import pytest

from plans import outcome_query
from plans.choices import Basis, Outcome
from plans.outcomes import points_of
from plans.pathway_query import PathwayQuery


@pytest.mark.parametrize(
    ("outcome", "claimed", "points"),
    [
        (Outcome.ACCEPTED, "7.92", "7.92"),
        (Outcome.ACCEPTED, None, "12"),
        (Outcome.ACCEPTED, "0", "0"),
        (Outcome.HALF, "7.92", "3.96"),
        (Outcome.HALF, None, "6"),
        (Outcome.HALF, "0.125", "0.062"),  # as it can be stored, never more than half
        (Outcome.RETURNED, "7.92", "0"),
        (Outcome.RETURNED, None, "0"),
    ],
)
def test_an_outcome_makes_these_points(outcome, claimed, points):
    claim = None if claimed is None else Decimal(claimed)

    assert points_of(outcome, claimed=claim, maximum=Decimal(12)) == Decimal(points)


def test_outcomes_come_back_from_the_address_as_they_went_into_it():
    outcomes = {"1.1": Outcome.ACCEPTED, "21a-2": Outcome.HALF, "2.10": Outcome.RETURNED}
    values = [outcome_query.written(*one) for one in outcomes.items()]

    assert values == ["1.1-t", "21a-2-s", "2.10-k"]
    assert outcome_query.read(values, outcomes) == outcomes
    assert outcome_query.query(outcomes) == "?h=1.1-t&h=21a-2-s&h=2.10-k"


@pytest.mark.parametrize("value", ["", "1.1", "1.1-", "1.1-x", "9.9-t", "-t", "t"])
def test_what_is_not_understood_supposes_nothing(value):
    assert outcome_query.read([value], {"1.1"}) == {}


def test_of_two_outcomes_of_a_question_the_last_one_holds():
    assert outcome_query.read(["1.1-t", "1.1-k"], {"1.1"}) == {"1.1": Outcome.RETURNED}


QUERY = PathwayQuery("Utama", Decimal(801), Basis.PROVEN, locked=("1.1",), excluded=("2.1",))


def test_a_pathway_query_stands_in_the_address():
    assert QUERY.querystring == "?tujuan=Utama&dasar=terbukti&kunci=1.1&kecuali=2.1"
    assert PathwayQuery("", Decimal("701.500"), Basis.CLAIMED).querystring == (
        "?tujuan=total&total=701%2C5&dasar=klaim"
    )


def test_a_question_is_locked_or_excluded_but_never_both():
    assert (
        QUERY.with_excluded("1.1").querystring
        == "?tujuan=Utama&dasar=terbukti&kecuali=2.1&kecuali=1.1"
    )
    assert (
        QUERY.with_locked("2.1").querystring == "?tujuan=Utama&dasar=terbukti&kunci=1.1&kunci=2.1"
    )
    assert QUERY.with_locked("1.1") == QUERY
    assert QUERY.without("1.1").without("2.1").querystring == "?tujuan=Utama&dasar=terbukti"
