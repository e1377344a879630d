"""What verification will leave: the arithmetic of it, and whether its range keeps its word."""

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean

import pytest

from assessments import scoring
from plans.experience import PRIOR_RATIOS, Claim, Condition, Outcome, learn
from plans.forecast import Forecast, bounds, forecast
from plans.published import COUNT, HIGHEST, LOWEST, PAIRS, SHARE
from tests.factories.clusters import small_spec

GOOD = Condition.ACCEPTED


def claim(code="1.1", points=10.0, kind="foto", condition=GOOD):
    return Claim(code, points, kind, condition)


def kept(points, share, **fields):
    return Outcome((claim(points=points, **fields),), points * share)


def year_of(share, count=40, **fields):
    return [kept(5.0, share, **fields) for _number in range(count)]


# --- Experience -------------------------------------------------------------------------------


def test_without_own_years_the_published_share_is_expected_of_accepted_documents():
    experience = learn([])

    assert (experience.share, experience.years) == (pytest.approx(SHARE), 0)
    assert {one: experience.expected_share(claim(condition=one)) for one in Condition} == {
        one: pytest.approx(SHARE * PRIOR_RATIOS[one]) for one in Condition
    }


def test_the_published_pairs_agree_with_what_is_told_of_all_of_them():
    shares = [float(pair.share) for pair in PAIRS]

    assert len(PAIRS) <= COUNT
    assert min(shares) > LOWEST
    assert max(shares) <= HIGHEST
    assert fmean(shares) == pytest.approx(SHARE, abs=0.02)


def test_own_years_move_the_share_away_from_the_published_one_and_narrow_it():
    seen = [learn([year_of(0.9)] * count) for count in range(5)]

    shares = [experience.share for experience in seen]
    assert shares == sorted(shares)
    assert SHARE < shares[1] < shares[4] < 0.9
    assert [one.share_deviation for one in seen] == sorted(
        (one.share_deviation for one in seen), reverse=True
    )


def test_years_that_differ_make_the_next_one_less_sure():
    steady = learn([year_of(share) for share in (0.8, 0.8, 0.8)])
    moody = learn([year_of(share) for share in (0.65, 0.8, 0.95)])

    assert moody.share_deviation > steady.share_deviation


def test_a_kind_that_lost_more_is_expected_to_lose_more_and_the_other_kinds_less():
    year = [*year_of(0.9, kind="foto"), *year_of(0.5, kind="perda")]

    experience = learn([year, year])

    photo, law = experience.kind("foto"), experience.kind("perda")
    assert law.value < 1 < photo.value
    assert (law.claimed, law.verified) == (400, 200)
    assert experience.kind("sk").value == 1
    assert law.relative_error < experience.kind("sk").relative_error


def test_a_kind_seen_in_one_question_hardly_moves():
    few = learn([[*year_of(0.8), kept(1.0, 0.0, kind="perda")]])
    many = learn([[*year_of(0.8), *year_of(0.0, kind="perda")]])

    assert 0.8 < few.kind("perda").value < 1
    assert many.kind("perda").value < 0.3


def test_what_a_condition_costs_is_learned_beside_the_accepted_ones():
    year = [*year_of(0.8), *year_of(0.8, condition=Condition.STALE)]

    experience = learn([year] * 3)

    assert experience.conditions[GOOD].value == 1
    assert experience.conditions[Condition.STALE].value == pytest.approx(1, abs=0.05)
    assert experience.conditions[Condition.MISSING].value == PRIOR_RATIOS[Condition.MISSING]


def test_years_of_claims_without_documents_do_not_promise_the_impossible():
    year = year_of(0.8, condition=Condition.MISSING)

    experience = learn([year] * 3)

    assert experience.share < 0.9
    assert experience.expected_share(claim(condition=Condition.MISSING)) == pytest.approx(
        0.8, abs=0.02
    )


def test_a_harsh_year_is_not_blamed_on_the_kind_that_was_claimed_in_it():
    lenient, harsh = year_of(0.9, kind="foto"), year_of(0.6, kind="foto")

    experience = learn([[*lenient, *year_of(0.9, kind="sk")], harsh])

    assert experience.kind("foto").value == pytest.approx(1, abs=0.02)


def test_the_total_of_an_indicator_teaches_the_year_and_no_kind():
    claims = tuple(claim(f"1.{number}") for number in range(1, 9))

    experience = learn([[Outcome(claims, 72.0)]])

    assert experience.share > SHARE
    assert experience.kinds == {}


@pytest.mark.parametrize("year", [[], [Outcome((), 0.0)]])
def test_a_year_without_claims_teaches_nothing(year):
    assert learn([year]) == learn([])


def test_a_question_never_keeps_more_than_its_claim():
    experience = learn([[*year_of(1.0), *year_of(0.4, kind="perda")]] * 4)

    assert experience.share * experience.kind("foto").value > 1
    assert experience.expected_share(claim(kind="foto")) == 1


# --- Forecast ---------------------------------------------------------------------------------


def test_each_claim_keeps_its_share_and_nothing_is_known_of_the_others():
    claims = [claim("1.1"), claim("1.2", points=5.0, condition=Condition.MISSING)]

    found = forecast(claims, learn([]))

    assert found.expected == {"1.1": pytest.approx(8.0), "1.2": pytest.approx(1.2)}


def test_of_no_claims_nothing_is_expected():
    assert forecast([], learn([])) == Forecast({}, 0.0)


