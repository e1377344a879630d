"""The years of actions with their quarters and lights: the board, the matrix, one action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from actionplan.models import Action, ActionPlan, ActionYear
from cities.models import Membership
from clusters.models import Cluster
from figures.numbers import NOTHING, format_points, format_rupiah, percent
from figures.values import Cell, Chart, ChartColumn, Unit
from monitoring.choices import Light
from monitoring.models import Realisation, rules_of
from monitoring.quarters import QUARTERS, due_on, last_due
from monitoring.rules import Rules


@dataclass(frozen=True, slots=True)
class QuarterCell:
    """A quarter of an action: its report that counts, or until when it is awaited."""

    quarter: int
    report: Realisation | None
    light: Light
    due_on: date

    @property
    def is_late(self) -> bool:
        """Whether the report came after the deadline, or has not come although it has passed."""
        if self.report is None:
            return self.light == Light.MISSING
        return timezone.localdate(self.report.at) > self.due_on


@dataclass(frozen=True, slots=True)
class YearRow:
    """An action in a year; without a row of that year it has neither target nor ceiling."""

    action: Action
    year: ActionYear | None
    quarters: Sequence[QuarterCell]

    @property
    def latest(self) -> Realisation | None:
        return next((one.report for one in reversed(self.quarters) if one.report), None)

    @property
    def light(self) -> Light:
        """Of the last quarter that was reported or should have been."""
        told = [one for one in self.quarters if one.light != Light.AWAITED]
        return told[-1].light if told else Light.AWAITED

    @property
    def ceiling(self) -> int | None:
        return self.year.ceiling if self.year else None

    @property
    def spent(self) -> int | None:
        return self.latest.money if self.latest else None


@dataclass(frozen=True, slots=True)
class ActionYearPage:
    """A year of one action; without a row it has neither target nor ceiling in it."""

    year: int
    row: ActionYear | None
    cells: Sequence[QuarterCell]


@dataclass(frozen=True, slots=True)
class Monitoring:
    plan: ActionPlan
    year: int
    rows: Sequence[YearRow]
    rules: Rules

    @property
    def ceiling(self) -> int:
        """The sum in whole rupiah, exact."""
        return sum(row.ceiling or 0 for row in self.rows)

    @property
    def spent(self) -> int:
        return sum(row.spent or 0 for row in self.rows)

    @property
    def absorbed(self) -> Decimal | None:
        return percent(self.spent, self.ceiling)

    def count(self, light: Light) -> int:
        return sum(row.light == light for row in self.rows)

    @property
    def counts(self) -> list[tuple[Light, int]]:
        return [(light, number) for light in Light if (number := self.count(light))]


def monitoring(plan: ActionPlan, member: Membership, year: int, *, today: date) -> Monitoring:
    """Every action of the plan that the member may see; three queries, and one for the rules of the
    city unless it came with them."""
    actions = Action.objects.visible_to(member).filter(plan=plan).in_order()
    found = list(actions.select_related("indicator__cluster", "lead", "plan__city"))
    rules = rules_of(plan.city)
    return Monitoring(plan, year, _year_rows(plan, found, year, rules, today=today), rules)


def _year_rows(
    plan: ActionPlan, actions: Sequence[Action], year: int, rules: Rules, *, today: date
) -> list[YearRow]:
    """Each action with its year and quarters, in two queries."""
    years = ActionYear.objects.filter(action__in=actions, year=year)
    reports = Prefetch("realisations", Realisation.objects.select_related("by"))
    rows = {one.action_id: one for one in years.prefetch_related(reports)}
    return [
        YearRow(
            one, rows.get(one.pk), quarter_cells(plan, rows.get(one.pk), year, rules, today=today)
        )
        for one in actions
    ]


def quarter_cells(
    plan: ActionPlan, row: ActionYear | None, year: int, rules: Rules, *, today: date
) -> list[QuarterCell]:
    """The four quarters of a year; the reports come with the row."""
    reports = row.realisations.all() if row else ()
    latest = {one.quarter: one for one in sorted(reports, key=lambda one: one.revision)}
    missing_to = last_due(year, today=today, grace_days=plan.grace_days)
    cells = []
    for quarter in QUARTERS:
        report = latest.get(quarter)
        physical = report.physical if report else None
        # An action without a row of the year owes nothing in it.
        is_due = row is not None and quarter <= missing_to
        light = rules.light(physical, quarter, is_due=is_due)
        due = due_on(year, quarter, grace_days=plan.grace_days)
        cells.append(QuarterCell(quarter, report, light, due))
    return cells


def by_cluster(rows: Iterable[YearRow]) -> list[tuple[Cluster, list[YearRow]]]:
    """The rows of each cluster that has any, in the order of the instrument."""
    groups: dict[Cluster, list[YearRow]] = {}
    for row in sorted(rows, key=lambda row: row.action.indicator.cluster.position):
        groups.setdefault(row.action.indicator.cluster, []).append(row)
    return list(groups.items())


def monitoring_chart(board: Monitoring) -> Chart:
    """The matrix as one table; money as whole rupiah."""
    words = _("%(count)d aksi, pagu %(ceiling)s, realisasi %(spent)s.")
    facts = {
        "count": len(board.rows),
        "ceiling": format_rupiah(board.ceiling),
        "spent": format_rupiah(board.spent),
    }
    return Chart(
        key="pemantauan",
        title=_("Matriks pemantauan RAD %(year)d") % {"year": board.year},
        sentence=words % facts,
        columns=(
            ChartColumn(_("No"), Unit.COUNT),
            ChartColumn(_("Klaster")),
            ChartColumn(_("Indikator")),
            ChartColumn(_("Aksi")),
            ChartColumn(_("OPD")),
            ChartColumn(_("Indikator kinerja")),
            ChartColumn(_("Target"), Unit.POINTS),
            ChartColumn(_("Satuan")),
            ChartColumn(_("Pagu (Rp)"), Unit.COUNT),
            *(ChartColumn(_("TW %(q)d fisik (%%)") % {"q": q}, Unit.POINTS) for q in QUARTERS),
            ChartColumn(_("Realisasi (Rp)"), Unit.COUNT),
            ChartColumn(_("Keadaan")),
            ChartColumn(_("Hambatan")),
            ChartColumn(_("Tindak lanjut")),
        ),
        rows=[_matrix_row(row) for row in board.rows],
    )


def _matrix_row(row: YearRow) -> list[Cell]:
    latest = row.latest
    return [
        row.action.number,
        row.action.indicator.cluster.label,
        row.action.indicator.code,
        row.action.name,
        row.action.lead.name if row.action.lead else None,
        row.action.measure,
        row.year.target if row.year else None,
        row.action.unit,
        row.ceiling,
        *(cell.report.physical if cell.report else None for cell in row.quarters),
        row.spent,
        str(row.light.label),
        latest.obstacle if latest else None,
        latest.follow_up if latest else None,
    ]


def quarter_words(cell: QuarterCell) -> str:
    """A quarter in a cell of the printed matrix: 45% or a dash."""
    return f"{format_points(cell.report.physical)}%" if cell.report else NOTHING
