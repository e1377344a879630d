"""Ways, plans, suppositions and the forecast, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from api.answers.ways import (
    ComparedColumn,
    Detour,
    ForecastBound,
    ForecastCluster,
    ForecastCondition,
    ForecastReplay,
    ForecastRisk,
    Pathway,
    PlanShareEntry,
    PlanStepEntry,
    SavedPlan,
    SavedPlanDetail,
    ScenarioEntry,
    SupposedClusterEntry,
    SupposedOutcome,
    VerificationForecast,
    WayQuestion,
    WayShare,
    WhatIf,
)
from assessments.choices import AnswerState
from assessments.models import Assessment
from cities.models import Opd
from plans.choices import Basis, Outcome
from plans.models import Plan, Scenario
from plans.queries.forecast import Bound, ForecastBoard, forecast_board, forecast_sentence
from plans.queries.pathway import PathwayBoard, WayRow
from plans.queries.plans import PlanBoard, PlanRow, plan_board, plan_list
from plans.queries.questions import SupposedYear
from plans.queries.scenarios import comparison, supposed_points, whatif_board

THOUSANDTH = Decimal("0.001")


def pathway(board: PathwayBoard) -> Pathway:
    """All that its page shows, the open questions that it leaves among it; without a query."""
    query, way = board.query, board.best.way
    return Pathway(
        predikat=query.predikat or None,
        goal=query.total,
        basis=query.basis,
        start=board.start,
        start_predikat=board.start_predikat,
        needed=board.needed,
        total=way.total,
        total_predikat=board.best.predikat,
        effort=way.effort,
        is_enough=way.is_enough,
        short_of=board.short_of,
        steps=[_way_question(row) for row in board.best.rows],
        shares=[
            WayShare(_code(one.opd), one.questions, one.gain, one.effort) for one in board.shares
        ],
        others=[
            Detour(
                without=one.without.facts.code,
                instead=[row.facts.code for row in one.instead],
                questions=len(one.board.way.questions),
                effort=one.board.way.effort,
                total=one.board.way.total,
            )
            for one in board.others
        ],
        locked=[row.facts.code for row in board.locked],
        excluded=[row.facts.code for row in board.excluded],
        rest=[_way_question(row) for row in board.rest],
    )


def _way_question(row: WayRow) -> WayQuestion:
    facts = row.facts
    return WayQuestion(
        question=facts.code,
        text=facts.answer.question.text,
        state=AnswerState(facts.answer.state),
        lead=_code(facts.lead),
        gain=row.gain,
        effort=facts.effort,
        estimate=facts.estimate.value,
        missing=[kind.name for kind in facts.missing],
    )


def _code(opd: Opd | None) -> str | None:
    return opd.code if opd else None


# --- Plans ------------------------------------------------------------------------------------


def saved_plans(assessment: Assessment, plans: Sequence[Plan]) -> list[SavedPlan]:
    """Two queries."""
    return [_saved(row.plan, row) for row in plan_list(assessment, plans)]


def saved_plan(plan: Plan, *, today: date) -> SavedPlanDetail:
    """As its page; five queries."""
    board = plan_board(plan, today=today)
    counted = PlanRow(plan, len(board.rows), board.done, board.planned, board.realised)
    return SavedPlanDetail(
        plan=_saved(plan, counted),
        total=board.total,
        total_predikat=board.predikat,
        left=board.left,
        shares=[
            PlanShareEntry(_code(one.opd), one.steps, one.done, one.planned, one.realised)
            for one in board.shares
        ],
        steps=_steps(board),
    )


def _saved(plan: Plan, row: PlanRow) -> SavedPlan:
    return SavedPlan(
        id=plan.pk,
        name=plan.name,
        basis=Basis(plan.basis),
        start=plan.start,
        goal=plan.goal,
        predikat=plan.predikat or None,
        at=plan.at,
        by=plan.by.name,
        steps=row.steps,
        done=row.done,
        planned=row.planned,
        realised=row.realised,
    )


def _steps(board: PlanBoard) -> list[PlanStepEntry]:
    return [
        PlanStepEntry(
            question=row.answer.question.code,
            lead=_code(row.lead),
            due_on=row.due_on,
            is_late=row.late,
            state=AnswerState(row.answer.state),
            start=row.step.start,
            goal=row.step.goal,
            effort=row.step.effort,
            realised=row.realised,
            is_done=row.is_done,
        )
        for row in board.rows
    ]


# --- What if ----------------------------------------------------------------------------------


def what_if(year: SupposedYear, outcomes: Mapping[str, Outcome]) -> WhatIf:
    """Without a query."""
    board = whatif_board(year, outcomes)
    following = board.standing.next
    return WhatIf(
        maximum=board.after.maximum,
        before=board.before.total,
        before_predikat=board.before_standing.predikat or "",
        after=board.after.total,
        after_predikat=board.standing.predikat or "",
        next_predikat=following.predikat if following else None,
        to_next=following.points_needed if following else None,
        clusters=[
            SupposedClusterEntry(one.code, one.label, one.name, one.maximum, one.before, one.after)
            for one in board.clusters
        ],
        outcomes=[
            SupposedOutcome(code, one, supposed_points(year.questions[code], one))
            for code, one in outcomes.items()
        ],
    )


def scenario_entries(scenarios: Sequence[Scenario]) -> list[ScenarioEntry]:
    """Of scenarios with their outcomes; without a query."""
    return [
        ScenarioEntry(
            id=one.pk,
            name=one.name,
            total=one.total,
            at=one.at,
            by=one.by.name,
            outcomes=[
                SupposedOutcome(row.answer.question.code, Outcome(row.outcome), row.points)
                for row in one.outcomes.all()
            ],
        )
        for one in scenarios
    ]


def compared(year: SupposedYear, scenarios: Sequence[Scenario]) -> list[ComparedColumn]:
    """The year as it is, then each scenario; without a query."""
    codes = [cluster.code for cluster in year.spec.clusters]
    return [
        ComparedColumn(
            scenario=column.scenario.pk if column.scenario else None,
            name=column.scenario.name if column.scenario else None,
            total=column.total,
            predikat=column.predikat,
            saved_total=column.scenario.total if column.scenario else None,
            clusters=dict(zip(codes, column.clusters, strict=True)),
            counts={str(outcome): column.counts[outcome] for outcome in Outcome},
        )
        for column in comparison(year, scenarios).columns
    ]


# --- The forecast -----------------------------------------------------------------------------


def verification_forecast(assessment: Assessment, *, today: date) -> VerificationForecast:
    """As its page, with all claims; the queries of `forecast_board`."""
    board = forecast_board(assessment, today=today)
    return VerificationForecast(
        claimed=board.claimed,
        maximum=board.maximum,
        low=_bound(board.low),
        expected=_bound(board.expected),
        high=_bound(board.high),
        sentence=forecast_sentence(board),
        unclaimed=board.unclaimed,
        unclaimed_points=board.unclaimed_points,
        register_sentence=board.register_sentence,
        years=board.years,
        clusters=_forecast_clusters(board),
        risks=[
            ForecastRisk(
                question=row.answer.question.code,
                claimed=row.claimed,
                expected=row.expected,
                loss=row.loss,
                condition=row.condition,
                why=row.why,
                seen=row.seen,
            )
            for row in board.risks
        ],
        conditions=[
            ForecastCondition(
                condition=row.condition,
                name=row.label,
                questions=row.count,
                claimed=row.claimed,
                loss=row.loss,
                kept=row.kept.quantize(THOUSANDTH),
                seen=row.seen,
            )
            for row in board.conditions
        ],
        replays=[
            ForecastReplay(
                year=one.year.assessment.year,
                claimed=one.claimed,
                low=one.low,
                expected=one.expected,
                high=one.high,
                verified=one.verified,
                holds=one.holds,
            )
            for one in board.replays
        ],
    )


def _bound(bound: Bound | None) -> ForecastBound | None:
    return ForecastBound(bound.total, bound.predikat) if bound else None


def _forecast_clusters(board: ForecastBoard) -> list[ForecastCluster]:
    """None where nothing is claimed, as on the page."""
    if board.expected is None:
        return []
    return [
        ForecastCluster(
            label=row.label,
            name=row.name,
            maximum=row.maximum,
            claimed=row.claimed,
            low=row.low,
            expected=row.expected,
            high=row.high,
        )
        for row in board.clusters
    ]
