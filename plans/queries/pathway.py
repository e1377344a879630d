"""The cheapest way to a total, its share by OPD, and alternatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessments import scoring
from assessments.scoring import ZERO
from cities.models import Opd
from plans.pathway import Way, cheapest_way, other_ways
from plans.pathway_query import PathwayQuery
from plans.queries.questions import PlanningYear, QuestionFacts
from plans.queries.shares import by_lead


@dataclass(frozen=True, slots=True)
class WayRow:
    """A question with what it can still add, before any maximum above it."""

    facts: QuestionFacts
    gain: Decimal

    @property
    def lead(self) -> Opd | None:
        return self.facts.lead


@dataclass(frozen=True, slots=True)
class OpdShare:
    """What a way asks of the OPD that leads its questions; None for those that nobody leads."""

    opd: Opd | None
    questions: int
    gain: Decimal
    effort: int


@dataclass(frozen=True, slots=True)
class WayBoard:
    """A way with its questions and the predikat it reaches."""

    way: Way
    predikat: str
    rows: list[WayRow]


@dataclass(frozen=True, slots=True)
class DetourBoard:
    """A way that does without a question, and what it takes that the best way does not."""

    without: WayRow
    board: WayBoard
    instead: list[WayRow]


@dataclass(frozen=True, slots=True)
class PathwayBoard:
    query: PathwayQuery
    start: Decimal
    start_predikat: str
    best: WayBoard
    shares: list[OpdShare]
    others: list[DetourBoard]
    locked: list[WayRow]
    excluded: list[WayRow]
    rest: list[WayRow]  # open questions that the way leaves, the best bargains first

    @property
    def needed(self) -> Decimal:
        return max(self.query.total - self.start, ZERO)

    @property
    def short_of(self) -> Decimal:
        """The points that even the best way does not bring."""
        return max(self.query.total - self.best.way.total, ZERO)


def pathway_board(year: PlanningYear, query: PathwayQuery) -> PathwayBoard:
    """No queries beyond those of the year."""
    situation = year.situation(query.basis)
    goal, locked, excluded = query.total, query.locked, query.excluded
    way = cheapest_way(situation, goal=goal, locked=locked, excluded=excluded)
    detours = other_ways(situation, way, goal=goal, locked=locked, excluded=excluded)
    rows = {code: _row(year, code, query) for code in situation.open_questions()}
    best = _board(year, way, rows)
    start = situation.total_with(())
    left_alone = [
        row for code, row in rows.items() if code not in {*way.questions, *query.excluded}
    ]
    return PathwayBoard(
        query=query,
        start=start,
        start_predikat=_predikat(year, start),
        best=best,
        shares=_shares(best.rows),
        others=[
            DetourBoard(
                without=rows[detour.without],
                board=_board(year, detour.way, rows),
                instead=[rows[c] for c in detour.way.questions if c not in way.questions],
            )
            for detour in detours
        ],
        locked=[rows[code] for code in query.locked if code in rows],
        excluded=[rows[code] for code in query.excluded if code in rows],
        rest=sorted(left_alone, key=lambda row: -row.gain / row.facts.effort),
    )


def _row(year: PlanningYear, code: str, query: PathwayQuery) -> WayRow:
    facts = year.questions[code]
    return WayRow(facts, facts.maximum - facts.points(query.basis))


def _board(year: PlanningYear, way: Way, rows: dict[str, WayRow]) -> WayBoard:
    return WayBoard(way, _predikat(year, way.total), [rows[code] for code in way.questions])


def _predikat(year: PlanningYear, total: Decimal) -> str:
    return scoring.standing(total, year.bands).predikat or ""


def _shares(rows: Iterable[WayRow]) -> list[OpdShare]:
    shares = [
        OpdShare(
            opd=opd,
            questions=len(led),
            gain=sum((row.gain for row in led), ZERO),
            effort=sum(row.facts.effort for row in led),
        )
        for opd, led in by_lead(rows).items()
    ]
    return sorted(shares, key=lambda share: (-share.gain, str(share.opd)))
