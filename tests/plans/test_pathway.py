import csv
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import scoring
from clusters.library import packaged
from plans.pathway import Detour, Situation, Way, cheapest_way, other_ways
from tests.factories.clusters import small_spec

SMALL = small_spec()
SHEET = Path("kla/demo/sheet-kabupaten-a-2024.csv")


def tenths(most, least=0):
    return st.integers(least, most).map(lambda units: Decimal(units) / 10)


@st.composite
def instruments(draw):
    """Up to eight questions; what they add up to may exceed every maximum above them."""
    cluster, row = SMALL.clusters[0], SMALL.clusters[0].indicators[0]
    numbers = iter(range(8))

    def question():
        code = f"q{next(numbers)}"
        return replace(row.questions[0], code=code, max_points=draw(tenths(80)))

    def indicator(code, questions):
        rows = tuple(question() for _ in range(questions))
        return replace(row, code=code, max_points=draw(tenths(160)), questions=rows)

    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4).filter(lambda c: sum(c) <= 8))
    rows = [indicator(f"i{place}", count) for place, count in enumerate(counts)]
    cut = draw(st.integers(0, len(rows)))
    clusters = [
        replace(cluster, code=f"c{place}", max_points=draw(tenths(250)), indicators=tuple(part))
        for place, part in enumerate((rows[:cut], rows[cut:]))
    ]
    return replace(SMALL, max_points=draw(tenths(400)), clusters=tuple(clusters))


@st.composite
def situations(draw):
    spec = draw(instruments())
    questions = list(spec.questions())
    units = {q.code: draw(st.none() | tenths(int(q.max_points * 10))) for q in questions}
    efforts = {q.code: draw(st.integers(1, 4)) for q in questions}
    return Situation(spec, units, efforts)


def some_of(situation):
    return st.sets(st.sampled_from([q.code for q in situation.spec.questions()]))


def by_trying_all(situation, goal, locked, excluded):
    """The preferred set of all there are, by looking at every one."""
    candidates = situation.open_questions()
    places = {code: place for place, code in enumerate(candidates)}
    kept = [code for code in candidates if code in locked]
    free = [code for code in candidates if code not in locked | excluded]
    sets = chain.from_iterable(combinations(free, count) for count in range(len(free) + 1))
    ways = []
    for chosen in sets:
        questions = tuple(sorted([*kept, *chosen], key=places.get))
        total = situation.total_with(questions)
        effort = sum(situation.efforts[code] for code in questions)
        ways.append((effort, len(questions), -total, [places[q] for q in questions], questions))
    furthest = -min(total for _effort, _count, total, _order, _questions in ways)
    near = [way for way in ways if -way[2] >= min(goal, furthest)]
    effort, _count, total, _order, questions = min(near)
    return Way(questions, effort, -total, is_enough=furthest >= goal)


@settings(max_examples=500)
@given(st.data())
def test_no_set_of_a_small_instrument_is_better(data):
    situation = data.draw(situations())
    goal = data.draw(tenths(400))
    locked, excluded = data.draw(some_of(situation)), data.draw(some_of(situation))

    way = cheapest_way(situation, goal=goal, locked=locked, excluded=excluded)

    assert way == by_trying_all(situation, goal, locked, excluded)


