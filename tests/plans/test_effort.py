from dataclasses import dataclass

import pytest

from assessments.choices import AnswerState, Verdict
from assessments.queries.tasks import WAIVED
from clusters.library import packaged
from plans.effort import KIND_EFFORTS, LEAST, MOST, OTHER_KIND, estimate


@dataclass(frozen=True)
class Kind:
    code: str
    state: str = AnswerState.EMPTY
    name: str = "Dokumen"


def effort(*kinds, opds=1):
    return estimate(kinds, opds=opds).value


def test_every_missing_kind_counts_by_its_own_weight():
    assert effort(Kind("perda")) == 8
    assert effort(Kind("foto")) == 1
    assert effort(Kind("perda"), Kind("foto")) == 9


@pytest.mark.parametrize(
    ("state", "value"),
    [
        (AnswerState.EMPTY, 5),
        (Verdict.RETURNED, 3),  # half of five, rounded up
        (Verdict.WAITING, 1),  # nothing but to wait, and never less than one
    ],
)
def test_the_further_a_paper_has_come_the_less_is_left(state, value):
    assert effort(Kind("perkada", state)) == value


def test_what_is_settled_costs_nothing_beside_what_is_missing():
    settled = (Kind("perda", Verdict.ACCEPTED), Kind("sk", WAIVED))

    assert effort(*settled, Kind("foto")) == 1


@pytest.mark.parametrize("state", [Verdict.ACCEPTED, WAIVED])
def test_where_all_is_settled_a_better_paper_of_the_hardest_kind_is_needed(state):
    assert effort(Kind("perda", state), Kind("foto", state)) == 8


def test_every_further_opd_counts_one():
    assert [effort(Kind("sk"), opds=opds) for opds in (0, 1, 2, 5)] == [3, 3, 4, 7]


def test_an_effort_never_leaves_its_scale():
    assert effort(Kind("perda"), Kind("perda"), Kind("perda")) == MOST
    assert effort(Kind("foto", Verdict.WAITING)) == LEAST


def test_a_question_that_asks_for_nothing_and_an_unknown_kind_are_of_the_usual_sort():
    assert effort() == effort(Kind("yang-baru")) == OTHER_KIND[0]


def test_the_reasons_add_up_to_the_estimate():
    found = estimate([Kind("perda"), Kind("sk", Verdict.RETURNED)], opds=3)

    assert [part.amount for part in found.parts] == [8, 2, 2]
    assert found.value == 12
    assert all(str(part.name) and str(part.why) for part in found.parts)


def test_every_kind_of_the_official_instrument_has_its_weight():
    assert {kind.code for kind in packaged("kla-2023").evidence_kinds} == set(KIND_EFFORTS)


def test_every_weight_lies_on_the_scale():
    assert {code for code, (value, _why) in KIND_EFFORTS.items() if not LEAST <= value <= MOST} == (
        set()
    )