def test_many_questions_do_not_make_the_year_itself_any_surer():
    few = forecast([claim(str(number)) for number in range(20)], learn([]))
    many = forecast([claim(str(number)) for number in range(2000)], learn([]))

    alone = (
        1.363 * learn([]).share_deviation / SHARE
    )  # the bound of 80 % at eleven degrees of freedom
    assert alone < many.margin < few.margin


def test_doubtful_documents_widen_the_range():
    sure = forecast([claim(str(number)) for number in range(50)], learn([]))
    stale = [claim(str(number), condition=Condition.STALE) for number in range(50)]

    assert forecast(stale, learn([])).margin > sure.margin


def test_the_bounds_are_scores_and_keep_to_claims_and_maxima():
    spec = small_spec()
    claims = {"1.1": Decimal(30), "2a.1": Decimal(15), "2a.2": Decimal(15), "1.2": None}
    found = Forecast({"1.1": 24.0, "2a.1": 14.0, "2a.2": 14.0}, 0.5)

    spread = bounds(found, claims, spec)

    assert (spread.low.total, spread.expected.total, spread.high.total) == (26, 49, 55)
    assert [line.points for line in spread.high.clusters] == [30, 25]
    assert spread.high.predikat == "Pratama"


def test_the_lower_bound_is_never_below_nothing():
    spread = bounds(Forecast({"1.1": 1.0}, 1.8), {"1.1": Decimal(30)}, small_spec())

    assert spread.low.total == 0


# --- Whether the range keeps its word ---------------------------------------------------------


@dataclass(frozen=True)
class Regime:
    """How verification works somewhere: what cities and years keep, and what chance does."""

    name: str
    share: float
    city_spread: float
    year_spread: float
    kind_spread: float
    guesses_off: float
    outcome: str
    years: int


REGIMES = [
    Regime("no own years", 0.80, 0.05, 0.05, 0.15, 0.2, "half", 0),
    Regime("no own years, years alike", 0.80, 0.074, 0.0, 0.15, 0.2, "half", 0),
    Regime("usual", 0.80, 0.05, 0.05, 0.15, 0.2, "half", 3),
    Regime("moody years", 0.80, 0.05, 0.08, 0.15, 0.2, "half", 5),
    Regime("strict, all or nothing", 0.68, 0.0, 0.05, 0.2, 0.2, "all", 4),
    Regime("lenient", 0.85, 0.03, 0.05, 0.2, 0.3, "all", 2),
    Regime("steady", 0.75, 0.05, 0.03, 0.1, 0.1, "part", 5),
]
HISTORIES = 200
QUESTIONS, INDICATORS = 90, 9


def wide_spec():
    spec = small_spec()
    row = spec.clusters[0].indicators[0]
    indicators = tuple(
        replace(
            row,
            code=f"i{place}",
            max_points=Decimal(80),
            questions=tuple(
                replace(row.questions[0], code=str(number), max_points=Decimal(8))
                for number in range(place, QUESTIONS, INDICATORS)
            ),
        )
        for place in range(INDICATORS)
    )
    cluster = replace(spec.clusters[0], max_points=Decimal(720), indicators=indicators)
    return replace(spec, max_points=Decimal(720), clusters=(cluster,))


def share_kept(rng, regime, mean):
    if regime.outcome == "all":
        return float(rng.random() < mean)
    if regime.outcome == "half":
        half = min(mean, 1 - mean) * 0.6
        return rng.choices([0.5, 1.0, 0.0], [half, mean - half / 2, max(0, 1 - mean - half / 2)])[0]
    return rng.betavariate(mean * 8 + 0.001, (1 - mean) * 8 + 0.001)


def generated(rng, regime, city, kinds, truths):
    """A year of questions, and what its verification left of each."""
    year = rng.gauss(city, regime.year_spread)

    def outcome(number):
        points = rng.choice([1, 1, 2, 3, 5, 8])
        kind = f"jenis {number % 8}"
        condition = rng.choices(list(Condition), [5, 5, 3, 5, 5, 5, 5, 22, 45, 0])[0]
        mean = max(0.0, min(1.0, year * kinds[kind] * truths[condition]))
        one = claim(str(number), float(points), kind, condition)
        return Outcome((one,), points * share_kept(rng, regime, mean))

    return [outcome(number) for number in range(QUESTIONS)]


def holds(rng, regime, spec):
    """Whether the range stated for a new year contains its verified total."""
    city = rng.gauss(regime.share, regime.city_spread)
    kinds = {f"jenis {i}": max(0.3, rng.gauss(1, regime.kind_spread)) for i in range(8)}
    truths = {
        one: min(1.1, guess * max(0.2, rng.gauss(1, regime.guesses_off)))
        for one, guess in PRIOR_RATIOS.items()
    } | {GOOD: 1.0, Condition.UNRECORDED: 1.0}
    *past, now = [generated(rng, regime, city, kinds, truths) for _year in range(regime.years + 1)]
    claims = [outcome.claims[0] for outcome in now]
    given = {one.code: Decimal(one.points) for one in claims}
    spread = bounds(forecast(claims, learn(past)), given, spec)
    left = {o.claims[0].code: Decimal(f"{o.verified:.3f}") for o in now}
    return spread.low.total <= scoring.score(spec, left).total <= spread.high.total


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
def test_the_stated_range_contains_the_truth_in_seven_to_nine_of_ten_years(regime):
    rng, spec = random.Random(7), wide_spec()

    share = fmean(holds(rng, regime, spec) for _history in range(HISTORIES))

    assert 0.70 <= share <= 0.90, share
