"""The RAD and what came of it, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from actionplan.choices import Direction, FundSource, LinkKind, Reach
from actionplan.models import Action, ActionPlan, ActionYear, PlanLink
from actionplan.models.action import ActionQuerySet
from api.answers.actions import (
    ActionEntry,
    ActionQuestionEntry,
    ActionYearEntry,
    FundEntry,
    PlanEntry,
    PlanLinkEntry,
    PlanYear,
    QuarterEntry,
)
from cities.models import Membership
from cities.roles import Permission
from monitoring.choices import Light
from monitoring.queries.board import QuarterCell, YearRow, monitoring, quarter_cells
from monitoring.queries.outcomes import Outcome, outcomes_of
from monitoring.rules import Rules
from nomenclature.codes import CodeBook, look_up_in
from nomenclature.models import Nomenclature


def plan_entries(plans: Sequence[ActionPlan], *, in_force: int | None) -> list[PlanEntry]:
    """`in_force` is the key of the plan that holds. Without a query."""
    return [
        PlanEntry(
            id=one.pk,
            title=one.title,
            first_year=one.first_year,
            last_year=one.last_year,
            instrument=one.instrument.code,
            legal_basis=one.legal_basis_id,
            in_force=one.pk == in_force,
        )
        for one in plans
    ]


def plan_in_force(member: Membership, year: int) -> int | None:
    """The key of the newest plan of the city of which the year is one; one query."""
    plans = ActionPlan.objects.visible_to(member).covering(year)
    return plans.values_list("pk", flat=True).first()


def plan_year(plan: ActionPlan, member: Membership, year: int, *, today: date) -> PlanYear:
    """The sums above the list of actions; three queries."""
    board = monitoring(plan, member, year, today=today)
    return PlanYear(
        year=year,
        actions=len(board.rows),
        ceiling=board.ceiling,
        spent=board.spent,
        absorbed=board.absorbed,
        lights={str(light): board.count(light) for light in Light},
    )


def link_entries(links: Sequence[PlanLink]) -> list[PlanLinkEntry]:
    """What a plan is tied to, as its page says; without a query."""
    return [
        PlanLinkEntry(
            id=one.pk,
            kind=LinkKind(one.kind),
            kind_name=one.get_kind_display(),
            title=one.title,
            # Where the document is stored here, the page leads to that alone.
            address=None if one.document_id else one.address or None,
            document=one.document_id,
        )
        for one in links
    ]


def actions_of(member: Membership, plan: ActionPlan) -> ActionQuerySet:
    """Of the plan those that the member may see, with what an entry tells; four queries."""
    years = ActionYear.objects.prefetch_related("realisations")
    rows = Action.objects.visible_to(member).filter(plan=plan)
    return rows.select_related("indicator__cluster", "lead").prefetch_related(
        "supporting", Prefetch("years", years)
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is told of actions beside themselves; `questions` by action, None for who sees none."""

    plan: ActionPlan
    rules: Rules
    today: date
    books: Sequence[CodeBook]
    questions: Mapping[int, list[ActionQuestionEntry]] | None


def action_entries(
    actions: Sequence[Action], plan: ActionPlan, member: Membership, rules: Rules, *, today: date
) -> list[ActionEntry]:
    """Each with its years and their quarters, its code and its questions; three queries."""
    books = Nomenclature.objects.filter(city=plan.city_id).books()
    questions = None
    if member.may(Permission.VIEW_ASSESSMENT):
        questions = _questions(outcomes_of(actions))
    beside = _Beside(plan, rules, today, books, questions)
    return [_action(one, beside) for one in actions]


def _questions(outcomes: Sequence[Outcome]) -> dict[int, list[ActionQuestionEntry]]:
    found: dict[int, list[ActionQuestionEntry]] = {}
    for one in outcomes:
        found.setdefault(one.link.action_id, []).append(_question(one))
    return found


def _question(one: Outcome) -> ActionQuestionEntry:
    link = one.link
    is_told = one.reached is not None
    return ActionQuestionEntry(
        question=link.question.code,
        planned_in=link.planned_in.year if link.planned_in else None,
        planned=link.gain if link.planned_in else None,
        told_in=one.answer.assessment.year if one.answer else None,
        reached=one.reached,
        is_kept=one.is_kept if is_told else None,
    )


def _action(one: Action, beside: _Beside) -> ActionEntry:
    plan = beside.plan
    code_year = plan.year_near(beside.today.year)
    code = look_up_in(one.code, beside.books, year=code_year) if one.code else None
    return ActionEntry(
        number=one.number,
        name=one.name,
        problem=one.problem,
        cluster=one.indicator.cluster.code,
        indicator=one.indicator.code,
        reach=Reach(one.reach),
        code=one.code,
        code_year=code_year,
        code_state=code.state.value if code else None,
        code_name=code.name if code else "",
        code_change=code.change if code else "",
        measure=one.measure,
        unit_of_measure=one.unit,
        direction=Direction(one.direction),
        baseline=one.baseline,
        place=one.place,
        lead=one.lead.code if one.lead else None,
        supporting=sorted(opd.code for opd in one.supporting.all()),
        questions=None if beside.questions is None else beside.questions.get(one.pk, []),
        years=[
            _year(
                row,
                YearRow(
                    one,
                    row,
                    quarter_cells(plan, row, row.year, beside.rules, today=beside.today),
                ),
            )
            for row in one.years.all()
        ],
    )


def _year(row: ActionYear, found: YearRow) -> ActionYearEntry:
    return ActionYearEntry(
        year=row.year,
        target=row.target,
        ceiling=row.ceiling,
        source=_source(row.source),
        funds=[FundEntry(_source(name), rupiah) for name, rupiah in sorted(row.sources.items())],
        child_share=row.child_share,
        child_reason=row.child_reason,
        for_children=row.for_children,
        spent=found.spent,
        light=found.light,
        quarters=[_quarter(cell) for cell in found.quarters],
    )


def _source(name: str) -> FundSource | None:
    return FundSource(name) if name else None


def _quarter(cell: QuarterCell) -> QuarterEntry:
    report = cell.report
    return QuarterEntry(
        quarter=cell.quarter,
        light=cell.light,
        due_on=cell.due_on,
        is_late=cell.is_late,
        revision=report.revision if report else None,
        reported_at=report.at if report else None,
        physical=report.physical if report else None,
        money=report.money if report else None,
        obstacle=report.obstacle if report else "",
        follow_up=report.follow_up if report else "",
    )
