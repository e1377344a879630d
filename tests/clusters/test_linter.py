from dataclasses import replace
from decimal import Decimal

import pytest

from clusters.choices import Severity
from clusters.library import packaged
from clusters.linter import Finding, errors, lint
from clusters.spec import BandSpec
from tests.factories.clusters import small_spec


def found(spec, *codes):
    return [(f.code, f.place, f.sentence) for f in lint(spec) if f.code in codes]


def codes(spec):
    return sorted({finding.code for finding in lint(spec)})


def with_question(spec, **changes):
    """The specification with its first question changed."""
    cluster = spec.clusters[0]
    row = cluster.indicators[0]
    questions = (replace(row.questions[0], **changes), *row.questions[1:])
    return with_indicator(spec, questions=questions)


def with_indicator(spec, **changes):
    cluster = spec.clusters[0]
    rows = (replace(cluster.indicators[0], **changes), *cluster.indicators[1:])
    return with_cluster(spec, indicators=rows)


def with_cluster(spec, **changes):
    return replace(spec, clusters=(replace(spec.clusters[0], **changes), *spec.clusters[1:]))


def bands(*limits):
    return tuple(BandSpec(p, Decimal(low), Decimal(high)) for p, low, high in limits)


def test_the_published_instrument_exceeds_two_indicators_and_asks_one_question_for_nothing():
    kla = packaged("kla-2023")

    assert found(kla, "sum_over", "sum_under", "zero_points", "no_points") == [
        ("zero_points", "pertanyaan 26.17", "Bernilai 0 poin; jawabannya tidak mengubah total."),
        (
            "sum_over",
            "indikator 19",
            "Pertanyaan di dalamnya berjumlah 54, maksimumnya 51; yang lebih tidak terhitung.",
        ),
        (
            "sum_over",
            "indikator 21b",
            "Pertanyaan di dalamnya berjumlah 18, maksimumnya 17; yang lebih tidak terhitung.",
        ),
    ]


def test_beyond_that_the_published_instrument_has_only_notes():
    kla = packaged("kla-2023")

    assert [(f.code, f.severity, f.place) for f in lint(kla)][3:] == [
        ("missing_text_en", Severity.NOTE, "instrumen"),
        ("band_hole", Severity.NOTE, "predikat Pratama"),
        ("band_hole", Severity.NOTE, "predikat Madya"),
        ("band_hole", Severity.NOTE, "predikat Nindya"),
        ("band_hole", Severity.NOTE, "predikat Utama"),
    ]
    assert errors(lint(kla)) == []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("30", []),
        ("30.001", [("sum_over", "indikator 1")]),
        ("29.999", [("sum_under", "indikator 1")]),
    ],
)
def test_questions_are_held_against_their_indicator_to_the_thousandth(points, expected):
    spec = with_question(small_spec(), max_points=Decimal(points))

    places = [(code, place) for code, place, _ in found(spec, "sum_over", "sum_under")]

    assert places == [*expected, ("sum_over", "indikator 2a")]


def test_indicators_are_held_against_their_cluster_and_clusters_against_the_whole():
    spec = with_cluster(small_spec(), max_points=Decimal("50.5"))

    assert found(spec, "sum_over", "sum_under")[1:] == [
        (
            "sum_under",
            "Kelembagaan",
            (
                "Indikator di dalamnya hanya berjumlah 50, maksimumnya 50,5; "
                "maksimum itu tidak dapat dicapai."
            ),
        ),
        (
            "sum_over",
            "instrumen",
            "Klaster di dalamnya berjumlah 100,5, maksimumnya 100; yang lebih tidak terhitung.",
        ),
    ]


def test_a_code_used_twice_is_an_error_wherever_it_stands():
    spec = small_spec()
    twice = replace(
        with_question(spec, code="2b.1"),
        agencies=(*spec.agencies, spec.agencies[0]),
        stages=spec.stages * 2,
    )

    assert [(f.place, f.severity) for f in lint(twice) if f.code == "duplicate_code"] == [
        ("tahap EM", Severity.ERROR),
        ("perangkat daerah DP3A", Severity.ERROR),
        ("pertanyaan 2b.1", Severity.ERROR),
    ]


def test_the_same_words_twice_name_the_first_whatever_their_case_and_spaces():
    spec = with_question(small_spec(), text="pertanyaan  2B.1")

    assert found(spec, "duplicate_text") == [
        ("duplicate_text", "pertanyaan 2b.1", "Bunyinya sama dengan pertanyaan 1.1.")
    ]


