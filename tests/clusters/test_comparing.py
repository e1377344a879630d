from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from clusters.choices import RowChange
from clusters.comparing import Difference, FieldChange, compare
from clusters.spec import AgencySpec, BandSpec
from tests.clusters.instruments import EXAMPLES, instruments
from tests.factories.clusters import small_spec


def changed_question(**changes):
    """The small instrument with its first question changed."""
    spec = small_spec()
    cluster = spec.clusters[0]
    row = cluster.indicators[0]
    questions = (replace(row.questions[0], **changes), *row.questions[1:])
    rows = (replace(row, questions=questions),)
    return replace(spec, clusters=(replace(cluster, indicators=rows), spec.clusters[1]))


@EXAMPLES
@given(instruments())
def test_an_instrument_does_not_differ_from_itself(spec):
    assert compare(spec, spec) == []


@EXAMPLES
@given(instruments(), instruments())
def test_two_instruments_without_a_difference_are_equal(one, other):
    assert (compare(one, other) == []) == (one == other)


@EXAMPLES
@given(instruments(), instruments())
def test_what_is_added_one_way_is_removed_the_other(one, other):
    there, back = compare(one, other), compare(other, one)

    def places(differences, change):
        return sorted(found.place for found in differences if found.change == change)

    assert places(there, RowChange.ADDED) == places(back, RowChange.REMOVED)
    assert places(there, RowChange.REMOVED) == places(back, RowChange.ADDED)


def test_a_changed_question_names_each_field_with_what_it_said_and_says():
    after = changed_question(
        max_points=Decimal("30.5"), answer_type="percent", agencies=("DP3A", "DINKES"), options=()
    )

    assert compare(small_spec(), after) == [
        Difference(
            RowChange.CHANGED,
            "pertanyaan 1.1",
            (
                FieldChange("poin maksimum", "30", "30,5"),
                FieldChange("bentuk jawaban", "pilihan", "persentase"),
                FieldChange("pilihan jawaban", "Perda; Tidak ada", "–"),
                FieldChange("perangkat daerah", "DP3A", "DP3A; DINKES"),
            ),
        )
    ]


def test_a_new_code_is_a_row_gone_and_a_row_added():
    assert compare(small_spec(), changed_question(code="1.9")) == [
        Difference(RowChange.REMOVED, "pertanyaan 1.1"),
        Difference(RowChange.ADDED, "pertanyaan 1.9"),
    ]


def test_a_question_that_moves_to_another_indicator_says_where_it_was():
    spec = small_spec()
    first, second = spec.clusters[1].indicators
    rows = (
        replace(first, questions=first.questions[:1]),
        replace(second, questions=(first.questions[1], *second.questions)),
    )
    after = replace(spec, clusters=(spec.clusters[0], replace(spec.clusters[1], indicators=rows)))

    assert compare(spec, after) == [
        Difference(RowChange.CHANGED, "pertanyaan 2a.2", (FieldChange("letak", "2a", "2b"),))
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"title": "Lain", "measure": "indicators"},
            [
                Difference(
                    RowChange.CHANGED,
                    "instrumen",
                    (
                        FieldChange("judul", "Instrumen kecil", "Lain"),
                        FieldChange("satuan nilai", "poin", "indikator terpenuhi"),
                    ),
                )
            ],
        ),
        (
            {"agencies": (AgencySpec("DP3A", "Dinas"), *small_spec().agencies[1:][::-1])},
            [
                Difference(
                    RowChange.CHANGED,
                    "perangkat daerah DP3A",
                    (FieldChange("nama", "Dinas pemberdayaan perempuan", "Dinas"),),
                ),
                Difference(RowChange.CHANGED, "urutan perangkat daerah"),
            ],
        ),
        (
            {"bands": (BandSpec("Pratama", Decimal(50), Decimal("60.5")),)},
            [
                Difference(
                    RowChange.CHANGED, "predikat Pratama", (FieldChange("batas atas", "60", "60,5"),)
                ),
                Difference(RowChange.REMOVED, "predikat Madya"),
            ],
        ),
        ({"clusters": small_spec().clusters[::-1]}, [
            Difference(RowChange.CHANGED, "urutan klaster"),
            Difference(RowChange.CHANGED, "urutan indikator"),
            Difference(RowChange.CHANGED, "urutan pertanyaan"),
        ]),
    ],
)  # fmt: skip
def test_the_instrument_itself_and_its_lists_are_compared_too(changes, expected):
    assert compare(small_spec(), replace(small_spec(), **changes)) == expected
