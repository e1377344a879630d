"""What a year's actions cost by cluster, and what of it serves children; whole rupiah throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionplan.choices import FundSource
from figures.numbers import format_rupiah
from figures.values import Chart, ChartColumn, Unit
from monitoring.queries.board import Monitoring, YearRow
from monitoring.rules import Rules


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A cluster or an OPD: its actions, their ceilings, and the part that serves children."""

    name: str
    actions: int
    ceiling: int
    spent: int
    for_children: int
    unsaid: int  # actions with a ceiling of which nobody said what serves children
    supposed: int  # what serves children of those, by the rule of the city


@dataclass(frozen=True, slots=True)
class Budget:
    clusters: Sequence[BudgetRow]
    opds: Sequence[BudgetRow]
    total: BudgetRow
    sources: Sequence[tuple[str, int]]  # the ceilings by source; together those of the total
    children: int | None

    @property
    def per_child(self) -> int | None:
        """Rupiah of the ceilings per child, rounded down; None where the children are unknown."""
        return self.total.ceiling // self.children if self.children else None

    @property
    def share_per_child(self) -> int | None:
        """Of what was said and supposed to serve them."""
        share = self.total.for_children + self.total.supposed
        return share // self.children if self.children else None


def budget_of(board: Monitoring) -> Budget:
    """Without a query; the clusters in the order of the instrument."""
    rows = sorted(board.rows, key=lambda row: row.action.indicator.cluster.position)
    return Budget(
        clusters=_grouped(rows, [row.action.indicator.cluster.label for row in rows], board.rules),
        opds=_grouped(rows, [str(row.action.lead or _("Tanpa OPD")) for row in rows], board.rules),
        total=_row(_("Seluruhnya"), rows, board.rules),
        sources=_sources(rows),
        children=board.plan.children,
    )


def _sources(rows: Iterable[YearRow]) -> list[tuple[str, int]]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums.update(row.year.sources if row.year else {})
    labels = [*FundSource.choices, ("", _("Belum disebut"))]
    return [(str(label), sums[value]) for value, label in labels if value in sums]


def _grouped(rows: Sequence[YearRow], names: Sequence[str], rules: Rules) -> list[BudgetRow]:
    groups: dict[str, list[YearRow]] = {}
    for row, name in zip(rows, names, strict=True):
        groups.setdefault(name, []).append(row)
    return [_row(name, own, rules) for name, own in groups.items()]


def _row(name: str, rows: Iterable[YearRow], rules: Rules) -> BudgetRow:
    rows = list(rows)
    years = [row.year for row in rows if row.year is not None]
    unsaid = [one.ceiling for one in years if one.ceiling and one.for_children is None]
    return BudgetRow(
        name=name,
        actions=len(rows),
        ceiling=sum(row.ceiling or 0 for row in rows),
        spent=sum(row.spent or 0 for row in rows),
        for_children=sum(one.for_children or 0 for one in years),
        unsaid=len(unsaid),
        supposed=sum(map(rules.supposed, unsaid)),
    )


def budget_chart(board: Monitoring, budget: Budget) -> Chart:
    words = _("Pagu %(ceiling)s; bagian yang disebut untuk anak %(children)s.")
    facts = {
        "ceiling": format_rupiah(budget.total.ceiling),
        "children": format_rupiah(budget.total.for_children),
    }
    return Chart(
        key="anggaran",
        title=_("Anggaran RAD %(year)d per klaster") % {"year": board.year},
        sentence=words % facts,
        columns=(
            ChartColumn(_("Klaster")),
            ChartColumn(_("Aksi"), Unit.COUNT),
            ChartColumn(_("Pagu (Rp)"), Unit.COUNT),
            ChartColumn(_("Realisasi (Rp)"), Unit.COUNT),
            ChartColumn(_("Bagian untuk anak (Rp)"), Unit.COUNT),
            ChartColumn(_("Perkiraan bagian untuk anak (Rp)"), Unit.COUNT),
        ),
        rows=[
            (one.name, one.actions, one.ceiling, one.spent, one.for_children, one.supposed)
            for one in (*budget.clusters, budget.total)
        ],
    )


def source_chart(board: Monitoring, budget: Budget) -> Chart:
    words = _("Pagu %(ceiling)s dari %(count)d sumber dana.")
    facts = {"ceiling": format_rupiah(budget.total.ceiling), "count": len(budget.sources)}
    return Chart(
        key="sumber-dana",
        title=_("Sumber dana RAD %(year)d") % {"year": board.year},
        sentence=words % facts,
        columns=(ChartColumn(_("Sumber dana")), ChartColumn(_("Pagu (Rp)"), Unit.COUNT)),
        rows=[*budget.sources, (_("Seluruhnya"), budget.total.ceiling)],
    )


def shares_with_reasons(board: Monitoring) -> list[YearRow]:
    """The actions of which somebody said how much serves children, for that reason."""
    return [row for row in board.rows if row.year is not None and row.year.child_share is not None]
