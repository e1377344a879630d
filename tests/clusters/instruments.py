"""Arbitrary instruments that a file may hold, for hypothesis; none of them looks like KLA 2023.

Any number of clusters, indicators and questions, points of up to three decimals, sums that do
not square, any bands or none, texts of any letters, and every optional field used or not.
"""

from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from clusters.choices import AnswerType, ClusterKind, Direction, Measure
from clusters.spec import (
    AgencySpec,
    BandSpec,
    ClusterSpec,
    EvidenceKindSpec,
    IndicatorSpec,
    InstrumentSpec,
    QuestionSpec,
    StageSpec,
)
from texts.folding import composed

THOUSANDTH = Decimal("0.001")
MOST_POINTS = 9_999_999  # thousandths
# The tables are emptied after every test, not after every example: codes may come back.
EXAMPLES = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,5})?", fullmatch=True)
# Words that are more than text in YAML, numbers among them, and letters of every script.
tricky = st.sampled_from(
    ["true", "null", "~", "no", "12", "1.10", "-3", "0.5", "12:30", "- a", "a: b", "#x", "{x}"]
)
letters = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], include_characters="\n"),
    min_size=1,
    max_size=40,
)
# What an instrument says is kept with each letter in one piece with its marks.
texts = (tricky | letters).map(composed).map(str.strip).filter(bool)
lines = texts.map(lambda text: " ".join(text.splitlines()).strip()).filter(bool)
maybe = st.just("") | texts
fractions = st.integers(0, 1000).map(lambda n: n * THOUSANDTH)
points = st.integers(1, MOST_POINTS).map(lambda n: n * THOUSANDTH)
points_or_none = st.just(Decimal(0)) | points


def some(strategy, *, least=0, most=3):
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


@st.composite
def bands(draw, max_points):
    """Bands that rise without touching, up to the maximum, or none."""
    top = int(max_points / THOUSANDTH)
    limits = draw(st.lists(st.integers(0, top), max_size=8, unique=True).map(sorted))
    pairs = [pair for index, pair in enumerate(pairwise(limits)) if index % 2 == 0]
    names = draw(st.lists(texts, min_size=len(pairs), max_size=len(pairs), unique=True))
    return tuple(
        BandSpec(name, low * THOUSANDTH, high * THOUSANDTH)
        for name, (low, high) in zip(names, pairs, strict=True)
    )


@st.composite
def named(draw, kind, *, least=0):
    return tuple(kind(code, draw(texts)) for code in draw(some(codes, least=least)))


@st.composite
def questions(draw, code, agencies, kinds):
    chosen = draw(some(st.sampled_from(kinds))) if kinds else ()
    return QuestionSpec(
        code=code,
        text=draw(texts),
        max_points=draw(points_or_none),
        answer_type=draw(st.sampled_from(AnswerType.values)),
        options=draw(some(lines)),
        usual_fractions=tuple(sorted(draw(some(fractions)))),
        direction=draw(st.sampled_from(["", *Direction.values])),
        note=draw(maybe),
        evidence=tuple(kind for kind in kinds if kind in chosen),
        agencies=draw(some(st.sampled_from(agencies))) if agencies else (),
        text_en=draw(maybe),
    )


@st.composite
def instruments(draw):
    """A valid instrument: whatever the reader of files lets through."""
    agencies = draw(named(AgencySpec))
    kinds = draw(named(EvidenceKindSpec))
    max_points = draw(points)
    shape = draw(
        st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3)
    )
    fresh = {
        name: iter(draw(st.lists(codes, min_size=count, max_size=count, unique=True)))
        for name, count in (
            ("cluster", len(shape)),
            ("indicator", sum(map(len, shape))),
            ("question", sum(map(sum, shape))),
        )
    }

    def question():
        return draw(
            questions(
                next(fresh["question"]),
                [agency.code for agency in agencies],
                [kind.code for kind in kinds],
            )
        )

    def indicator(size):
        return IndicatorSpec(
            code=next(fresh["indicator"]),
            number=draw(st.integers(1, 99)),
            name=draw(texts),
            name_en=draw(maybe),
            max_points=draw(points),
            counts_among_24=draw(st.booleans()),
            note=draw(maybe),
            questions=tuple(question() for _ in range(size)),
        )

    def cluster(sizes):
        return ClusterSpec(
            code=next(fresh["cluster"]),
            label=draw(texts),
            name=draw(texts),
            name_en=draw(maybe),
            kind=draw(st.sampled_from(ClusterKind.values)),
            max_points=draw(points),
            indicators=tuple(indicator(size) for size in sizes),
        )

    return InstrumentSpec(
        code=draw(slugs),
        title=draw(texts),
        title_en=draw(maybe),
        legal_basis=draw(some(lines)),
        provenance=draw(maybe),
        max_points=max_points,
        bands=draw(bands(max_points)),
        bands_note=draw(maybe),
        stages=draw(named(StageSpec, least=1)),
        agencies=agencies,
        evidence_kinds=kinds,
        clusters=tuple(cluster(sizes) for sizes in shape),
        measure=draw(st.sampled_from(Measure.values)),
        correction_note=draw(maybe),
    )
