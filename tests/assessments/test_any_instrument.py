"""Instruments of any shape: nothing in reading, linting, scoring and writing is KLA 2023."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import score
from clusters.library import checksum, read
from clusters.linter import errors, lint
from clusters.services import load_instrument, spec_of
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
from clusters.writing import write
from tests.clusters.instruments import EXAMPLES, THOUSANDTH, instruments
from tests.factories.clusters import PUBLISHED_AT, make_instrument


@st.composite
def answered(draw):
    """An instrument with points for some of its questions, none above its maximum."""
    spec = draw(instruments())
    given_points = {}
    for question in spec.questions():
        top = int(question.max_points / THOUSANDTH)
        given_points[question.code] = draw(
            st.none() | st.integers(0, top).map(lambda n: n * THOUSANDTH)
        )
    return spec, given_points


def plainly(spec, points):
    """The score once more, in fractions and with nothing but sums and minima."""
    worth = {code: Fraction(value or 0) for code, value in points.items()}
    total = Fraction(0)
    lines = []
    for cluster in spec.clusters:
        sum_of_cluster = Fraction(0)
        for row in cluster.indicators:
            sum_of_row = sum((worth[question.code] for question in row.questions), Fraction(0))
            lines.append((row.code, min(sum_of_row, Fraction(row.max_points))))
            sum_of_cluster += lines[-1][1]
        total += min(sum_of_cluster, Fraction(cluster.max_points))
    total = min(total, Fraction(spec.max_points))
    predikat = None
    for band in spec.bands:
        if total >= Fraction(band.minimum):
            predikat = band.predikat
    return total, predikat, lines


@EXAMPLES
@given(answered())
def test_the_score_of_any_instrument_is_that_of_a_plain_count(case):
    spec, points = case

    result = score(spec, points)

    total, predikat, lines = plainly(spec, points)
    assert (result.total, result.predikat) == (total, predikat)
    assert [(line.code, line.points) for line in result.indicators] == lines


@EXAMPLES
@given(instruments())
def test_what_the_linter_calls_no_error_the_reader_takes(spec):
    assert errors(lint(spec)) == []
    assert read(write(spec)) == spec


@pytest.mark.django_db
@EXAMPLES
@given(answered())
def test_any_instrument_loads_lints_scores_and_is_exported(case):
    spec, points = case
    spec = replace(spec, code=f"x{checksum(spec)[:40]}")

    stored = spec_of(load_instrument(spec=spec, at=PUBLISHED_AT).instrument)

    assert lint(stored) == lint(spec)
    assert score(stored, points) == score(spec, points)
    assert write(stored) == write(spec)


def library_of_schools():
    """Not KLA at all: one section, two decimals of points, two levels, no English."""
    question = QuestionSpec(
        code="koleksi.buku",
        text="Berapa judul buku di perpustakaan?",
        max_points=Decimal("1.25"),
        answer_type="count",
        evidence=("katalog",),
        agencies=("PERPUS",),
    )
    row = IndicatorSpec(
        code="koleksi",
        number=99,
        name="Koleksi",
        name_en="",
        max_points=Decimal("2.50"),
        counts_among_24=False,
        questions=(question, replace(question, code="koleksi.anak", text="Berapa buku anak?")),
    )
    return InstrumentSpec(
        code="perpustakaan-sekolah",
        title="Perpustakaan sekolah",
        title_en="",
        legal_basis=(),
        provenance="",
        max_points=Decimal("2.5"),
        bands=(
            BandSpec("Cukup", Decimal("0.01"), Decimal("1.24")),
            BandSpec("Baik", Decimal("1.25"), Decimal("2.5")),
        ),
        bands_note="",
        stages=(StageSpec("lihat", "Kunjungan"),),
        agencies=(AgencySpec("PERPUS", "Perpustakaan"),),
        evidence_kinds=(EvidenceKindSpec("katalog", "Katalog"),),
        clusters=(
            ClusterSpec("sekolah", "Sekolah", "Sekolah", "", "substantive", Decimal("2.5"), (row,)),
        ),
    )


@pytest.mark.django_db
def test_an_instrument_that_is_not_kla_at_all_is_loaded_scored_and_comes_back():
    spec = library_of_schools()
    stored = spec_of(make_instrument(spec))

    result = score(stored, {"koleksi.buku": Decimal("1.25"), "koleksi.anak": None})

    assert stored == spec == read(write(spec))
    assert (result.total, result.predikat) == (Decimal("1.25"), "Baik")
    assert [(finding.code, finding.place) for finding in lint(stored)] == [
        ("missing_text_en", "instrumen"),
        ("missing_text_en", "instrumen"),
        ("band_hole", "predikat Cukup"),
    ]
