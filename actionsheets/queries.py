"""What the plan holds, as tables read and write it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Prefetch

from actionplan.models import Action, ActionPlan, ActionQuestion, ActionYear
from actionsheets.columns import ACTION_COLUMNS, Vocabulary
from cities.models import City, Opd
from clusters.models import Indicator, Question
from imports.models import StagedImport
from imports.services.staged import gone
from texts.folding import folded
from workbooks.records import figure, joined
from workbooks.writing import Value


def plan_of(staged: StagedImport) -> ActionPlan:
    """The plan that a table was uploaded for. Raises ValidationError (`gone`)."""
    plans = ActionPlan.objects.select_related("city", "instrument")
    plan = plans.filter(city=staged.city_id, pk=staged.about["plan"]).first()
    if plan is None:
        raise gone()
    return plan


def opds_by_code(city: City) -> dict[str, Opd]:
    return {one.code: one for one in city.opds.all()}


def vocabulary(plan: ActionPlan) -> Vocabulary:
    """What the cells of a table of actions may name; three queries."""
    questions = Question.objects.of_instrument(plan.instrument).values_list(
        "code", "indicator__code"
    )
    indicators = Indicator.objects.filter(cluster__instrument=plan.instrument_id)
    opds = list(plan.city.opds.all())
    return Vocabulary(
        indicators=list(indicators.values_list("code", flat=True)),
        questions=dict(questions),
        opds={folded(one.name): one.code for one in opds}
        | {folded(one.code): one.code for one in opds},
    )


def actions_of(plan: ActionPlan) -> dict[int, Action]:
    """By number, with the rows that comparing and writing them needs; four queries."""
    asked = ActionQuestion.objects.select_related("question")
    rows = plan.actions.select_related("indicator__cluster", "lead", "plan").prefetch_related(
        "supporting", Prefetch("questions", asked), "years"
    )
    return {one.number: one for one in rows}


def action_values(action: Action) -> dict[str, str]:
    """An action in the spelling of a table, without what is empty."""
    values = {
        "indicator": action.indicator.code,
        "questions": joined(one.question.code for one in action.questions.all()),
        "lead": action.lead.code if action.lead else "",
        "supporting": joined(opd.code for opd in action.supporting.all()),
        "baseline": figure(action.baseline),
    }
    plain = ("problem", "name", "reach", "code", "measure", "unit", "direction", "place")
    values |= {name: getattr(action, name) for name in plain}
    return {name: text for name, text in values.items() if text}


def year_values(row: ActionYear) -> dict[str, str]:
    values = {
        "target": figure(row.target),
        "ceiling": "" if row.ceiling is None else str(row.ceiling),
        "source": row.source,
        "funds": row.funds_told,
        "child_share": figure(row.child_share),
        "child_reason": row.child_reason,
    }
    return {name: text for name, text in values.items() if text}


def stored_years(staged: StagedImport) -> dict[tuple[int, int], ActionYear]:
    """The years of the plan's actions by number and year, with their reports; two queries."""
    rows = ActionYear.objects.filter(action__plan=plan_of(staged)).select_related("action__lead")
    return {(one.action.number, one.year): one for one in rows.prefetch_related("realisations")}


def action_table(plan: ActionPlan) -> tuple[list[str], Iterator[list[Value]]]:
    """Header and rows of every action, a line for each of its years, as the import reads them."""
    return [one.title for one in ACTION_COLUMNS], _action_rows(plan)


def _action_rows(plan: ActionPlan) -> Iterator[list[Value]]:
    for number, action in sorted(actions_of(plan).items()):
        own = action_values(action)
        for row in action.years.all():
            values = own | year_values(row)
            cells = [_cell(one.field, values.get(one.field, "")) for one in ACTION_COLUMNS[2:]]
            yield [number, row.year, *cells]


def _cell(field: str, text: str) -> Value:
    if not text:
        return None
    if field == "ceiling":
        return int(text)
    return Decimal(text) if field in ("target", "child_share", "baseline") else text
