"""The charts of a year that only this package can draw: by state, by OPD, by stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.queries.history import ScoreStep
from assessments.queries.nation import CityRow, Rungs, Share
from assessments.queries.opds import OpdRow
from assessments.queries.scores import HEAT_STATES, HeatRow
from assessments.states import STATES
from figures.layout.bars import bar_sample, count_bar, fall_bar
from figures.layout.nation_ladder import nation_drawing, nation_ladder
from figures.layout.shapes import Drawing, LegendEntry
from figures.layout.tables import BarTableRow, ToneCell, bar_line, bar_table, cell_table
from figures.numbers import NOTHING, format_points


def opd_counts(row: OpdRow) -> dict[str, int]:
    """An OPD's questions by what became of them; those that are late are not told apart."""
    return {
        "done": row.accepted,
        "waiting": row.waiting,
        "returned": row.returned,
        "late": 0,
        "untouched": row.untouched,
    }


def opd_legend() -> list[LegendEntry]:
    """What the parts of an OPD's bar mean."""
    return [
        bar_sample(_("Diterima"), "part part--done"),
        bar_sample(_("Menunggu"), "part part--waiting"),
        bar_sample(_("Dikembalikan"), "part part--returned", "returned"),
        bar_sample(_("Terlambat"), "part part--late", "late"),
        bar_sample(_("Belum dikerjakan"), "bar__frame"),
    ]


def opds_picture(rows: Iterable[OpdRow]) -> Drawing:
    """Each OPD's questions by state and the points it holds back."""
    lines = [
        BarTableRow(
            row.opd.name,
            [str(row.accepted), str(row.questions), format_points(row.held)],
            count_bar(opd_counts(row), line=bar_line(number)),
        )
        for number, row in enumerate(rows)
    ]
    return bar_table(lines, [_("Diterima"), _("Pertanyaan"), _("Tertahan")], opd_legend())


def falls_picture(falls: Iterable[Sequence[ScoreStep]], maximum: Decimal) -> Drawing:
    """Each stage of a year's chains and what it left of `maximum` points."""
    steps = [step for chain in falls for step in chain]
    lines = [
        BarTableRow(
            str(step.kind.label),
            [format_points(step.points)],
            fall_bar(step, maximum, line=bar_line(number)),
        )
        for number, step in enumerate(steps)
    ]
    return bar_table(lines, [_("Nilai")])


def heat_picture(rows: Iterable[HeatRow]) -> Drawing:
    """Indicators by state, each cell the points left there."""
    lines = [
        (
            f"{row.code} {row.name}",
            [
                ToneCell(format_points(cell.points) if cell.tone else NOTHING, cell.tone)
                for cell in row.cells
            ],
            format_points(row.left),
        )
        for row in rows
    ]
    return cell_table(lines, [*(str(STATES[state][1]) for state in HEAT_STATES), _("Sisa")])


def nation_picture(rows: Iterable[CityRow], rungs: Rungs, shares: Sequence[Share]) -> Drawing:
    """Every city on one ladder: counts of awards on the steps, heaps of totals above them."""
    totals = [one.live.points for one in rows if one.live]
    counts = {share.key: share.count for share in shares}
    sentence = " ".join(f"{share.name}: {share.count}." for share in shares)
    layout = nation_ladder(rungs.bands, rungs.maximum, counts, totals)
    return nation_drawing(layout, sentence=sentence)