BANDS = [
    ([("A", 0, 50), ("B", 50, 100)], [("band_overlap", "predikat B", "error")]),
    ([("A", 0, 50), ("B", 51, 100)], [("band_hole", "predikat A", "note")]),
    ([("A", 0, 50), ("B", "51.001", 100)], [("band_hole", "predikat A", "warning")]),
    ([("A", 0, 50), ("B", "50.001", 98)], [
        ("band_hole", "predikat B", "warning"),
        ("band_hole", "predikat A", "note"),
    ]),
    ([("A", 60, 100), ("B", 0, 59)], [("band_out_of_order", "predikat B", "error")]),
    ([("A", 50, 50), ("B", "50.5", 100)], [
        ("band_inverted", "predikat A", "error"),
        ("band_hole", "predikat A", "note"),
    ]),
    ([("A", 0, "100.001")], [("band_exceeds_maximum", "predikat A", "error")]),
    ([("A", 0, 100)], []),
    ([], [("no_bands", "instrumen", "note")]),
]  # fmt: skip


@pytest.mark.parametrize(("limits", "expected"), BANDS)
def test_bands_rise_without_overlap_and_their_holes_are_named(limits, expected):
    spec = replace(small_spec(), bands=bands(*limits))

    about_bands = [f for f in lint(spec) if f.code.startswith("band_") or f.code == "no_bands"]

    assert [(f.code, f.place, f.severity) for f in about_bands] == expected


def test_a_part_without_points_or_without_content_is_an_error():
    empty = with_indicator(small_spec(), max_points=Decimal(0), questions=())

    assert [(f.code, f.place) for f in errors(lint(empty))] == [
        ("empty", "indikator 1"),
        ("no_points", "indikator 1"),
    ]


def test_an_instrument_without_clusters_or_stages_is_an_error():
    hollow = replace(small_spec(), clusters=(), stages=())

    assert [(f.code, f.place) for f in errors(lint(hollow))] == [
        ("empty", "instrumen"),
        ("no_stages", "instrumen"),
    ]


def test_a_question_that_nobody_answers_or_nothing_proves_is_a_warning():
    spec = small_spec()

    assert found(spec, "no_agency") == [
        (
            "no_agency",
            "pertanyaan 2a.1",
            "Belum ada perangkat daerah baku; tidak ada yang ditugasi dengan sendirinya.",
        )
    ]
    assert [place for _, place, _ in found(spec, "no_evidence")] == [
        "pertanyaan 1.1",
        "pertanyaan 2a.1",
        "pertanyaan 2b.1",
    ]


def test_an_option_that_repeats_is_an_error():
    spec = with_question(small_spec(), options=("Ada", "Tidak", "Ada"))

    assert [(f.code, f.place, f.sentence) for f in errors(lint(spec))] == [
        ("repeated_option", "pertanyaan 1.1", "Pilihan “Ada” berulang.")
    ]


def test_a_missing_translation_is_noted_where_others_are_translated():
    spec = with_cluster(with_question(small_spec(), text_en="Is there a regulation?"), name_en="")

    assert [place for _, place, _ in found(spec, "missing_text_en")] == [
        "Kelembagaan",
        "pertanyaan 1.2",
        "pertanyaan 2a.1",
        "pertanyaan 2a.2",
        "pertanyaan 2b.1",
    ]


def test_a_text_only_in_english_is_an_error():
    spec = with_question(small_spec(), text="", text_en="Is there a regulation?")

    assert [(f.code, f.place) for f in errors(lint(spec))] == [("missing_text", "pertanyaan 1.1")]


def test_numbers_of_the_24_that_are_missing_or_strange_are_named():
    spec = with_indicator(small_spec(), number=25)

    assert found(spec, "number_outside_24", "number_not_counted", "numbers_missing") == [
        ("number_outside_24", "indikator 1", "Nomor 25 tidak termasuk 1 sampai 24."),
        (
            "numbers_missing",
            "instrumen",
            (
                "Dari 24 indikator belum ada nomor 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
                "15, 16, 17, 18, 19, 20, 21, 22, 23, 24."
            ),
        ),
    ]


def test_a_number_within_24_that_is_not_counted_is_a_warning():
    spec = with_indicator(small_spec(), counts_among_24=False)

    assert found(spec, "number_not_counted") == [
        (
            "number_not_counted",
            "indikator 1",
            "Bernomor 1, tetapi tidak ditandai sebagai bagian dari 24 indikator.",
        )
    ]


def test_an_instrument_that_counts_none_among_24_numbers_as_it_likes():
    spec = small_spec()
    uncounted = tuple(
        replace(
            cluster,
            indicators=tuple(replace(row, counts_among_24=False) for row in cluster.indicators),
        )
        for cluster in spec.clusters
    )

    numbered = replace(spec, clusters=uncounted)

    assert codes(numbered) == [
        "band_hole", "missing_text_en", "no_agency", "no_evidence", "sum_over",
    ]  # fmt: skip


def test_a_place_is_an_anchor_on_a_page():
    finding = Finding("zero_points", Severity.WARNING, "pertanyaan 26.17", "Bernilai 0 poin.")

    assert finding.anchor == "pertanyaan-26.17"
