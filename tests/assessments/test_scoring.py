from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    NextBand,
    PointsError,
    Score,
    SectionScore,
    Standing,
    Subtotal,
    capped,
    score,
    standing,
)
from clusters.library import packaged
from tests.factories.clusters import small_spec

SPEC = small_spec()
KLA = packaged("kla-2023")
MAXIMA = {question.code: question.max_points for question in SPEC.questions()}
KLA_MAXIMA = {question.code: question.max_points for question in KLA.questions()}


def points_up_to(maximum):
    """Thousandths, as they are stored."""
    return st.integers(0, int(maximum * 1000)).map(lambda units: Decimal(units) / 1000)


def answers(maxima):
    return st.fixed_dictionaries(
        {code: st.none() | points_up_to(maximum) for code, maximum in maxima.items()}
    )


def by_hand(spec, given_points):
    """The total, added up without the code under test."""
    total = Decimal(0)
    for cluster in spec.clusters:
        of_cluster = Decimal(0)
        for indicator in cluster.indicators:
            values = [given_points.get(question.code) for question in indicator.questions]
            of_cluster += min(
                sum((value for value in values if value is not None), Decimal(0)),
                indicator.max_points,
            )
        total += min(of_cluster, cluster.max_points)
    return min(total, spec.max_points)


def test_a_whole_score():
    given_points = {
        "1.1": Decimal("12.5"),
        "1.2": Decimal(20),
        "2a.1": Decimal(15),
        "2a.2": Decimal("10.001"),
        "2b.1": None,
    }

    assert score(SPEC, given_points) == Score(
        total=Decimal("57.5"),
        maximum=Decimal(100),
        predikat="Pratama",
        in_gap=False,
        next=NextBand("Madya", Decimal(61), Decimal("3.5")),
        answered=4,
        unanswered=1,
        clusters=(
            SectionScore("kelembagaan", Decimal("32.5"), Decimal(50), is_capped=False),
            SectionScore("klaster-1", Decimal(25), Decimal(50), is_capped=False),
        ),
        indicators=(
            SectionScore("1", Decimal("32.5"), Decimal(50), is_capped=False),
            SectionScore("2a", Decimal(25), Decimal(25), is_capped=True),
            SectionScore("2b", Decimal(0), Decimal(25), is_capped=False),
        ),
    )


def test_a_cluster_is_held_to_its_own_maximum():
    narrow = replace(SPEC.clusters[0], max_points=Decimal(40))
    spec = replace(SPEC, clusters=(narrow, SPEC.clusters[1]))

    result = score(spec, {"1.1": Decimal(30), "1.2": Decimal(20)})

    assert result.indicators[0] == SectionScore("1", Decimal(50), Decimal(50), is_capped=False)
    assert result.clusters[0] == SectionScore(
        "kelembagaan", Decimal(40), Decimal(40), is_capped=True
    )
    assert result.total == 40


def test_the_total_is_held_to_the_instruments_maximum():
    assert score(replace(SPEC, max_points=Decimal(99)), MAXIMA).total == 99


def test_without_answers_the_maximum_does_not_shrink():
    result = score(SPEC, {})

    assert (result.total, result.maximum, result.predikat) == (0, 100, None)
    assert (result.answered, result.unanswered) == (0, 5)
    assert result.next == NextBand("Pratama", Decimal(50), Decimal(50))


def test_a_question_answered_with_0_points_is_answered():
    result = score(SPEC, {"1.1": Decimal(0), "1.2": None})

    assert (result.answered, result.unanswered) == (1, 4)


@pytest.mark.parametrize(
    ("points", "maximum", "subtotal"),
    [
        ([], 5, Subtotal(Decimal(0), 5, is_capped=False)),
        (["4.999"], 5, Subtotal(Decimal("4.999"), 5, is_capped=False)),
        (["2", "3"], 5, Subtotal(Decimal(5), 5, is_capped=False)),
        (["2", "3.001"], 5, Subtotal(Decimal(5), 5, is_capped=True)),
    ],
)
def test_a_sum_is_capped_only_above_its_maximum(points, maximum, subtotal):
    assert capped(map(Decimal, points), maximum) == subtotal


