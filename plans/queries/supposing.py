"""The questions of a year with what is supposed of each, by cluster and indicator.

Of hundreds of questions a page shows those of one cluster; all clusters keep their sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Assignment
from assessments.scoring import SectionScore
from cities.models import Opd
from plans.choices import Basis
from plans.outcome_query import NOT_FULL
from plans.queries.questions import SupposedYear, YearQuestion
from plans.queries.scenarios import ClusterChange, SupposedRow, WhatIfBoard
from texts.folding import folded

FEW = 30  # questions that are shown together whatever their cluster


@dataclass(frozen=True, slots=True)
class Sum:
    """Points of an indicator, as they are and as supposed, and their maximum."""

    before: Decimal
    after: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class SupposedIndicator:
    code: str
    name: str
    sum: Sum
    rows: Sequence[SupposedRow]
    is_open: bool  # all are few, or something is supposed here

    @property
    def supposed(self) -> int:
        return sum(1 for row in self.rows if row.outcome)


@dataclass(frozen=True, slots=True)
class SupposedCluster:
    """A cluster with how many of its questions the filters leave; folded it has no rows."""

    change: ClusterChange
    count: int
    supposed: int  # of all its questions, whatever the filters
    indicators: Sequence[SupposedIndicator]

    @property
    def is_open(self) -> bool:
        return bool(self.indicators)


def held_by(year: SupposedYear, opd: Opd | None) -> frozenset[int] | None:
    """The answers that an OPD holds in the year; None, without a query, where none is asked for."""
    if opd is None:
        return None
    held = Assignment.objects.filter(answer__assessment=year.assessment, opd=opd)
    return frozenset(held.values_list("answer", flat=True))


def matching(
    rows: Iterable[SupposedRow],
    *,
    text: str = "",
    state: str = "",
    held: Collection[int] | None = None,
) -> list[SupposedRow]:
    """The rows that are asked for: all words in code or text, a state or NOT_FULL, the answers held."""
    words = folded(text).split()

    def is_asked(facts: YearQuestion) -> bool:
        told = folded(f"{facts.code} {facts.answer.question.text}")
        is_in_state = state in ("", facts.answer.state)
        if state == NOT_FULL:
            is_in_state = facts.points(Basis.PROVEN) < facts.maximum
        is_held = held is None or facts.answer.pk in held
        return is_in_state and is_held and all(word in told for word in words)

    return [row for row in rows if is_asked(row.facts)]


def supposed_clusters(
    year: SupposedYear, board: WhatIfBoard, asked: Sequence[SupposedRow], *, chosen: str
) -> list[SupposedCluster]:
    """Every cluster; with rows the `chosen` one, or all of them where few are asked for."""
    is_few = len(asked) <= FEW
    found = {row.facts.code: row for row in asked}
    every = {row.facts.code: row for row in board.rows}
    sums = _sums(board.before.indicators, board.after.indicators)
    clusters = []
    for cluster, change in zip(year.spec.clusters, board.clusters, strict=True):
        codes = [row.code for indicator in cluster.indicators for row in indicator.questions]
        is_shown = chosen == cluster.code if chosen else is_few
        clusters.append(
            SupposedCluster(
                change=change,
                count=sum(1 for code in codes if code in found),
                supposed=sum(1 for code in codes if code in every and every[code].outcome),
                indicators=[
                    SupposedIndicator(
                        code=indicator.code,
                        name=indicator.name,
                        sum=sums[indicator.code],
                        rows=rows,
                        is_open=is_few or any(row.outcome for row in rows),
                    )
                    for indicator in cluster.indicators
                    if (rows := [found[q.code] for q in indicator.questions if q.code in found])
                ]
                if is_shown
                else [],
            )
        )
    return clusters


def _sums(before: Sequence[SectionScore], after: Sequence[SectionScore]) -> Mapping[str, Sum]:
    return {
        was.code: Sum(was.points, now.points, was.maximum)
        for was, now in zip(before, after, strict=True)
    }
