"""Where a city stands in one year.

Points are on the instrument's scale. Totals, clusters and indicators are read from the
stored scores, so a number here is always the number that `scoring` gave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assessments import scoring
from assessments.choices import OFFICIAL_KINDS, AnswerState, ScoreKind
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Award,
    ClusterScore,
    Evidence,
    IndicatorScore,
    TotalScore,
    is_late,
)
from assessments.scoring import PublishedBand
from cities.models import Opd

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the band ladder draws."""

    bands: Sequence[PublishedBand]
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal
    target_minimum: Decimal | None
    target_predikat: str | None
    award: Award | None
    official: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One total with what it reaches and what is missing to more."""

    points: Decimal
    predikat: str
    in_gap: bool
    answered: int
    next_predikat: str | None
    next_points: Decimal | None
    target_points: Decimal | None  # missing to the city's target; 0 once reached


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


@dataclass(slots=True)
class OpdRow:
    """An OPD's questions by state; `held` are the points it leads that are not proven yet."""

    opd: Opd
    questions: int = 0
    states: Counter[str] = field(default_factory=Counter)
    late: int = 0
    held: Decimal = ZERO

    @property
    def accepted(self) -> int:
        return self.states[AnswerState.ACCEPTED]

    @property
    def waiting(self) -> int:
        return self.states[AnswerState.WAITING]

    @property
    def returned(self) -> int:
        return self.states[AnswerState.RETURNED]

    @property
    def untouched(self) -> int:
        return self.states[AnswerState.EMPTY] + self.states[AnswerState.ANSWERED]


@dataclass(frozen=True, slots=True)
class Actions:
    """What somebody has to do now."""

    documents_waiting: int
    questions_returned: int
    questions_late: int
    questions_without_lead: int


@dataclass(frozen=True, slots=True)
class YearDashboard:
    ladder: Ladder
    claimed: Standing
    evidenced: Standing
    official: tuple[ScoreKind, Standing] | None  # the furthest stage that has been entered
    clusters: list[ClusterRow]
    indicators: list[NumberedIndicator]
    opds: list[OpdRow]
    states: Counter[str]
    questions: int
    actions: Actions


def year_dashboard(assessment: Assessment, *, today: date) -> YearDashboard:
    """Where the city stands in one year. Eight queries, whatever the size."""
    bands = assessment.bands()
    goal = assessment.goal(bands)
    totals = {row.kind: row for row in TotalScore.objects.filter(assessment=assessment)}
    claimed = _standing(totals[ScoreKind.CLAIMED], bands, goal)
    evidenced = _standing(totals[ScoreKind.EVIDENCED], bands, goal)
    official = _official(totals, bands, goal)
    award = Award.objects.filter(city=assessment.city, year__lt=assessment.year).first()
    answers = _answer_facts(assessment, today)
    holders = list(Assignment.objects.filter(answer__assessment=assessment).select_related("opd"))
    led = {assignment.answer_id for assignment in holders if assignment.is_lead}
    states = Counter(answer.state for answer in answers.values())
    return YearDashboard(
        ladder=Ladder(
            bands=bands,
            maximum=assessment.instrument.max_points,
            claimed=claimed.points,
            evidenced=evidenced.points,
            target_minimum=goal.minimum if goal else None,
            target_predikat=goal.predikat if goal else None,
            award=award,
            official=official[1].points if official else None,
        ),
        claimed=claimed,
        evidenced=evidenced,
        official=official,
        clusters=_cluster_rows(assessment),
        indicators=_numbered_indicators(assessment),
        opds=_opd_rows(holders, answers),
        states=states,
        questions=len(answers),
        actions=Actions(
            documents_waiting=Evidence.objects.waiting()
            .filter(answer__assessment=assessment)
            .count(),
            questions_returned=states[AnswerState.RETURNED],
            questions_late=sum(answer.late for answer in answers.values()),
            questions_without_lead=len(answers.keys() - led),
        ),
    )


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    state: str
    late: bool
    left: Decimal  # points of the question that are not proven yet


_FACTS = ("pk", "state", "due_on", "question__max_points", "granted_points", "is_proven")


def _answer_facts(assessment: Assessment, today: date) -> dict[int, AnswerFacts]:
    rows = (
        Answer.objects.filter(assessment=assessment).with_state().with_due_on().values_list(*_FACTS)
    )
    return {
        pk: AnswerFacts(
            state=state,
            late=is_late(state, due_on, today),
            left=maximum - (granted if proven and granted else ZERO),
        )
        for pk, state, due_on, maximum, granted, proven in rows
    }


def _standing(
    total: TotalScore, bands: Sequence[PublishedBand], goal: PublishedBand | None
) -> Standing:
    reached = scoring.standing(total.points, bands)
    return Standing(
        points=total.points,
        predikat=total.predikat,
        in_gap=total.in_gap,
        answered=total.answered,
        next_predikat=reached.next.predikat if reached.next else None,
        next_points=reached.next.points_needed if reached.next else None,
        target_points=max(goal.minimum - total.points, ZERO) if goal else None,
    )


def _official(
    totals: dict[str, TotalScore], bands: Sequence[PublishedBand], goal: PublishedBand | None
) -> tuple[ScoreKind, Standing] | None:
    for kind in reversed(OFFICIAL_KINDS):
        if totals[kind].answered:
            return kind, _standing(totals[kind], bands, goal)
    return None


def _cluster_rows(assessment: Assessment) -> list[ClusterRow]:
    scores = ClusterScore.objects.filter(
        assessment=assessment, kind__in=[ScoreKind.CLAIMED, ScoreKind.EVIDENCED]
    )
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


def _numbered_indicators(assessment: Assessment) -> list[NumberedIndicator]:
    scores = IndicatorScore.objects.filter(
        assessment=assessment, kind__in=[ScoreKind.CLAIMED, ScoreKind.EVIDENCED]
    )
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
                code=indicator.code,
                name=indicator.name,
                maximum=indicator.max_points,
                claimed=points[pk][ScoreKind.CLAIMED],
                evidenced=points[pk][ScoreKind.EVIDENCED],
            )
        )
    return list(numbered.values())


def _opd_rows(assignments: Iterable[Assignment], answers: dict[int, AnswerFacts]) -> list[OpdRow]:
    rows: dict[int, OpdRow] = {}
    for assignment in assignments:
        row = rows.setdefault(assignment.opd_id, OpdRow(assignment.opd))
        facts = answers[assignment.answer_id]
        row.questions += 1
        row.states[facts.state] += 1
        row.late += facts.late
        if assignment.is_lead:  # points belong to one OPD only
            row.held += facts.left
    return sorted(rows.values(), key=lambda row: (-row.held, row.opd.name))