def sheet():
    with SHEET.open(encoding="utf-8") as file:
        return {row["question"]: Decimal(row["points"] or 0) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def real():
    """A regency's own sheet of 2024, each question as hard as the other."""
    spec = packaged("kla-2023")
    return Situation(spec, sheet(), {question.code: 1 for question in spec.questions()})


def test_the_real_sheet_reaches_utama_with_three_questions(real):
    assert real.total_with(()) == Decimal("771.81")

    way = cheapest_way(real, goal=Decimal(801))

    assert way == Way(("6.3", "7.2", "8.3"), 3, Decimal("803.81"), is_enough=True)


def test_two_questions_are_not_enough_for_the_real_sheet(real):
    gains = sorted(real.total_with([code]) - Decimal("771.81") for code in real.open_questions())

    assert sum(gains[-2:]) < Decimal("29.19") <= sum(gains[-3:])


def small(points=(), efforts=()):
    every = {question.code: 2 for question in SMALL.questions()}
    given_points = {code: Decimal(value) for code, value in dict(points).items()}
    return Situation(SMALL, given_points, every | dict(efforts))


def test_a_goal_that_is_reached_already_needs_nothing():
    assert cheapest_way(small({"1.1": 30, "1.2": 20}), goal=Decimal(50)) == Way(
        (), 0, Decimal(50), is_enough=True
    )


@pytest.mark.parametrize(
    ("goal", "questions"), [("49.999", ("1.1", "1.2")), ("50", ("1.1", "1.2")), ("50.001", None)]
)
def test_a_thousandth_of_a_point_decides(goal, questions):
    way = cheapest_way(small(efforts={"2a.1": 9, "2a.2": 9, "2b.1": 9}), goal=Decimal(goal))

    assert (way.questions == questions) is (questions is not None)


def test_points_beyond_the_maximum_of_an_indicator_count_for_nothing():
    way = cheapest_way(small({"1.1": 30, "1.2": 20, "2a.1": 15}), goal=Decimal(70))

    # 2a.2 would add 15, but its indicator has room for 10 only.
    assert way == Way(("2b.1",), 2, Decimal(90), is_enough=True)


def test_a_goal_out_of_reach_says_how_near_one_gets():
    way = cheapest_way(small(), goal=Decimal(100), excluded=["1.1"])

    assert way == Way(("1.2", "2a.1", "2a.2", "2b.1"), 8, Decimal(70), is_enough=False)


def test_what_is_locked_is_done_even_if_it_is_dear():
    way = cheapest_way(small(efforts={"1.1": 20}), goal=Decimal(25), locked=["1.1"])

    assert way == Way(("1.1",), 20, Decimal(30), is_enough=True)


def test_a_question_locked_and_excluded_stays_locked():
    way = cheapest_way(small(), goal=Decimal(25), locked=["1.2"], excluded=["1.2", "1.1"])

    assert way == Way(("1.2", "2b.1"), 4, Decimal(45), is_enough=True)


def test_among_equal_efforts_fewer_questions_win_then_more_points_then_the_earlier():
    apart = small(efforts={"1.1": 4, "1.2": 2, "2b.1": 2})
    assert cheapest_way(apart, goal=Decimal(30)).questions == ("1.1",)
    assert cheapest_way(small(), goal=Decimal(20)).questions == ("1.1",)
    assert cheapest_way(small(), goal=Decimal(10), excluded=["1.1", "1.2", "2b.1"]).questions == (
        "2a.1",
    )


def test_other_ways_each_do_without_one_question_and_the_cheapest_comes_first():
    situation = small(efforts={"2b.1": 3})
    way = cheapest_way(situation, goal=Decimal(25))

    others = other_ways(situation, way, goal=Decimal(25))

    assert way == Way(("1.1",), 2, Decimal(30), is_enough=True)
    assert others == [Detour("1.1", Way(("2b.1",), 3, Decimal(25), is_enough=True))]


def test_other_ways_keep_what_is_locked_and_leave_out_what_is_excluded():
    situation = small()
    asked = {"goal": Decimal(50), "locked": ["1.2"], "excluded": ["2a.1"]}
    way = cheapest_way(situation, **asked)

    others = other_ways(situation, way, **asked)

    assert way.questions == ("1.1", "1.2")
    assert [(other.without, other.way.questions) for other in others] == [
        ("1.1", ("1.2", "2a.2", "2b.1"))
    ]


def test_there_is_no_other_way_where_the_goal_needs_everything():
    situation = small()
    way = cheapest_way(situation, goal=Decimal(100))

    assert way.is_enough
    assert {"1.1", "1.2", "2b.1"} <= set(way.questions)
    assert other_ways(situation, way, goal=Decimal(100)) == []


def test_a_way_asked_for_again_is_the_same_and_another_situation_has_its_own():
    first = cheapest_way(small(), goal=Decimal(25))

    assert cheapest_way(small({"1.1": 29}), goal=Decimal(25)).questions == ()
    assert cheapest_way(small(efforts={"1.1": 20}), goal=Decimal(25)) != first
    assert cheapest_way(small(), goal=Decimal(25)) == first


def test_points_that_no_question_can_have_are_refused():
    with pytest.raises(scoring.PointsError):
        cheapest_way(small({"1.1": 31}), goal=Decimal(50))


# --- The whole instrument, by plainer means -----------------------------------------------------

KLA = packaged("kla-2023")
MAXIMA = {question.code: question.max_points for question in KLA.questions()}


def plain_front(pairs):
    """Points and efforts of choices that no other one betters; nothing else is left out."""
    front = []
    for effort, points in sorted((effort, -points) for points, effort in pairs):
        if not front or -points > front[-1][0]:
            front.append((-points, effort))
    return front


def plain_join(one, other, maximum):
    return plain_front((min(p + q, maximum), d + e) for p, d in one for q, e in other)


def plain_effort(situation, goal):
    """The smallest effort that reaches the goal, from the front of everything."""
    whole = [(Decimal(0), 0)]
    for cluster in situation.spec.clusters:
        here = [(Decimal(0), 0)]
        for row in cluster.indicators:
            front = [(Decimal(0), 0)]
            for question in row.questions:
                points = situation.points.get(question.code) or Decimal(0)
                done = (question.max_points, situation.efforts[question.code])
                front = plain_join(front, [(points, 0), done], row.max_points)
            here = plain_join(here, front, cluster.max_points)
        whole = plain_join(whole, here, situation.spec.max_points)
    return min(effort for points, effort in whole if points >= goal)


@settings(max_examples=5)
@given(
    efforts=st.fixed_dictionaries(dict.fromkeys(MAXIMA, st.integers(1, 6))),
    share=st.sampled_from([Decimal("0.1"), Decimal("0.4"), Decimal("0.9")]),
)
def test_no_way_through_the_whole_instrument_takes_less(efforts, share):
    situation = Situation(KLA, sheet(), efforts)
    low, high = situation.total_with(()), situation.total_with(situation.open_questions())
    goal = low + ((high - low) * share).quantize(Decimal("0.001"))

    way = cheapest_way(situation, goal=goal)

    assert way.total >= goal
    assert way.effort == plain_effort(situation, goal)
