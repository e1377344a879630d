"""Suggestions about which question became which."""

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.choices import MatchKind
from clusters.library import checksum, packaged
from clusters.likeness import SuggestedMatch, TextPart, likeness, parts, suggest
from clusters.spec import QuestionSpec
from tests.factories.clusters import small_spec

WORDS = ("anak", "akta", "gizi", "forum", "sekolah", "layanan", "persentase", "SK", "2", "&", "")


def asking(*questions, code="lama-2020", **fields):
    """An instrument that asks these (code, text, points), all under one indicator."""
    spec = small_spec(code=code)
    cluster = spec.clusters[0]
    rows = tuple(
        QuestionSpec(code=code, text=text, max_points=Decimal(points), answer_type="choice")
        for code, text, points in questions
    )
    indicator = replace(cluster.indicators[0], name="Indikator", questions=rows)
    return replace(spec, clusters=(replace(cluster, indicators=(indicator,)),), **fields)


def suggested(before, after):
    lines = suggest(asking(*before), asking(*after, code="baru-2024"))
    return [(line.kind, line.before, line.after) for line in lines]


@st.composite
def instruments(draw, prefix="1"):
    texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
    rows = draw(st.lists(st.tuples(texts, st.integers(0, 2)), max_size=8))
    return asking(
        *((f"{prefix}.{place}", text, points) for place, (text, points) in enumerate(rows))
    )


# --- What the suggestion always keeps ---------------------------------------------------------


def codes_of(spec):
    return [question.code for question in spec.questions()]


def groups(lines):
    """The lines gathered where they share a question, as sets of codes on either side."""
    found = []
    for line in lines:
        sides = ({line.before} - {None}, {line.after} - {None})
        for other in [one for one in found if one[0] & sides[0] or one[1] & sides[1]]:
            found.remove(other)
            sides = (sides[0] | other[0], sides[1] | other[1])
        found.append(sides)
    return found


@settings(max_examples=200)
@given(instruments(), instruments(prefix="2"))
def test_every_question_of_both_sides_stands_in_exactly_one_group(before, after):
    lines = suggest(before, after)

    found = groups(lines)
    assert Counter(code for one, _other in found for code in one) == Counter(codes_of(before))
    assert Counter(code for _one, other in found for code in other) == Counter(codes_of(after))
    assert len(set(lines)) == len(lines)
    for one, other in found:
        [kind] = {line.kind for line in lines if {line.before, line.after} & (one | other)}
        assert kind.fits(len(one), len(other))


@settings(max_examples=100)
@given(instruments())
def test_an_instrument_becomes_itself_question_by_question(spec):
    assert [(line.kind, line.before, line.after) for line in suggest(spec, spec)] == [
        (MatchKind.SAME, code, code) for code in codes_of(spec)
    ]


@settings(max_examples=50)
@given(instruments(), instruments())
def test_a_suggestion_is_always_the_same_and_changes_neither_instrument(before, after):
    sums = checksum(before), checksum(after)

    assert suggest(before, after) == suggest(before, after)
    assert (checksum(before), checksum(after)) == sums


@settings(max_examples=100)
@given(instruments(), instruments())
def test_likeness_lies_between_none_and_all_and_stands_with_every_pair(before, after):
    for line in suggest(before, after):
        is_pair = line.before is not None and line.after is not None
        assert (line.likeness is not None) == is_pair
        assert line.likeness is None or 0 < line.likeness <= 1


def test_the_real_instrument_against_a_reworded_one_is_done_in_two_seconds():
    spec = packaged("kla-2023")
    changed = replace(
        spec,
        clusters=tuple(
            replace(
                cluster,
                indicators=tuple(
                    replace(
                        row,
                        questions=tuple(
                            replace(one, text=f"{one.text} tahun ini") for one in row.questions
                        ),
                    )
                    for row in cluster.indicators
                ),
            )
            for cluster in spec.clusters
        ),
    )
    start = time.perf_counter()

    lines = suggest(spec, changed)

    assert time.perf_counter() - start < 2
    assert Counter(line.kind for line in lines) == {MatchKind.REWORDED: 274}
    assert [line.before for line in lines] == [line.after for line in lines]


# --- What is suggested ------------------------------------------------------------------------


def test_the_same_text_and_points_are_the_same_question_whatever_the_number():
    assert suggested(
        [("9.1", "Gugus tugas PAUD-HI ada", 5), ("10.1", "Jumlah panti asuhan", 5)],
        [("9.1", "Jumlah panti asuhan", 5), ("10.1", "gugus tugas  PAUD HI, ada!", 5)],
    ) == [(MatchKind.SAME, "9.1", "10.1"), (MatchKind.SAME, "10.1", "9.1")]


