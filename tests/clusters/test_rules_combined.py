"""Where rules meet: whatever is done to an instrument, none of them breaks another."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import editing, edits
from clusters.choices import MatchKind, RowChange, Severity
from clusters.comparing import compare
from clusters.library import DRAFT_FAULTS, LINTED_FAULTS, InstrumentError, read
from clusters.likeness import likeness, parts, suggest
from clusters.linter import RULES, anchor, between_bands, errors, lint
from clusters.outline import outline
from clusters.spec import BandSpec, QuestionSpec
from clusters.writing import faults_of, write
from tests.clusters.instruments import instruments
from tests.factories.clusters import small_spec

SPEC = small_spec()
FEW = settings(max_examples=25)
POINTS = st.sampled_from(
    [Decimal(0), Decimal("0.001"), Decimal(1), Decimal(25), Decimal("9999.999")]
)
CODES = st.sampled_from(["", "1", "1.1", "a", "klaster-1", "\u202e", "x" * 50])
TEXTS = st.sampled_from(["", "Ada", "ADA ", "a\u00a0b", "x" * 5001, "\n"])


@st.composite
def spoilt(draw):
    """The small instrument with anything in it that a draft can have, and much that it cannot."""

    def question(row):
        return replace(
            row,
            code=draw(CODES),
            text=draw(TEXTS),
            text_en=draw(TEXTS),
            max_points=draw(POINTS),
            options=tuple(draw(st.lists(TEXTS, max_size=3))),
            evidence=draw(st.sampled_from([(), row.evidence])),
        )

    def indicator(row):
        kept = draw(st.integers(0, len(row.questions)))
        return replace(
            row,
            code=draw(CODES),
            name=draw(TEXTS),
            number=draw(st.integers(0, 120)),
            max_points=draw(POINTS),
            counts_among_24=draw(st.booleans()),
            questions=tuple(map(question, row.questions[:kept])),
        )

    def cluster(one):
        kept = draw(st.integers(0, len(one.indicators)))
        return replace(
            one,
            code=draw(CODES),
            label=draw(TEXTS),
            max_points=draw(POINTS),
            indicators=tuple(map(indicator, one.indicators[:kept])),
        )

    return replace(
        SPEC,
        title=draw(TEXTS),
        max_points=draw(POINTS),
        bands=tuple(draw(st.lists(st.builds(BandSpec, TEXTS, POINTS, POINTS), max_size=4))),
        stages=draw(st.sampled_from([(), SPEC.stages, SPEC.stages * 2])),
        agencies=draw(st.sampled_from([(), SPEC.agencies * 2])),
        clusters=tuple(map(cluster, SPEC.clusters[: draw(st.integers(0, 2))])),
    )


# --- The linter ---------------------------------------------------------------------------------


@FEW
@given(spoilt())
def test_the_linter_has_something_to_say_of_anything_and_never_breaks(spec):
    findings = lint(spec)

    assert [one.severity for one in findings] == sorted(
        (one.severity for one in findings), key=list(Severity).index
    )
    assert sum(len(list(rule(spec))) for rule in RULES) == len(findings)
    assert all(one.sentence.endswith(".") for one in findings)
    assert all(" " not in one.anchor for one in findings)


@FEW
@given(spoilt())
def test_what_neither_linter_nor_reader_refuses_can_be_read_back(spec):
    if errors(lint(spec)) or faults_of(spec):
        with pytest.raises(InstrumentError):
            read(write(spec))
    else:
        assert read(write(spec)) == spec


@FEW
@given(spoilt())
def test_a_draft_may_have_less_than_a_published_one_and_a_linted_file_the_least(spec):
    def refused(leaving):
        try:
            read(write(spec), leaving=leaving)
        except InstrumentError as error:
            return {(fault.place, fault.message) for fault in error.faults}
        return set()

    assert refused(LINTED_FAULTS) <= refused(DRAFT_FAULTS) <= refused(())


@FEW
@given(spoilt())
def test_the_page_of_a_draft_adds_up_whatever_stands_in_it(spec):
    sections = outline(spec)

    rows = [row for section in sections for row in section.rows]
    assert [row.spec for row in rows] == list(spec.indicators())
    assert sum(section.total for section in sections) == sum(
        row.max_points for row in spec.indicators()
    )
    assert [row.is_even for row in rows] == [
        sum(q.max_points for q in row.questions) == row.max_points for row in spec.indicators()
    ]
    assert [section.is_first for section in sections] == [
        place == 0 for place in range(len(sections))
    ]


@pytest.mark.parametrize("limits", [[], [(1, 2)]])
def test_between_no_band_and_one_there_is_nothing(limits):
    bands = [BandSpec("x", Decimal(low), Decimal(high)) for low, high in limits]

    assert list(between_bands(bands)) == []


@pytest.mark.parametrize("place", ["", "pertanyaan 1.1", "Klaster I", "a  b"])
def test_an_anchor_is_one_word(place):
    assert anchor(place) == place.replace(" ", "-")
    assert " " not in anchor(place)


# --- Editing ------------------------------------------------------------------------------------


def new_question(code):
    return QuestionSpec(code, f"Pertanyaan {code}", Decimal(1), "choice")


@st.composite
def deeds(draw):
    """Edits of any rows, of which some are there and some are not."""
    rows = ["1.1", "1.2", "2a.1", "2a.2", "2b.1", "9.9"]
    indicators = ["1", "2a", "2b", "9"]
    clusters = ["kelembagaan", "klaster-1", "x"]
    level, codes = draw(
        st.sampled_from([("pertanyaan", rows), ("indikator", indicators), ("klaster", clusters)])
    )
    code = draw(st.sampled_from(codes))
    return draw(
        st.sampled_from(
            [
                edits.removal(edits.LEVELS[level], code),
                edits.move(edits.LEVELS[level], code, draw(st.integers(-3, 3))),
                edits.question_edit(
                    new_question(draw(st.sampled_from(rows))),
                    indicator=draw(st.sampled_from(indicators)),
                    was=draw(st.sampled_from(["", *rows])),
                ),
                edits.stages_edit([]),
                edits.head_edit({"title": "Lain"}),
            ]
        )
    )


@FEW
@given(st.lists(deeds(), max_size=8))
def test_whatever_people_do_codes_stay_single_and_no_agency_is_lost(todo):
    spec = SPEC
    for edit in todo:
        try:
            spec = edit.change(spec)
        except (ValidationError, LookupError):
            continue
        codes = Counter(q.code for q in spec.questions())
        assert set(codes.values()) <= {1}
        assert {a for q in spec.questions() for a in q.agencies} <= {a.code for a in spec.agencies}
    assert (spec.agencies, spec.evidence_kinds, spec.bands) == (
        SPEC.agencies,
        SPEC.evidence_kinds,
        SPEC.bands,
    )


@FEW
@given(deeds())
def test_an_edit_that_is_refused_or_done_leaves_what_it_was_given(edit):
    before = small_spec()
    try:
        after = edit.change(before)
    except (ValidationError, LookupError):
        after = before

    assert before == small_spec()
    assert (edits.fingerprint(edit.part, after) == "") <= (after != before or edit.part is not None)


@pytest.mark.parametrize("code", ["1.1", "1.2", "2a.1", "2a.2", "2b.1"])
@pytest.mark.parametrize("home", ["1", "2a", "2b"])
def test_a_question_that_goes_and_comes_back_is_the_last_of_its_indicator(code, home):
    row = editing.find(SPEC.questions(), code)
    before = editing.indicator_of(SPEC, code).code

    there = editing.with_question(SPEC, row, indicator=home, was=code)
    back = editing.with_question(there, row, indicator=before, was=code)

    assert editing.indicator_of(there, code).code == home
    assert sorted(q.code for q in back.questions()) == sorted(q.code for q in SPEC.questions())
    if home == before:
        assert back == SPEC
    else:
        assert editing.indicator_of(back, code).questions[-1] == row


@pytest.mark.parametrize("level", edits.LEVELS)
def test_removing_every_row_leaves_nothing_and_then_there_is_nothing_to_remove(level):
    chosen, spec = edits.LEVELS[level], SPEC
    for row in list(chosen.rows(SPEC)):
        spec = edits.removal(chosen, row.code).change(spec)

    assert list(chosen.rows(spec)) == []
    with pytest.raises(LookupError):
        edits.removal(chosen, "1").change(spec)


# --- Comparing and mapping ----------------------------------------------------------------------


@FEW
@given(st.lists(deeds(), max_size=5))
def test_what_the_preview_shows_is_what_was_done_and_nothing_else(todo):
    after = SPEC
    for edit in todo:
        try:
            after = edit.change(after)
        except (ValidationError, LookupError):
            continue

    there, back = compare(SPEC, after), compare(after, SPEC)

    assert (there == []) == (after == SPEC)
    counts = Counter(one.change for one in there)
    mirrored = Counter(one.change for one in back)
    assert counts[RowChange.ADDED] == mirrored[RowChange.REMOVED]
    assert counts[RowChange.REMOVED] == mirrored[RowChange.ADDED]


@settings(FEW, max_examples=12)
@given(spoilt(), spoilt())
def test_suggestions_name_every_question_of_both_sides_even_under_one_code(before, after):
    lines = suggest(before, after)

    for side, spec in (("before", before), ("after", after)):
        named = {getattr(line, side) for line in lines} - {None}
        assert named == {q.code for q in spec.questions()}
    for line in lines:
        assert (line.before is None) == (line.kind == MatchKind.NEW)
        assert (line.after is None) == (line.kind == MatchKind.GONE)
    assert {line.likeness for line in lines if line.kind == MatchKind.SAME} <= {Decimal(1)}


@settings(FEW, max_examples=8)
@given(instruments())
def test_from_nothing_all_is_new_and_to_nothing_all_is_gone(spec):
    nothing = replace(spec, clusters=())
    codes = [q.code for q in spec.questions()]

    assert [(line.kind, line.after) for line in suggest(nothing, spec)] == [
        (MatchKind.NEW, code) for code in codes
    ]
    assert [(line.kind, line.before) for line in suggest(spec, nothing)] == [
        (MatchKind.GONE, code) for code in codes
    ]
    assert suggest(nothing, nothing) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("", "", 1),
        ("", "a", 0),
        ("...", "!!!", 1),
        ("\u202e", "", 1),
        ("a", "A", 1),
        ("ada", "", 1),
    ],
)
def test_texts_without_a_word_are_alike_and_unlike_any_with_one(one, other, alike):
    """“ada” is too little a word to count."""
    assert likeness(one, other) == likeness(other, one) == alike


@pytest.mark.parametrize(("text", "pieces"), [("", []), ("  ", []), ("a b", ["a b"])])
def test_a_text_beside_nothing_is_one_piece_of_its_own_or_none(text, pieces):
    assert [(piece.text, piece.is_shared) for piece in parts(text, "")] == [
        (piece, False) for piece in pieces
    ]
