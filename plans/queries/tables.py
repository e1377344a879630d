"""The tables of planning as charts, which download as CSV and XLSX."""

from __future__ import annotations

from django.utils.translation import gettext as _

from figures.values import Cell, Chart, ChartColumn, Unit
from plans.queries.pathway import PathwayBoard
from plans.queries.plans import PlanBoard
from plans.queries.scenarios import Comparison


def way_chart(board: PathwayBoard) -> Chart:
    """The questions of the cheapest way, as the page lists them."""
    rows: list[tuple[Cell, ...]] = [
        (
            row.facts.code,
            row.facts.answer.question.text,
            str(row.facts.lead or ""),
            row.gain,
            row.facts.effort,
        )
        for row in board.best.rows
    ]
    columns = (*_questions(), ChartColumn(_("Tambahan poin"), Unit.POINTS), _effort())
    return Chart(
        "jalan", _("Langkah menuju predikat"), _("Pertanyaan dan upayanya."), columns, rows
    )


def plan_chart(board: PlanBoard) -> Chart:
    """The steps of a plan with what was planned and what has come of it."""
    rows: list[tuple[Cell, ...]] = [
        (
            row.answer.question.code,
            row.answer.question.text,
            str(row.lead or ""),
            row.due_on,
            row.step.gain,
            row.realised,
            row.step.effort,
        )
        for row in board.rows
    ]
    columns = (
        *_questions(),
        ChartColumn(_("Tenggat"), Unit.DATE),
        ChartColumn(_("Direncanakan"), Unit.POINTS),
        ChartColumn(_("Terbukti"), Unit.POINTS),
        _effort(),
    )
    return Chart("langkah", board.plan.name, _("Langkah rencana."), columns, rows)


def comparison_chart(comparison: Comparison) -> Chart:
    """Total and clusters of each scenario beside those of today."""
    names = [str(one.scenario) if one.scenario else _("Sekarang") for one in comparison.columns]
    rows: list[tuple[Cell, ...]] = [(_("Total"), *(one.total for one in comparison.columns))]
    rows += [(label, *points) for label, _name, points in comparison.clusters]
    columns = (ChartColumn(_("Klaster")), *(ChartColumn(name, Unit.POINTS) for name in names))
    return Chart("banding", _("Banding skenario"), _("Total per skenario."), columns, rows)


def _questions() -> tuple[ChartColumn, ChartColumn, ChartColumn]:
    return ChartColumn(_("Kode")), ChartColumn(_("Pertanyaan")), ChartColumn(_("Penanggung jawab"))


def _effort() -> ChartColumn:
    return ChartColumn(_("Upaya"), Unit.COUNT)
