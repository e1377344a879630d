"""The only writer of the stored totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from assessments import scoring
from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import (
    Answer,
    Assessment,
    ClusterScore,
    IndicatorScore,
    OfficialIndicatorScore,
    StageScore,
    TotalScore,
)
from assessments.services.document_counts import refresh_counts
from assessments.services.years import hold
from clusters.models import Cluster, EvidenceKind, Indicator
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored number or predikat that was not what its answers add up to."""

    kind: str
    place: str
    stored: Decimal | int | str
    correct: Decimal | int | str


def create_score_rows(assessment: Assessment) -> None:
    """Give a year its rows of zeros: one a kind for each indicator, cluster and the total.

    Rows that are there already are left as they are.
    """
    indicators = Indicator.objects.filter(cluster__instrument=assessment.instrument_id)
    clusters = Cluster.objects.filter(instrument=assessment.instrument_id)
    zero = scoring.ZERO
    TotalScore.objects.bulk_create(
        (TotalScore(assessment=assessment, kind=kind) for kind in ScoreKind),
        ignore_conflicts=True,
    )
    ClusterScore.objects.bulk_create(
        (
            ClusterScore(assessment=assessment, cluster=cluster, kind=kind, points=zero)
            for kind in ScoreKind
            for cluster in clusters
        ),
        ignore_conflicts=True,
    )
    IndicatorScore.objects.bulk_create(
        (
            IndicatorScore(
                assessment=assessment, indicator=indicator, kind=kind, points=zero, answered=0
            )
            for kind in ScoreKind
            for indicator in indicators
        ),
        ignore_conflicts=True,
    )


def refresh_scores(
    assessment: Assessment,
    *,
    kinds: Iterable[ScoreKind] = tuple(ScoreKind),
    indicators: Iterable[int] | None = None,
) -> list[Difference]:
    """Recompute the given indicators from their answers, then the sums above them.

    `indicators` are primary keys; None means all of them. The caller holds the year
    (`years.hold`) in the same transaction. Returns the stored numbers that changed.
    """
    touched = None if indicators is None else frozenset(indicators)
    bands = assessment.bands()
    differences: list[Difference] = []
    for kind in kinds:
        rows = _refresh_indicators(assessment, kind, touched, differences)
        clusters = _refresh_clusters(assessment, kind, rows, differences)
        _refresh_total(assessment, kind, rows, clusters, bands, differences)
    return differences


@deed
def refresh_all(*, assessment_id: int, dry_run: bool = False) -> list[Difference]:
    """Recompute every stored number of a year; with `dry_run` store none of it."""
    assessment = hold(assessment_id)
    create_score_rows(assessment)  # a row that got lost would never be missed by a sum
    differences = refresh_scores(assessment)
    differences += _refresh_counts(assessment)
    if dry_run:
        transaction.set_rollback(True)
    return differences


def _refresh_counts(assessment: Assessment) -> list[Difference]:
    codes = dict(assessment.answers.values_list("pk", "question__code"))
    kinds = dict(
        EvidenceKind.objects.filter(instrument=assessment.instrument_id).values_list("pk", "code")
    )
    return [
        Difference(
            "documents", f"question {codes[one.answer]} {kinds[one.kind]} {one.state}", *numbers
        )
        for one, numbers in refresh_counts(codes).items()
    ]


def question_points(
    assessment: Assessment, kind: ScoreKind, indicators: frozenset[int] | None = None
) -> dict[int, list[Decimal]]:
    """The points of one kind that single questions have, by primary key of the indicator."""
    answers = Answer.objects.filter(assessment=assessment)
    rows: Iterable[tuple[int, Decimal | None]]
    if kind == ScoreKind.CLAIMED:
        rows = answers.values_list("question__indicator", "claimed_points")
    elif kind == ScoreKind.EVIDENCED:
        rows = answers.proven().values_list("question__indicator", "granted_points")
    else:
        rows = StageScore.objects.filter(kind=kind, answer__assessment=assessment).values_list(
            "answer__question__indicator", "points"
        )
    found: defaultdict[int, list[Decimal]] = defaultdict(list)
    for indicator_id, points in rows:
        # No points is not the same as none granted: an unanswered question is not counted.
        if points is not None and (indicators is None or indicator_id in indicators):
            found[indicator_id].append(points)
    return dict(found)


