"""The cheapest set of questions that brings a year to a total.

Each question can be raised from the points it has to its maximum, for an effort that is a
positive whole number. Indicators, clusters and the total keep to their own maxima. Every
total given here is that of `assessments.scoring`; the search itself is `plans.knapsack`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments import scoring
from assessments.scoring import ZERO
from clusters.spec import ClusterSpec, IndicatorSpec, InstrumentSpec
from plans.knapsack import Box, Item, Shelf, cheapest


@dataclass(frozen=True, slots=True)
class Way:
    """Questions to finish, in the instrument's order, and where that leads.

    Where the goal is out of reach, `is_enough` is False and the set is the cheapest of those
    that come as near as one can.
    """

    questions: tuple[str, ...]
    effort: int
    total: Decimal
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Detour:
    """The best way that does without one question."""

    without: str
    way: Way


@dataclass(frozen=True, slots=True)
class Situation:
    """The points of a year's questions, and the effort of bringing each to its maximum.

    Questions without points may be left out of `points`; `efforts` names all of them.
    """

    spec: InstrumentSpec
    points: Mapping[str, Decimal | None]
    efforts: Mapping[str, int]

    def open_questions(self) -> list[str]:
        """The questions that can still add something, in the instrument's order."""
        return [q.code for q in self.spec.questions() if _held(self.points, q.code) < q.max_points]

    def points_with(self, finished: Collection[str]) -> dict[str, Decimal | None]:
        """The points once these questions have all of theirs."""
        maxima = {q.code: q.max_points for q in self.spec.questions() if q.code in finished}
        return {**self.points, **maxima}

    def total_with(self, finished: Collection[str]) -> Decimal:
        return scoring.score(self.spec, self.points_with(finished)).total


def cheapest_way(
    situation: Situation,
    *,
    goal: Decimal,
    locked: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Way:
    """The set of smallest effort that reaches the goal with what is locked, without what is excluded.

    Among equals the one with fewer questions, then with the higher total, then the one that
    stands earlier in the instrument. A question both locked and excluded stays locked.
    """
    candidates = situation.open_questions()
    kept = [code for code in candidates if code in set(locked)]
    free = [code for code in candidates if code not in {*locked, *excluded}]
    furthest = situation.total_with([*kept, *free])
    taken = {*kept, *_cheapest(situation, kept, free, min(goal, furthest))}
    return Way(
        questions=tuple(code for code in candidates if code in taken),
        effort=sum(situation.efforts[code] for code in taken),
        total=situation.total_with(taken),
        is_enough=furthest >= goal,
    )


def other_ways(
    situation: Situation,
    way: Way,
    *,
    goal: Decimal,
    locked: Collection[str] = (),
    excluded: Collection[str] = (),
    most: int = 3,
    tries: int = 6,
) -> list[Detour]:
    """Further sets that reach the goal, best first; each is the best one without one question.

    Left out in turn are the questions of the largest effort, which one would rather avoid. A
    set that comes out twice is given once. There are none where the goal is out of reach.
    """
    order = {question.code: index for index, question in enumerate(situation.spec.questions())}
    avoidable = [code for code in way.questions if code not in set(locked)]
    avoidable.sort(key=lambda code: (-situation.efforts[code], order[code]))
    found: dict[tuple[str, ...], Detour] = {}
    for code in avoidable[:tries]:
        other = cheapest_way(situation, goal=goal, locked=locked, excluded={*excluded, code})
        if other.is_enough:
            found.setdefault(other.questions, Detour(code, other))

    def rank(one: Detour) -> tuple[int, int, Decimal, list[int]]:
        way = one.way
        return way.effort, len(way.questions), -way.total, [order[code] for code in way.questions]

    return sorted(found.values(), key=rank)[:most]


def _cheapest(
    situation: Situation, kept: Collection[str], free: Sequence[str], goal: Decimal
) -> list[str]:
    """The free questions to finish in addition to `kept`; the goal is within reach."""
    points, scale = situation.points_with(kept), _scale(situation, goal)
    indexes = {code: index for index, code in enumerate(free)}

    def box(indicator: IndicatorSpec) -> Box:
        items = tuple(
            Item(
                index=indexes[question.code],
                worth=scale.whole(question.max_points - _held(points, question.code)),
                effort=situation.efforts[question.code],
            )
            for question in indicator.questions
            if question.code in indexes
        )
        held = sum(scale.whole(_held(points, question.code)) for question in indicator.questions)
        return Box(held, scale.whole(indicator.max_points), items)

    def shelf(cluster: ClusterSpec) -> Shelf:
        return Shelf(scale.whole(cluster.max_points), tuple(map(box, cluster.indicators)))

    spec = situation.spec
    shelves = tuple(map(shelf, spec.clusters))
    taken = cheapest(shelves, maximum=scale.whole(spec.max_points), goal=scale.whole(goal))
    return [free[index] for index in taken]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Points as whole numbers of the smallest decimal that occurs; nothing is rounded."""

    decimals: int

    def whole(self, points: Decimal) -> int:
        return int(points.scaleb(self.decimals))


def _scale(situation: Situation, goal: Decimal) -> _Scale:
    spec = situation.spec
    every = [goal, spec.max_points, *(points for points in situation.points.values() if points)]
    every += [cluster.max_points for cluster in spec.clusters]
    every += [indicator.max_points for indicator in spec.indicators()]
    every += [question.max_points for question in spec.questions()]
    return _Scale(max(-int(points.as_tuple().exponent) for points in every))


def _held(points: Mapping[str, Decimal | None], code: str) -> Decimal:
    return points.get(code) or ZERO
