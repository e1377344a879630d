"""What the actions of a year cost, as the interface tells of it."""

from __future__ import annotations

from datetime import date

from actionplan.models import ActionPlan
from api.answers.actions import BudgetLine, PlanBudget, SourceSum
from cities.models import Membership
from monitoring.queries.board import monitoring
from monitoring.queries.budget import BudgetRow, budget_of


def plan_budget(plan: ActionPlan, member: Membership, year: int, *, today: date) -> PlanBudget:
    """As its page; three queries."""
    found = budget_of(monitoring(plan, member, year, today=today))
    return PlanBudget(
        total=_line(found.total),
        clusters=[_line(row) for row in found.clusters],
        opds=[_line(row) for row in found.opds],
        sources=[SourceSum(name, rupiah) for name, rupiah in found.sources],
        children=found.children,
        children_source=plan.children_source if found.children else "",
        per_child=found.per_child,
        share_per_child=found.share_per_child,
    )


def _line(row: BudgetRow) -> BudgetLine:
    return BudgetLine(
        name=row.name,
        actions=row.actions,
        ceiling=row.ceiling,
        spent=row.spent,
        for_children=row.for_children,
        unsaid=row.unsaid,
        supposed=row.supposed,
    )
