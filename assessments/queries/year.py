"""The numbers of a city's page: totals, clusters, OPDs, pace, and what is to be done.

Points are on the instrument's scale. Totals, clusters and indicators are read from the
stored scores, so a number here is always the number that `scoring` gave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.choices import OFFICIAL_KINDS, AnswerState, ScoreKind
from assessments.models import Answer, Assessment, Assignment, Award, Comment, TotalScore
from assessments.queries.answer_points import AnswerFacts, answer_facts
from assessments.queries.opds import Held, OpdRow, held_by, led_by, opd_chart, opd_rows
from assessments.queries.pace import Pace, milestones, pace, pace_chart
from assessments.queries.record import CityRecord, record_of
from assessments.queries.review_backlog import ReviewBacklog, waiting, waiting_chart
from assessments.queries.scores import (
    ClusterRow,
    HeatRow,
    NumberedIndicator,
    cluster_chart,
    cluster_rows,
    heat_chart,
    heat_rows,
    indicator_chart,
    numbered_indicators,
)
from assessments.queries.weekly_activity import DeedCount, week, week_chart
from assessments.scoring import ZERO, PublishedBand
from figures.numbers import format_number
from figures.values import Cell, Chart, ChartColumn, Unit


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
    unit: str = ""  # what its numbers count, where those are not points


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
class LastYear:
    """The furthest total of the city's last year before this one.

    Its points compare with this year's only where `same_instrument` says so.
    """

    year: int
    kind: ScoreKind
    points: Decimal
    predikat: str
    same_instrument: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """What somebody has to do now."""

    documents_waiting: int
    questions_returned: int
    questions_late: int
    questions_without_lead: int
    questions_unanswered: int  # with a message of an OPD that nobody has answered


@dataclass(frozen=True, slots=True)
class YearStanding:
    """The totals of one year, what they reach, and the year before."""

    ladder: Ladder
    claimed: Standing
    evidenced: Standing
    official: tuple[ScoreKind, Standing] | None  # the furthest stage that has been entered
    last_year: LastYear | None


@dataclass(frozen=True, slots=True)
class YearBoard(YearStanding):
    """What decisions rest on: what is open, with whom, and what it is worth."""

    clusters: list[ClusterRow]
    opds: list[OpdRow]  # who holds most points back comes first
    pace: Pace
    waiting: ReviewBacklog
    states: Counter[str]
    left: dict[str, Decimal]  # points that are not proven yet, by state
    questions: int
    unled: int  # questions without a lead


@dataclass(frozen=True, slots=True)
class YearDashboard(YearBoard):
    """Everything that is told of one year, for paper."""

    indicators: list[NumberedIndicator]
    heat: list[HeatRow]
    week: list[DeedCount]
    actions: Actions


def year_standing(assessment: Assessment, record: CityRecord | None = None) -> YearStanding:
    """Where the city stands in one year: two queries, none where its record is given."""
    record = record or record_of(assessment.city)
    bands = assessment.bands()
    goal = assessment.goal(bands)
    totals = record.of(assessment)
    claimed = _standing(totals[ScoreKind.CLAIMED], bands, goal)
    evidenced = _standing(totals[ScoreKind.EVIDENCED], bands, goal)
    official = _official(totals, bands, goal)
    return YearStanding(
        ladder=Ladder(
            bands=bands,
            maximum=assessment.instrument.max_points,
            claimed=claimed.points,
            evidenced=evidenced.points,
            target_minimum=goal.minimum if goal else None,
            target_predikat=goal.predikat if goal else None,
            award=record.award_before(assessment.year),
            official=official[1].points if official else None,
            unit=assessment.instrument.unit,
        ),
        claimed=claimed,
        evidenced=evidenced,
        official=official,
        last_year=_last_year(record.before(assessment.year), assessment),
    )


def year_board(assessment: Assessment, record: CityRecord, *, today: date) -> YearBoard:
    """What decisions rest on. Five queries, whatever the size; OPDs have the questions they lead."""
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    return _board(assessment, record, facts, led_by(facts), today=today)


def _board(
    assessment: Assessment,
    record: CityRecord,
    facts: Mapping[int, AnswerFacts],
    held: Iterable[Held],
    *,
    today: date,
) -> YearBoard:
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in facts.values():
        left[one.state] += one.left
    return YearBoard(
        **_values(year_standing(assessment, record)),
        clusters=cluster_rows(assessment),
        opds=opd_rows(held, assessment.city.opds.all(), facts),
        pace=pace(assessment, milestones(assessment, facts), facts.keys(), today=today),
        waiting=waiting(assessment, today=today),
        states=Counter(one.state for one in facts.values()),
        left=left,
        questions=len(facts),
        unled=sum(one.lead is None for one in facts.values()),
    )


def year_dashboard(
    assessment: Assessment, *, today: date, record: CityRecord | None = None
) -> YearDashboard:
    """Everything of one year. Eleven queries, whatever the size; nine with the city's record."""
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    held = held_by(Assignment.objects.filter(answer__assessment=assessment))
    board = _board(assessment, record or record_of(assessment.city), facts, held, today=today)
    indicators = numbered_indicators(assessment)
    unanswered = Comment.objects.filter(answer__assessment=assessment).unanswered()
    return YearDashboard(
        **_values(board),
        indicators=indicators,
        heat=heat_rows(indicators, facts),
        week=week(assessment, today=today),
        actions=Actions(
            documents_waiting=board.waiting.total,
            questions_returned=board.states[AnswerState.RETURNED],
            questions_late=sum(one.late for one in facts.values()),
            questions_without_lead=board.unled,
            questions_unanswered=unanswered.aggregate(Count("answer", distinct=True))[
                "answer__count"
            ],
        ),
    )


