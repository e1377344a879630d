"""One indicator of a year: its questions by stage, the effect of its maximum, earlier years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.choices import OFFICIAL_KINDS, AnswerState, DocumentState, ScoreKind
from assessments.models import (
    Answer,
    AnswerQuerySet,
    Assessment,
    DocumentCount,
    Evidence,
    StageScore,
)
from assessments.queries.trend import TrendYear, trend, trend_chart
from assessments.scoring import ZERO
from clusters.models import Indicator
from figures.values import Chart, ChartColumn, Unit


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; `official` has a value for each stage of the page, None where it has none.

    `proven` are the granted points where an accepted document makes them count.
    """

    answer: Answer
    late: bool
    proven: Decimal | None
    official: list[tuple[ScoreKind, Decimal | None]]
    documents: Counter[str]  # in force, by DocumentState

    @property
    def offered(self) -> int:
        return self.documents.total()

    @property
    def accepted(self) -> int:
        return self.documents[DocumentState.ACCEPTED]

    @property
    def waiting(self) -> int:
        """Undecided ones, whether or not the scanner has seen them."""
        return self.documents[DocumentState.WAITING] + self.documents[DocumentState.UNSCANNED]

    @property
    def returned(self) -> int:
        return self.documents[DocumentState.RETURNED]


@dataclass(frozen=True, slots=True)
class Cap:
    """What the questions could bring together, and the most that the indicator counts.

    `sums` are the points of all questions before the cap, with what of them counts.
    """

    questions: Decimal
    maximum: Decimal
    sums: list[tuple[ScoreKind, Decimal, Decimal]]

    @property
    def bites(self) -> bool:
        return self.questions > self.maximum


@dataclass(frozen=True, slots=True)
class IndicatorDashboard:
    """`cap` and `years` tell of the whole indicator and are only for who may see it whole."""

    indicator: Indicator
    stages: list[ScoreKind]  # the official ones that gave any of these questions points
    rows: list[QuestionRow]
    cap: Cap | None
    years: list[TrendYear]


def indicator_dashboard(
    assessment: Assessment,
    indicator: Indicator,
    answers: AnswerQuerySet,
    *,
    sees_whole: bool,
    today: date,
) -> IndicatorDashboard:
    """The given answers of the indicator, in at most six queries."""
    stages, rows = _rows(answers, today)
    years = trend(assessment, indicator) if sees_whole else []
    now = next((one for one in years if one.year == assessment.year), None)
    return IndicatorDashboard(
        indicator=indicator,
        stages=stages,
        rows=rows,
        cap=_cap(indicator, rows, now) if now else None,
        years=years,
    )


def year_indicators(assessment: Assessment, *, today: date) -> list[IndicatorDashboard]:
    """Every indicator of the year with all its questions, without cap and trend; three queries."""
    answers = Answer.objects.filter(assessment=assessment).select_related("question__indicator")
    stages, rows = _rows(answers, today)
    found: dict[int, IndicatorDashboard] = {}
    for row in rows:
        indicator = row.answer.question.indicator
        empty = IndicatorDashboard(indicator, stages, rows=[], cap=None, years=[])
        found.setdefault(indicator.pk, empty).rows.append(row)
    return list(found.values())


def _rows(answers: AnswerQuerySet, today: date) -> tuple[list[ScoreKind], list[QuestionRow]]:
    found = list(
        answers.with_state().with_due_on().select_related("question", "assessment__city").in_order()
    )
    official: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    for pk, kind, points in StageScore.objects.filter(answer__in=found).values_list(
        "answer", "kind", "points"
    ):
        official[pk][kind] = points
    documents: defaultdict[int, Counter[str]] = defaultdict(Counter)
    counts = DocumentCount.objects.filter(answer__in=found)
    for pk, state, number in counts.values_list("answer", "state", "number"):
        documents[pk][state] += number
    entered = {kind for given in official.values() for kind in given}
    stages = [kind for kind in OFFICIAL_KINDS if kind in entered]
    rows = [
        QuestionRow(
            answer=answer,
            late=answer.is_late(today),
            proven=answer.proven_points,
            official=[(kind, official[answer.pk].get(kind)) for kind in stages],
            documents=documents[answer.pk],
        )
        for answer in found
    ]
    return stages, rows


