from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clusters import editing
from clusters.spec import AgencySpec, BandSpec, EvidenceKindSpec, StageSpec
from tests.factories.clusters import small_spec

SPEC = small_spec()


def codes(rows):
    return [row.code for row in rows]


def question(code="9.9", **fields):
    return replace(editing.find(SPEC.questions(), "1.1"), code=code, **fields)


def refused(change):
    with pytest.raises(ValidationError) as caught:
        change()
    return caught.value.code, caught.value.messages


# --- The tree -----------------------------------------------------------------------------------


def test_a_new_question_is_the_last_of_its_indicator():
    after = editing.with_question(SPEC, question(), indicator="1")

    assert codes(after.questions()) == ["1.1", "1.2", "9.9", "2a.1", "2a.2", "2b.1"]


def test_a_changed_question_keeps_its_place():
    after = editing.with_question(SPEC, question("1.0"), indicator="1", was="1.1")

    assert codes(after.questions()) == ["1.0", "1.2", "2a.1", "2a.2", "2b.1"]


def test_a_question_goes_to_the_end_of_another_indicator():
    moved = editing.find(SPEC.questions(), "1.1")

    after = editing.with_question(SPEC, moved, indicator="2a", was="1.1")

    assert codes(after.questions()) == ["1.2", "2a.1", "2a.2", "1.1", "2b.1"]


def test_an_indicator_keeps_its_questions_wherever_it_goes():
    row = replace(editing.find(SPEC.indicators(), "2a"), code="1a", questions=())

    after = editing.with_indicator(SPEC, row, cluster="kelembagaan", was="2a")

    assert codes(after.indicators()) == ["1", "1a", "2b"]
    assert codes(editing.find(after.indicators(), "1a").questions) == ["2a.1", "2a.2"]


def test_a_cluster_keeps_its_indicators():
    head = replace(SPEC.clusters[0], code="lembaga", indicators=())

    after = editing.with_cluster(SPEC, head, was="kelembagaan")

    assert codes(after.clusters) == ["lembaga", "klaster-1"]
    assert codes(after.indicators()) == ["1", "2a", "2b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: editing.with_question(SPEC, question("2b.1"), indicator="1"),
        lambda: editing.with_question(SPEC, question("2b.1"), indicator="1", was="1.1"),
        lambda: editing.with_indicator(
            SPEC, editing.find(SPEC.indicators(), "1"), cluster="klaster-1"
        ),
        lambda: editing.with_cluster(SPEC, SPEC.clusters[0]),
        lambda: editing.with_cluster(SPEC, SPEC.clusters[0], was="klaster-1"),
    ],
)
def test_a_code_names_one_thing_in_the_whole_instrument(change):
    assert refused(change)[0] == "taken"


def test_what_is_taken_away_goes_with_all_below_it():
    assert codes(editing.without_question(SPEC, "1.1").questions()) == [
        "1.2",
        "2a.1",
        "2a.2",
        "2b.1",
    ]
    assert codes(editing.without_indicator(SPEC, "2a").questions()) == ["1.1", "1.2", "2b.1"]
    assert codes(editing.without_cluster(SPEC, "klaster-1").questions()) == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("code", "step", "order"),
    [
        ("1.1", 1, ["1.2", "1.1", "2a.1", "2a.2", "2b.1"]),
        ("1.2", -1, ["1.2", "1.1", "2a.1", "2a.2", "2b.1"]),
        ("1.1", -1, ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]),
        ("1.2", 1, ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]),
    ],
)
def test_a_question_moves_among_its_neighbours_and_stays_at_the_ends(code, step, order):
    assert codes(editing.moved_question(SPEC, code, step).questions()) == order


def test_indicators_and_clusters_move_with_what_is_below_them():
    assert codes(editing.moved_indicator(SPEC, "2b", -1).questions()) == [
        "1.1",
        "1.2",
        "2b.1",
        "2a.1",
        "2a.2",
    ]
    assert codes(editing.moved_cluster(SPEC, "klaster-1", -1).questions()) == [
        "2a.1",
        "2a.2",
        "2b.1",
        "1.1",
        "1.2",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda: editing.without_question(SPEC, "tidak-ada"),
        lambda: editing.moved_indicator(SPEC, "tidak-ada", 1),
        lambda: editing.with_question(SPEC, question(), indicator="tidak-ada"),
        lambda: editing.with_cluster(SPEC, replace(SPEC.clusters[0], code="x"), was="tidak-ada"),
    ],
)
def test_what_is_not_there_cannot_be_changed(change):
    with pytest.raises(LookupError):
        change()


