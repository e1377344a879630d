"""A year as the interface tells of it, from what the dashboards read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from api.answers.years import (
    AwardEntry,
    ClusterEntry,
    HistoryEntry,
    IndicatorEntry,
    OfficialTotal,
    OpdEntry,
    Total,
    YearEntry,
    YearTotals,
)
from assessments.choices import AnswerState, ScoreKind, Stage
from assessments.models import Answer, Assessment, Assignment
from assessments.queries.answer_points import answer_facts
from assessments.queries.history import HistoryYear, years_of
from assessments.queries.opds import held_by, opd_rows
from assessments.queries.overview import year_overview
from assessments.queries.record import record_of
from assessments.queries.scores import ClusterRow, cluster_rows, numbered_indicators
from assessments.queries.year import Standing, YearStanding
from cities.models import City


def year_entry(assessment: Assessment) -> YearEntry:
    return YearEntry(
        year=assessment.year,
        instrument=assessment.instrument.code,
        stage=Stage(assessment.stage),
        stage_name=assessment.get_stage_display(),
        deadline=assessment.deadline,
        evidence_from=assessment.evidence_from,
        evidence_to=assessment.evidence_to,
        target=assessment.target.predikat if assessment.target else None,
    )


def year_totals(assessment: Assessment, *, today: date) -> YearTotals:
    """What the first page of the year and that of its clusters show; seven queries."""
    overview = year_overview(assessment, today=today)
    standing = overview.standing
    return YearTotals(
        year=year_entry(assessment),
        maximum=standing.ladder.maximum,
        questions=overview.questions,
        states={str(state): overview.states[state] for state in AnswerState},
        claimed=total(standing.claimed),
        evidenced=total(standing.evidenced),
        official=official_total(standing),
        clusters=cluster_entries(cluster_rows(assessment)),
    )


def cluster_entries(rows: Iterable[ClusterRow]) -> list[ClusterEntry]:
    return [
        ClusterEntry(row.code, row.label, row.name, row.maximum, row.claimed, row.evidenced)
        for row in rows
    ]


def official_total(standing: YearStanding) -> OfficialTotal | None:
    found = standing.official
    return OfficialTotal(found[0], total(found[1])) if found else None


def indicator_entries(assessment: Assessment) -> list[IndicatorEntry]:
    """In the instrument's order, one query."""
    return [
        IndicatorEntry(
            code=row.code,
            number=one.number,
            cluster=one.cluster,
            name=row.name,
            maximum=row.maximum,
            claimed=row.claimed,
            evidenced=row.evidenced,
        )
        for one in numbered_indicators(assessment)
        for row in one.rows
    ]


def opd_entries(assessment: Assessment, *, today: date) -> list[OpdEntry]:
    """As the page of the year's OPDs; three queries."""
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    held = held_by(Assignment.objects.filter(answer__assessment=assessment))
    return [
        OpdEntry(
            code=row.opd.code,
            name=row.opd.name,
            questions=row.questions,
            late=row.late,
            states={str(state): row.states[state] for state in AnswerState},
            maximum=row.maximum,
            claimed=row.claimed,
            evidenced=row.proven,
        )
        for row in opd_rows(held, assessment.city.opds.all(), facts)
    ]


def history_entries(city: City) -> list[HistoryEntry]:
    """As the page of its years, the newest first; two queries."""
    return [_history(one) for one in reversed(years_of(record_of(city)))]


def _history(one: HistoryYear) -> HistoryEntry:
    instrument = one.assessment.instrument if one.assessment else None
    award = one.award
    return HistoryEntry(
        year=one.year,
        instrument=instrument.code if instrument else None,
        maximum=instrument.max_points if instrument else None,
        totals={str(kind): one.totals[kind].points for kind in ScoreKind if kind in one.totals},
        furthest=ScoreKind(one.furthest.kind) if one.furthest else None,
        predikat=one.furthest.predikat if one.furthest else "",
        award=AwardEntry(award.predikat, award.points, award.source) if award else None,
    )


def total(standing: Standing) -> Total:
    return Total(
        points=standing.points,
        predikat=standing.predikat,
        answered=standing.answered,
        next_predikat=standing.next_predikat,
        to_next=standing.next_points,
        to_target=standing.target_points,
    )
