"""The results of the official stages, indicator by indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import Assessment, IndicatorScore, OfficialIndicatorScore, TotalScore
from clusters.models import Indicator


@dataclass(frozen=True, slots=True)
class OfficialCell:
    """What one stage gave one indicator. With `questions`, that many of them add up to it.

    `set_aside` is a total that was entered and does not count because of them.
    """

    kind: ScoreKind
    points: Decimal | None
    questions: int = 0
    set_aside: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OfficialRow:
    indicator: Indicator
    cells: list[OfficialCell]


def official_rows(assessment: Assessment) -> list[OfficialRow]:
    """Every indicator with its cells in the order of the stages, in three queries."""
    totals = {
        (row.indicator_id, row.kind): row
        for row in OfficialIndicatorScore.objects.filter(assessment=assessment)
    }
    summed = {
        (row.indicator_id, row.kind): row
        for row in IndicatorScore.objects.filter(
            assessment=assessment, kind__in=OFFICIAL_KINDS, answered__gt=0
        )
    }
    indicators = (
        Indicator.objects.filter(cluster__instrument=assessment.instrument_id)
        .select_related("cluster")
        .order_by("cluster__position", "position")
    )
    return [
        OfficialRow(
            indicator,
            [
                _cell(kind, summed.get((indicator.pk, kind)), totals.get((indicator.pk, kind)))
                for kind in OFFICIAL_KINDS
            ],
        )
        for indicator in indicators
    ]


def official_totals(assessment: Assessment) -> Sequence[TotalScore]:
    """The stored totals in the order of the stages."""
    rows = TotalScore.objects.filter(assessment=assessment, kind__in=OFFICIAL_KINDS)
    by_kind = {row.kind: row for row in rows}
    return [by_kind[kind] for kind in OFFICIAL_KINDS]


def _cell(
    kind: ScoreKind, summed: IndicatorScore | None, total: OfficialIndicatorScore | None
) -> OfficialCell:
    entered = None if total is None else total.points
    if summed is None:
        return OfficialCell(kind, entered)
    return OfficialCell(kind, summed.points, summed.answered, entered)
