"""A minimum-cost knapsack whose values are capped at three levels.

Items lie in boxes and boxes on shelves (questions, indicators, clusters); a box, a shelf and the
total are worth at most their own maximum. Wanted is the smallest effort that reaches a goal; among
equals fewer items, then more worth, then the earlier items. Exact over whole numbers: dynamic
programming on Pareto fronts, pruned by Dantzig's bound of the linear relaxation (Kellerer,
Pferschy and Pisinger, Knapsack Problems, 2004, chapters 2 and 3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Item:
    """`index` counts from 0 over all items; the effort is at least 1."""

    index: int
    worth: int
    effort: int


@dataclass(frozen=True, slots=True)
class Box:
    """`held` is what the box is worth before any item is taken."""

    held: int
    maximum: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    maximum: int
    boxes: tuple[Box, ...]


# A Pareto front: worth and price of the choices that no other one dominates, both rising.
Front = list[tuple[int, int]]


class Prices:
    """The cost of a choice as one number: effort, then count of items, then late items.

    The three stand one above the other in the bits of the number. So the prices of choices
    that share no item add up, and of two choices the one of smaller price is preferred.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.effort_shift = count + count.bit_length()

    def of(self, item: Item) -> int:
        number = (item.effort << self.effort_shift) + (1 << self.count)
        return number - (1 << (self.count - 1 - item.index))

    def effort(self, price: int) -> int:
        return price >> self.effort_shift

    def effort_and_count(self, price: int) -> int:
        return -(-price >> self.count)

    def indexes(self, price: int) -> list[int]:
        chosen = -price % (1 << self.count)
        return [index for index in range(self.count) if chosen >> (self.count - 1 - index) & 1]


@lru_cache(maxsize=64)
def cheapest(shelves: tuple[Shelf, ...], *, maximum: int, goal: int) -> tuple[int, ...]:
    """The indexes of the items to take; the goal must be within reach.

    `maximum` and `goal` are in the unit of the items' worth. Nothing but these values decides, so
    an answer once found can never be out of date.
    """
    prices = Prices(sum(len(box.items) for shelf in shelves for box in shelf.boxes))
    fronts = [[_front(box, prices) for box in shelf.boxes] for shelf in shelves]
    left = [front for boxes in fronts for front in boxes]
    budget = _enough(shelves, fronts, maximum, goal, prices)
    whole: Front = [(0, 0)]
    for shelf, boxes in zip(shelves, fronts, strict=True):
        here: Front = [(0, 0)]
        for front in boxes:
            left = left[1:]
            here = _joined(here, front, shelf.maximum)
            here = _Bound([whole, *left], prices).worth_keeping(here, goal, budget)
        whole = _joined(whole, here, maximum)
        whole = _Bound(left, prices).worth_keeping(whole, goal, budget)
    return tuple(prices.indexes(_preferred(whole, goal, prices)))


def _front(box: Box, prices: Prices) -> Front:
    front: Front = [(min(box.held, box.maximum), 0)]
    for item in box.items:
        front = _joined(front, [(0, 0), (item.worth, prices.of(item))], box.maximum)
    return front


def _joined(one: Front, other: Front, maximum: int) -> Front:
    """The front of every choice of the one combined with every choice of the other."""
    together = [(p + q, -min(v + w, maximum)) for v, p in one for w, q in other]
    together.sort()
    front: Front = []
    for price, worth in together:
        if not front or -worth > front[-1][0]:
            front.append((-worth, price))
    return front


def _preferred(front: Front, goal: int, prices: Prices) -> int:
    """Of the smallest effort and count that reach the goal, the choice of most worth."""
    reaching = [price for worth, price in front if worth >= goal]
    least = prices.effort_and_count(reaching[0])
    return [price for price in reaching if prices.effort_and_count(price) == least][-1]


def _enough(
    shelves: Sequence[Shelf],
    fronts: Sequence[Sequence[Front]],
    maximum: int,
    goal: int,
    prices: Prices,
) -> int:
    """An effort that reaches the goal (an upper bound), by taking the steepest steps first."""
    held = [[front[0][0] for front in boxes] for boxes in fronts]
    effort = 0
    for shelf, box, worth, cost in _bargains(fronts, prices):
        filled = [min(sum(boxes), s.maximum) for boxes, s in zip(held, shelves, strict=True)]
        if min(sum(filled), maximum) >= goal:
            break
        if filled[shelf] < shelves[shelf].maximum:
            held[shelf][box] = worth
            effort += cost
    return effort


def _bargains(
    fronts: Sequence[Sequence[Front]], prices: Prices
) -> Iterator[tuple[int, int, int, int]]:
    """Steps between hull corners, the most worth an effort first.

    Each as (shelf, box, worth of the box after the step, effort of the step).
    """
    steps = [
        (-(other[0] - one[0]) / (other[1] - one[1]), shelf, box, other[0], other[1] - one[1])
        for shelf, boxes in enumerate(fronts)
        for box, front in enumerate(boxes)
        for one, other in pairwise(_corners(front, prices))
    ]
    return (step[1:] for step in sorted(steps))


class _Bound:
    """An upper bound on what a choice from some fronts is worth for an effort.

    Dantzig's bound: items are taken as divisible, and the maxima of shelves are left out.
    """

    def __init__(self, fronts: Iterable[Front], prices: Prices) -> None:
        self.prices = prices
        steps = []
        held = 0
        for front in fronts:
            corners = _corners(front, prices)
            held += corners[0][0]
            steps += [(w - v, e - d) for (v, d), (w, e) in pairwise(corners)]
        steps.sort(key=lambda step: step[0] / step[1], reverse=True)
        self.steps, self.efforts, self.worths = steps, [0], [held]
        for worth, effort in steps:
            self.efforts.append(self.efforts[-1] + effort)
            self.worths.append(self.worths[-1] + worth)

    def most(self, effort: int) -> int:
        at = bisect_right(self.efforts, effort) - 1
        if at == len(self.steps):
            return self.worths[at]
        worth, cost = self.steps[at]
        return self.worths[at] + worth * (effort - self.efforts[at]) // cost

    def worth_keeping(self, front: Front, goal: int, budget: int) -> Front:
        """The choices that can still reach the goal within the budget of effort (branch and bound)."""
        left = ((worth, price, budget - self.prices.effort(price)) for worth, price in front)
        return [(w, price) for w, price, rest in left if rest >= 0 and w + self.most(rest) >= goal]


def _corners(front: Front, prices: Prices) -> Front:
    """The corners of the upper convex hull of worth over effort."""
    hull: Front = []
    for worth, price in front:
        point = (worth, prices.effort(price))
        if hull and hull[-1][1] == point[1]:
            hull.pop()
        while len(hull) > 1 and not _is_corner(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _is_corner(one: tuple[int, int], middle: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the slope falls at `middle`; exact, by cross multiplication."""
    up, up_effort = middle[0] - one[0], middle[1] - one[1]
    on, on_effort = other[0] - middle[0], other[1] - middle[1]
    return up * on_effort > on * up_effort