def _with_indicator_totals(
    questions: dict[int, list[Decimal]],
    assessment: Assessment,
    kind: ScoreKind,
    indicators: frozenset[int] | None,
) -> dict[int, list[Decimal]]:
    """The points that count, by primary key of the indicator.

    Where an official stage gave an indicator a total and none of its questions points, that
    total counts as if it were the points of one question.
    """
    if kind not in OFFICIAL_KINDS:
        return questions
    rows = OfficialIndicatorScore.objects.filter(assessment=assessment, kind=kind)
    if indicators is not None:
        rows = rows.filter(indicator__in=indicators)
    totals = {pk: [points] for pk, points in rows.values_list("indicator", "points")}
    return totals | questions


def _refresh_indicators(
    assessment: Assessment,
    kind: ScoreKind,
    touched: frozenset[int] | None,
    differences: list[Difference],
) -> list[IndicatorScore]:
    questions = question_points(assessment, kind, touched)
    points = _with_indicator_totals(questions, assessment, kind, touched)
    rows = list(
        IndicatorScore.objects.filter(assessment=assessment, kind=kind).select_related("indicator")
    )
    changed = []
    for row in rows:
        if touched is not None and row.indicator_id not in touched:
            continue
        given = points.get(row.indicator_id, [])
        correct = scoring.capped(given, row.indicator.max_points).points
        answered = len(questions.get(row.indicator_id, []))
        place = f"indicator {row.indicator.code}"
        if _mend(row, kind, place, differences, points=correct, answered=answered):
            changed.append(row)
    IndicatorScore.objects.bulk_update(changed, ["points", "answered"])
    return rows


def _refresh_clusters(
    assessment: Assessment,
    kind: ScoreKind,
    indicators: Sequence[IndicatorScore],
    differences: list[Difference],
) -> list[ClusterScore]:
    points: defaultdict[int, list[Decimal]] = defaultdict(list)
    for indicator in indicators:
        points[indicator.indicator.cluster_id].append(indicator.points)
    rows = list(
        ClusterScore.objects.filter(assessment=assessment, kind=kind).select_related("cluster")
    )
    changed = []
    for row in rows:
        correct = scoring.capped(points[row.cluster_id], row.cluster.max_points).points
        if _mend(row, kind, f"cluster {row.cluster.code}", differences, points=correct):
            changed.append(row)
    ClusterScore.objects.bulk_update(changed, ["points"])
    return rows


def _refresh_total(
    assessment: Assessment,
    kind: ScoreKind,
    indicators: Sequence[IndicatorScore],
    clusters: Sequence[ClusterScore],
    bands: Sequence[scoring.PublishedBand],
    differences: list[Difference],
) -> None:
    maximum = assessment.instrument.max_points
    correct = scoring.capped((cluster.points for cluster in clusters), maximum).points
    standing = scoring.standing(correct, bands)
    row = TotalScore.objects.get(assessment=assessment, kind=kind)
    is_changed = _mend(
        row,
        kind,
        "total",
        differences,
        points=correct,
        predikat=standing.predikat or "",
        in_gap=standing.in_gap,
        answered=sum(indicator.answered for indicator in indicators),
    )
    if is_changed:
        row.save(update_fields=["points", "predikat", "in_gap", "answered"])


def _mend(
    row: IndicatorScore | ClusterScore | TotalScore,
    kind: ScoreKind,
    place: str,
    differences: list[Difference],
    **correct: Decimal | int | str,
) -> bool:
    """Set what is not as it should be, note each such value, and say whether there was any."""
    wrong = {name: value for name, value in correct.items() if getattr(row, name) != value}
    for name, value in wrong.items():
        where = place if name == "points" else f"{place} {name}"
        differences.append(Difference(kind.value, where, getattr(row, name), value))
        setattr(row, name, value)
    return bool(wrong)