def _values(standing: YearStanding) -> dict[str, Any]:
    return {one.name: getattr(standing, one.name) for one in fields(standing)}


def year_charts(dashboard: YearDashboard) -> dict[str, Chart]:
    """Every chart of the page by its key."""
    charts = (
        ladder_chart(dashboard),
        cluster_chart(dashboard.clusters),
        waiting_chart(dashboard.waiting),
        week_chart(dashboard.week),
        pace_chart(dashboard.pace),
        heat_chart(dashboard.heat),
        opd_chart(dashboard.opds),
        indicator_chart(dashboard.indicators),
    )
    return {chart.key: chart for chart in charts}


def shape_chart(clusters: Sequence[ClusterRow]) -> Chart:
    """The same figures as those of the clusters' bars, for their shape as a radar."""
    return replace(cluster_chart(clusters), key="bentuk", title=_("Bentuk capaian klaster"))


def ladder_chart(dashboard: YearStanding) -> Chart:
    """Every total on the ladder with what it is called and what it lacks."""
    named: list[tuple[str, Standing]] = [
        (str(ScoreKind.EVIDENCED.label), dashboard.evidenced),
        (str(ScoreKind.CLAIMED.label), dashboard.claimed),
    ]
    if dashboard.official:
        kind, standing = dashboard.official
        named.append((str(kind.label), standing))
    rows: list[tuple[Cell, ...]] = [
        (name, one.points, one.predikat, one.next_predikat, one.next_points, one.target_points)
        for name, one in named
    ]
    ladder, last = dashboard.ladder, dashboard.last_year
    if ladder.target_minimum is not None:
        rows.append((_("Target"), ladder.target_minimum, ladder.target_predikat, None, None, None))
    if last:
        name = _("Tahun %(year)d, %(kind)s") % {"year": last.year, "kind": last.kind.label}
        rows.append((name, last.points, last.predikat, None, None, None))
    if ladder.award:
        name = _("Penghargaan %(year)d") % {"year": ladder.award.year}
        rows.append((name, ladder.award.points, ladder.award.predikat, None, None, None))
    words = _("Terbukti %(evidenced)s dan diklaim %(claimed)s dari %(maximum)s %(unit)s.")
    return Chart(
        key="tangga",
        title=_("Tangga predikat"),
        sentence=words
        % {
            "evidenced": format_number(ladder.evidenced),
            "claimed": format_number(ladder.claimed),
            "maximum": format_number(ladder.maximum),
            "unit": ladder.unit,
        },
        columns=(
            ChartColumn(_("Total")),
            ChartColumn(_("Nilai"), Unit.POINTS),
            ChartColumn(_("Predikat")),
            ChartColumn(_("Predikat berikutnya")),
            ChartColumn(_("Kurang ke predikat berikutnya"), Unit.POINTS),
            ChartColumn(_("Kurang ke target"), Unit.POINTS),
        ),
        rows=rows,
    )


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
    totals: Mapping[str, TotalScore],
    bands: Sequence[PublishedBand],
    goal: PublishedBand | None,
) -> tuple[ScoreKind, Standing] | None:
    for kind in reversed(OFFICIAL_KINDS):
        if totals[kind].is_entered:
            return kind, _standing(totals[kind], bands, goal)
    return None


def _last_year(totals: Mapping[str, TotalScore], assessment: Assessment) -> LastYear | None:
    for kind in (*reversed(OFFICIAL_KINDS), ScoreKind.EVIDENCED):
        if kind in totals and (totals[kind].is_entered or kind == ScoreKind.EVIDENCED):
            row = totals[kind]
            return LastYear(
                year=row.assessment.year,
                kind=kind,
                points=row.points,
                predikat=row.predikat,
                same_instrument=row.assessment.instrument_id == assessment.instrument_id,
            )
    return None