def test_where_a_text_stands_twice_the_equal_code_goes_first():
    assert suggested(
        [("7.1", "Data perkawinan anak", 5), ("7.2", "Data perkawinan anak", 5)],
        [("7.2", "Data perkawinan anak", 5), ("7.3", "Data perkawinan anak", 5)],
    ) == [(MatchKind.SAME, "7.1", "7.3"), (MatchKind.SAME, "7.2", "7.2")]


def test_the_same_text_with_other_points_is_reworded():
    before, after = asking(("1.1", "Data anak", 5)), asking(("1.1", "Data anak", 6))

    assert suggest(before, after) == [SuggestedMatch(MatchKind.REWORDED, "1.1", "1.1", Decimal(1))]


def test_one_point_and_one_fulfilled_indicator_are_not_the_same():
    before = asking(("1.1", "Data anak", 1), measure="indicators")

    [line] = suggest(before, asking(("1.1", "Data anak", 1)))

    assert line.kind == MatchKind.REWORDED


def test_an_equal_number_alone_brings_nothing_together():
    assert suggested([("9.1", "Panti asuhan", 5)], [("9.1", "Gizi balita", 5)]) == [
        (MatchKind.GONE, "9.1", None),
        (MatchKind.NEW, None, "9.1"),
    ]


def test_between_two_equally_like_questions_the_equal_number_decides():
    text, other = "Persentase anak berakta", "Jumlah anak berakta"

    assert suggested(
        [("1.1", text, 5), ("1.2", text, 5)], [("1.2", other, 5), ("1.1", other, 5)]
    ) == [(MatchKind.REWORDED, "1.1", "1.1"), (MatchKind.REWORDED, "1.2", "1.2")]


def test_words_that_many_questions_share_count_for_little():
    before = [(f"1.{n}", f"Ada kebijakan tentang topik{n}", 1) for n in range(60)]

    assert suggested(before, [("2.1", "Ada kebijakan tentang rokok", 1)])[-1] == (
        MatchKind.NEW,
        None,
        "2.1",
    )


def test_affixes_and_little_words_do_not_make_a_question_another():
    assert suggested(
        [("4", "Persentase anak yang teregistrasi", 1)],
        [("4.1", "Persentase registrasi anak", 2)],
    ) == [(MatchKind.REWORDED, "4", "4.1")]


def test_what_is_asked_in_two_parts_is_split():
    assert suggested(
        [("17", "Jumlah pojok ASI", 1), ("20", "Angka kematian bayi", 1)],
        [
            ("14.5", "Pojok ASI di kantor", 3),
            ("14.6", "Pojok ASI di fasilitas umum", 3),
            ("12.4", "Jumlah kematian bayi", 3),
        ],
    ) == [
        (MatchKind.SPLIT, "17", "14.5"),
        (MatchKind.SPLIT, "17", "14.6"),
        (MatchKind.REWORDED, "20", "12.4"),
    ]


def test_what_was_asked_in_two_parts_is_merged():
    assert suggested(
        [("14.5", "Pojok ASI di kantor", 3), ("14.6", "Pojok ASI di fasilitas umum", 3)],
        [("17", "Jumlah pojok ASI", 1)],
    ) == [(MatchKind.MERGED, "14.5", "17"), (MatchKind.MERGED, "14.6", "17")]


# --- Texts beside each other ------------------------------------------------------------------


def test_differing_words_are_told_from_shared_ones():
    old, new = "Persentase anak yang berakta", "Jumlah Anak yang berakta, dua tahun"

    assert parts(old, new) == [TextPart("Persentase ", False), TextPart("anak yang berakta", True)]
    assert parts(new, old) == [
        TextPart("Jumlah ", False),
        TextPart("Anak yang berakta, ", True),
        TextPart("dua tahun", False),
    ]


@given(st.text(), st.text())
def test_the_pieces_of_a_text_are_the_text(text, other):
    assert "".join(part.text for part in parts(text, other)) == text.lstrip()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Data anak", "data anak", 1),
        ("Data anak", "Gizi balita", 0),
        ("Data anak", "Data balita", "0.5"),
        ("", "", 1),
    ],
)
def test_two_texts_are_as_alike_as_the_words_they_share(one, other, alike):
    assert likeness(one, other) == Decimal(alike)