steps = st.lists(
    st.tuples(st.sampled_from(codes(SPEC.questions())), st.sampled_from([-1, 1])), max_size=20
)


@given(steps)
def test_however_often_rows_move_none_is_lost_and_none_leaves_its_indicator(moves):
    after = SPEC
    for code, step in moves:
        after = editing.moved_question(after, code, step)

    for before_row, row in zip(SPEC.indicators(), after.indicators(), strict=True):
        assert Counter(row.questions) == Counter(before_row.questions)


@given(steps)
def test_a_move_is_undone_by_the_move_back(moves):
    for code, step in moves:
        row = editing.indicator_of(SPEC, code)
        at_the_end = (row.questions[0 if step < 0 else -1]).code == code
        there = editing.moved_question(SPEC, code, step)
        if not at_the_end:
            there = editing.moved_question(there, code, -step)
        assert there == SPEC


# --- Lists --------------------------------------------------------------------------------------


def test_questions_follow_the_new_code_of_an_agency():
    renamed = [
        ("DP3A", AgencySpec("DPPPA", "Dinas PPPA")),
        ("DINKES", SPEC.agencies[1]),
        ("DISDIK", SPEC.agencies[2]),
        ("", AgencySpec("BPBD", "Badan penanggulangan bencana")),
    ]

    after = editing.with_agencies(SPEC, renamed)

    assert codes(after.agencies) == ["DPPPA", "DINKES", "DISDIK", "BPBD"]
    assert [one.agencies for one in after.questions()][:2] == [("DPPPA",), ("DISDIK", "DPPPA")]


def test_two_agencies_can_change_their_codes_with_each_other():
    swapped = [
        ("DP3A", AgencySpec("DINKES", "Satu")),
        ("DINKES", AgencySpec("DP3A", "Dua")),
        ("DISDIK", SPEC.agencies[2]),
    ]

    after = editing.with_agencies(SPEC, swapped)

    assert editing.find(after.questions(), "1.1").agencies == ("DINKES",)
    assert editing.find(after.questions(), "2b.1").agencies == ("DP3A",)


def test_an_agency_that_a_question_names_is_not_removed():
    kept = [(agency.code, agency) for agency in SPEC.agencies[1:]]

    assert refused(lambda: editing.with_agencies(SPEC, kept)) == (
        "in_use",
        ["“DP3A” masih disebut pada pertanyaan 1.1. Lepaskan dahulu dari pertanyaan itu."],
    )


def test_questions_name_their_kinds_in_the_order_of_the_list():
    perda, foto = SPEC.evidence_kinds

    after = editing.with_evidence_kinds(SPEC, [("foto", foto), ("perda", perda)])

    assert editing.find(after.questions(), "1.2").evidence == ("foto", "perda")


def test_a_kind_that_a_question_asks_for_is_not_removed():
    only = [("foto", SPEC.evidence_kinds[1])]

    assert refused(lambda: editing.with_evidence_kinds(SPEC, only))[0] == "in_use"


@pytest.mark.parametrize(
    "change",
    [
        lambda: editing.with_agencies(
            SPEC, [*((a.code, a) for a in SPEC.agencies), ("", SPEC.agencies[0])]
        ),
        lambda: editing.with_evidence_kinds(
            SPEC, [("perda", EvidenceKindSpec("foto", "x")), ("foto", SPEC.evidence_kinds[1])]
        ),
        lambda: editing.with_stages(SPEC, [("", StageSpec("EM", "a")), ("", StageSpec("EM", "b"))]),
        lambda: editing.with_bands(
            SPEC,
            [BandSpec("Madya", Decimal(1), Decimal(2)), BandSpec("Madya", Decimal(3), Decimal(4))],
        ),
    ],
)
def test_nothing_stands_twice_in_a_list(change):
    assert refused(change)[0] == "taken"


def test_bands_stand_from_the_lowest_and_none_upside_down():
    high, low = (
        BandSpec("Atas", Decimal(51), Decimal(100)),
        BandSpec("Bawah", Decimal(0), Decimal(50)),
    )

    assert editing.with_bands(SPEC, [high, low]).bands == (low, high)
    upside_down = BandSpec("Bawah", Decimal(50), Decimal(50))
    assert refused(lambda: editing.with_bands(SPEC, [upside_down])) == (
        "inverted",
        ["Batas bawah predikat “Bawah” harus di bawah batas atasnya."],
    )