class DocumentsInOrder:
    """The documents of these questions as a paginator takes them: by question, then the newest first.

    Of a page only the documents of the questions that its places fall upon are put in order.
    """

    def __init__(self, rows: Sequence[QuestionRow]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return sum(row.offered for row in self.rows)

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self[: len(self)])

    def __getitem__(self, places: slice) -> QuerySet[Evidence]:
        start, end = places.start or 0, places.stop
        before, skipped, answers = 0, 0, []
        for row in self.rows:
            if before + row.offered <= start:
                skipped += row.offered
            elif before < end:
                answers.append(row.answer)
            before += row.offered
        found = Evidence.objects.current().filter(answer__in=answers)
        ordered = found.order_by("answer__question__position", "-offered_at", "pk")
        shown = ordered.select_related("document__city", "kind", "answer__question")
        return shown[start - skipped : end - skipped]


def _cap(indicator: Indicator, rows: Sequence[QuestionRow], now: TrendYear) -> Cap:
    sums: dict[ScoreKind, Decimal] = {
        ScoreKind.CLAIMED: sum((row.answer.claimed_points or ZERO for row in rows), ZERO),
        ScoreKind.EVIDENCED: sum((row.proven or ZERO for row in rows), ZERO),
    }
    for kind in OFFICIAL_KINDS:
        sums[kind] = sum((dict(row.official).get(kind) or ZERO for row in rows), ZERO)
    return Cap(
        questions=sum((row.answer.question.max_points for row in rows), ZERO),
        maximum=indicator.max_points,
        sums=[(kind, sums[kind], now.points[kind]) for kind in ScoreKind if kind in now.points],
    )


def indicator_charts(dashboard: IndicatorDashboard) -> dict[str, Chart]:
    """Every chart of the page by its key; no trend for who sees only single questions."""
    charts = [questions_chart(dashboard)]
    if dashboard.years:
        charts.append(trend_chart(dashboard.years))
    return {chart.key: chart for chart in charts}


def questions_chart(dashboard: IndicatorDashboard) -> Chart:
    words = _("%(count)d pertanyaan, %(accepted)d sudah diterima.")
    done = sum(row.answer.state == AnswerState.ACCEPTED for row in dashboard.rows)
    return Chart(
        key="pertanyaan",
        title=_("Pertanyaan dan nilai setiap tahap"),
        sentence=words % {"count": len(dashboard.rows), "accepted": done},
        columns=(
            ChartColumn(_("Kode")),
            ChartColumn(_("Pertanyaan")),
            ChartColumn(_("Keadaan")),
            ChartColumn(_("Maksimum"), Unit.POINTS),
            ChartColumn(str(ScoreKind.CLAIMED.label), Unit.POINTS),
            ChartColumn(str(ScoreKind.EVIDENCED.label), Unit.POINTS),
            *(ChartColumn(str(kind.label), Unit.POINTS) for kind in dashboard.stages),
            ChartColumn(_("Dokumen diterima"), Unit.COUNT),
            ChartColumn(_("Dokumen menunggu"), Unit.COUNT),
            ChartColumn(_("Dokumen dikembalikan"), Unit.COUNT),
        ),
        rows=[
            (
                row.answer.question.code,
                row.answer.question.text,
                str(AnswerState(row.answer.state).label),
                row.answer.question.max_points,
                row.answer.claimed_points,
                row.proven,
                *(given for _stage, given in row.official),
                row.accepted,
                row.waiting,
                row.returned,
            )
            for row in dashboard.rows
        ],
    )
