"""Stored points of clusters and indicators, claimed and proven, and the questions behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.choices import AnswerState, ScoreKind
from assessments.models import Assessment, ClusterScore, IndicatorScore
from assessments.queries.answer_points import AnswerFacts
from assessments.scoring import ZERO
from figures.numbers import percent
from figures.values import Chart, ChartColumn, Unit

OURS = (ScoreKind.CLAIMED, ScoreKind.EVIDENCED)
# From what is done to what is not; a heat map reads from left to right.
HEAT_STATES = (
    AnswerState.RETURNED,
    AnswerState.WAITING,
    AnswerState.ANSWERED,
    AnswerState.EMPTY,
    AnswerState.ACCEPTED,
)
TONES = 5


@dataclass(frozen=True, slots=True)
class ClusterRow:
    code: str
    label: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    pk: int
    code: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class NumberedIndicator:
    """One of the 24 as people count them: the rows that share its number."""

    number: int
    cluster: str
    counts_among_24: bool
    rows: list[IndicatorRow]


def cluster_rows(assessment: Assessment) -> list[ClusterRow]:
    """In the instrument's order, in one query."""
    scores = ClusterScore.objects.filter(assessment=assessment, kind__in=OURS)
    points: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    clusters = {}
    for score in scores.select_related("cluster").order_by("cluster__position"):
        clusters[score.cluster_id] = score.cluster
        points[score.cluster_id][score.kind] = score.points
    return [
        ClusterRow(
            code=cluster.code,
            label=cluster.label,
            name=cluster.name,
            maximum=cluster.max_points,
            claimed=points[pk][ScoreKind.CLAIMED],
            evidenced=points[pk][ScoreKind.EVIDENCED],
        )
        for pk, cluster in clusters.items()
    ]


def numbered_indicators(assessment: Assessment) -> list[NumberedIndicator]:
    """In the instrument's order, in one query."""
    scores = IndicatorScore.objects.filter(assessment=assessment, kind__in=OURS)
    points: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    indicators = {}
    for score in scores.select_related("indicator__cluster").order_by("indicator__position"):
        indicators[score.indicator_id] = score.indicator
        points[score.indicator_id][score.kind] = score.points
    numbered: dict[int, NumberedIndicator] = {}
    for pk, indicator in indicators.items():
        group = numbered.setdefault(
            indicator.number,
            NumberedIndicator(
                number=indicator.number,
                cluster=indicator.cluster.label,
                counts_among_24=indicator.counts_among_24,
                rows=[],
            ),
        )
        group.rows.append(
            IndicatorRow(
                pk=pk,
                code=indicator.code,
                name=indicator.name,
                maximum=indicator.max_points,
                claimed=points[pk][ScoreKind.CLAIMED],
                evidenced=points[pk][ScoreKind.EVIDENCED],
            )
        )
    return list(numbered.values())


def cluster_chart(rows: Sequence[ClusterRow]) -> Chart:
    return Chart(
        key="klaster",
        title=_("Capaian per klaster"),
        sentence=_("Nilai terbukti, diklaim, dan maksimum setiap klaster."),
        columns=(ChartColumn(_("Klaster")), ChartColumn(_("Nama")), *_points_columns()),
        rows=[(row.label, row.name, *_points_of(row)) for row in rows],
    )


def indicator_chart(indicators: Iterable[NumberedIndicator]) -> Chart:
    return Chart(
        key="indikator",
        title=_("Capaian per indikator"),
        sentence=_("Nilai terbukti, diklaim, dan maksimum setiap indikator."),
        columns=(
            ChartColumn(_("Klaster")),
            ChartColumn(_("Kode")),
            ChartColumn(_("Indikator")),
            *_points_columns(),
        ),
        rows=[
            (numbered.cluster, row.code, row.name, *_points_of(row))
            for numbered in indicators
            for row in numbered.rows
        ],
    )


def _points_columns() -> tuple[ChartColumn, ...]:
    return (
        ChartColumn(_("Terbukti"), Unit.POINTS),
        ChartColumn(_("Diklaim"), Unit.POINTS),
        ChartColumn(_("Maksimum"), Unit.POINTS),
        ChartColumn(_("Terbukti (%)"), Unit.PERCENT),
    )


def _points_of(row: ClusterRow | IndicatorRow) -> tuple[Decimal | None, ...]:
    return (row.evidenced, row.claimed, row.maximum, percent(row.evidenced, row.maximum))


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Points left in the questions of one state; `tone` is 0 for none, TONES for the most."""

    state: AnswerState
    points: Decimal
    tone: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An indicator; `left` is what its own maximum still allows, never more."""

    code: str
    name: str
    cells: list[HeatCell]
    left: Decimal


def heat_rows(
    indicators: Iterable[NumberedIndicator], facts: Mapping[int, AnswerFacts]
) -> list[HeatRow]:
    """Where the points that are not proven yet lie, by indicator and state."""
    left: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for one in facts.values():
        left[one.indicator, one.state] += one.left
    most = max(left.values(), default=ZERO)
    return [
        HeatRow(
            code=row.code,
            name=row.name,
            cells=[
                HeatCell(state, left[row.pk, state], _tone(left[row.pk, state], most))
                for state in HEAT_STATES
            ],
            left=row.maximum - row.evidenced,
        )
        for numbered in indicators
        for row in numbered.rows
    ]


def _tone(points: Decimal, most: Decimal) -> int:
    """Steps of the square root: one huge cell does not make all others look alike."""
    if not points:
        return 0
    return min(TONES, 1 + int((points / most).sqrt() * TONES))


def heat_chart(rows: Sequence[HeatRow]) -> Chart:
    largest = max(
        ((cell.points, row.code, cell.state) for row in rows for cell in row.cells),
        default=(ZERO, "", AnswerState.EMPTY),
    )
    sentence = _("Tidak ada nilai yang tersisa.")
    if largest[0]:
        words = _("Paling banyak tersisa pada indikator %(code)s, keadaan %(state)s.")
        sentence = words % {"code": largest[1], "state": str(largest[2].label).lower()}
    return Chart(
        key="sisa",
        title=_("Nilai tersisa menurut keadaan"),
        sentence=sentence,
        columns=(
            ChartColumn(_("Kode")),
            ChartColumn(_("Indikator")),
            *(ChartColumn(str(state.label), Unit.POINTS) for state in HEAT_STATES),
            ChartColumn(_("Sisa indikator"), Unit.POINTS),
        ),
        rows=[(row.code, row.name, *(cell.points for cell in row.cells), row.left) for row in rows],
    )