@pytest.mark.parametrize(
    ("total", "predikat", "in_gap", "following", "needed"),
    [
        ("0", None, False, "Pratama", "500"),
        ("499.999", None, False, "Pratama", "0.001"),
        ("500", "Pratama", False, "Madya", "101"),
        ("600", "Pratama", False, "Madya", "1"),
        ("600.001", "Pratama", True, "Madya", "0.999"),
        ("600.5", "Pratama", True, "Madya", "0.5"),
        ("600.999", "Pratama", True, "Madya", "0.001"),
        ("601", "Madya", False, "Nindya", "100"),
        ("700", "Madya", False, "Nindya", "1"),
        ("700.01", "Madya", True, "Nindya", "0.99"),
        ("701", "Nindya", False, "Utama", "100"),
        ("800.99", "Nindya", True, "Utama", "0.01"),
        ("801", "Utama", False, "KLA", "100"),
        ("900.5", "Utama", True, "KLA", "0.5"),
        ("901", "KLA", False, None, None),
        ("1000", "KLA", False, None, None),
    ],
)
def test_a_total_between_two_bands_keeps_the_lower_predikat(
    total, predikat, in_gap, following, needed
):
    place = standing(Decimal(total), KLA.bands)

    assert (place.predikat, place.in_gap) == (predikat, in_gap)
    assert (place.next and place.next.predikat) == following
    assert (place.next and place.next.points_needed) == (needed and Decimal(needed))


def test_above_the_end_of_the_last_band_there_is_no_gap():
    assert standing(Decimal(1001), KLA.bands) == Standing("KLA", in_gap=False, next=None)


def test_without_bands_there_is_no_predikat():
    assert standing(Decimal(1000), ()) == Standing(None, in_gap=False, next=None)


@pytest.mark.parametrize("bands", list(permutations(SPEC.bands)))
def test_the_order_in_which_bands_are_listed_does_not_matter(bands):
    assert standing(Decimal("60.5"), bands) == Standing(
        "Pratama", in_gap=True, next=NextBand("Madya", Decimal(61), Decimal("0.5"))
    )


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ({"9.9": Decimal(1)}, "unknown_question"),
        ({"9.9": None}, "unknown_question"),
        ({"1.1": Decimal("-0.001")}, "negative"),
        ({"1.1": Decimal("30.001")}, "over_maximum"),
        ({"1.1": Decimal("NaN")}, "not_a_number"),
        ({"1.1": Decimal("sNaN")}, "not_a_number"),
        ({"1.1": Decimal("Infinity")}, "not_a_number"),
        ({"1.1": 1.5}, "not_a_number"),
    ],
)
def test_points_that_no_question_can_have_are_refused(points, code):
    with pytest.raises(PointsError) as caught:
        score(SPEC, points)

    assert (caught.value.code, caught.value.question) == (code, next(iter(points)))


def test_nothing_is_rounded():
    tiny = Decimal("1E-30")

    result = score(SPEC, {"1.1": tiny, "1.2": Decimal(20), "2b.1": Decimal(25)})

    assert result.total == Decimal("45.000000000000000000000000000001")
    assert result.next.points_needed == Decimal("4.999999999999999999999999999999")


@given(answers(MAXIMA))
def test_the_total_is_what_adding_by_hand_gives(given_points):
    assert score(SPEC, given_points).total == by_hand(SPEC, given_points)


@given(st.data())
def test_the_real_instrument_adds_up_too(data):
    codes = data.draw(st.sets(st.sampled_from(sorted(KLA_MAXIMA)), max_size=30))
    given_points = {code: data.draw(points_up_to(KLA_MAXIMA[code])) for code in sorted(codes)}

    result = score(KLA, given_points)

    assert result.total == by_hand(KLA, given_points)
    assert (result.answered, result.unanswered) == (len(codes), 274 - len(codes))


@given(answers(MAXIMA))
def test_no_sum_exceeds_its_maximum(given_points):
    result = score(SPEC, given_points)

    assert 0 <= result.total <= result.maximum
    assert all(line.points <= line.maximum for line in (*result.clusters, *result.indicators))


@given(answers(MAXIMA), st.sampled_from(sorted(MAXIMA)), st.data())
def test_more_points_never_lower_the_total_or_the_predikat(given_points, code, data):
    before = given_points[code] or Decimal(0)
    more = data.draw(points_up_to(MAXIMA[code] - before)) + before
    ladder = [None, *(band.predikat for band in SPEC.bands)]

    low, high = score(SPEC, given_points), score(SPEC, {**given_points, code: more})

    assert low.total <= high.total
    assert ladder.index(low.predikat) <= ladder.index(high.predikat)


@given(answers(MAXIMA), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(given_points, random):
    shuffled = list(given_points.items())
    random.shuffle(shuffled)

    assert score(SPEC, dict(shuffled)) == score(SPEC, given_points)


@given(points_up_to(1000))
def test_a_gap_lies_between_two_published_bands_and_nowhere_else(total):
    place = standing(total, KLA.bands)
    published = any(band.minimum <= total <= band.maximum for band in KLA.bands)

    assert place.in_gap == (not published and total >= 500)


def test_the_most_that_can_be_reached_is_the_maximum():
    result = score(KLA, KLA_MAXIMA)

    assert (result.total, result.predikat, result.next) == (1000, "KLA", None)
    assert [line.code for line in result.indicators if line.is_capped] == ["19", "21b"]
