"""How a year goes, as the interface tells of it, from what its pages read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from api.answers.figures import (
    AwardedYear,
    LeadershipDecision,
    LeadershipSheet,
    PaceDay,
    PaceForecast,
    RemainingEntry,
    Waiting,
    WaitingGroup,
    YearPace,
)
from api.queries.years import cluster_entries, official_total, total, year_entry
from assessments.models import Answer, Assessment
from assessments.pace import Unknown
from assessments.queries.answer_points import answer_facts
from assessments.queries.history import years_of
from assessments.queries.leadership import AWARDS, Decision, Matter, decisions
from assessments.queries.pace import changed_days, forecast_sentence, milestones, pace
from assessments.queries.record import record_of
from assessments.queries.review_backlog import waiting
from assessments.queries.scores import heat_rows, numbered_indicators
from assessments.queries.year import YearBoard, year_board


def year_pace(assessment: Assessment, *, today: date) -> YearPace:
    """As its page; three queries."""
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    shown = pace(assessment, milestones(assessment, facts), facts.keys(), today=today)
    undecided = waiting(assessment, today=today)
    known = shown.known
    return YearPace(
        questions=shown.total,
        deadline=shown.deadline,
        days=[PaceDay(*one) for one in changed_days(shown)],
        forecast=PaceForecast(Decimal(f"{known.rate:.1f}"), known.expected, known.low, known.high)
        if known
        else None,
        unknown=shown.forecast if isinstance(shown.forecast, Unknown) else None,
        sentence=forecast_sentence(shown),
        waiting=Waiting(
            undecided.total,
            undecided.oldest,
            [WaitingGroup(group.label, group.count) for group in undecided.groups],
        ),
    )


def remaining_entries(assessment: Assessment, *, today: date) -> list[RemainingEntry]:
    """As the page of what remains, in the instrument's order; two queries."""
    facts = answer_facts(Answer.objects.filter(assessment=assessment), today)
    return [
        RemainingEntry(
            code=row.code,
            name=row.name,
            left=row.left,
            states={str(cell.state): cell.points for cell in row.cells},
        )
        for row in heat_rows(numbered_indicators(assessment), facts)
    ]


def leadership_sheet(assessment: Assessment, *, today: date) -> LeadershipSheet:
    """What the sheet of its leaders shows; eight queries."""
    record = record_of(assessment.city)
    board = year_board(assessment, record, today=today)
    awards = [one.award for one in reversed(years_of(record)) if one.award][:AWARDS]
    return LeadershipSheet(
        year=year_entry(assessment),
        days_left=assessment.days_left(today),
        unit=board.ladder.unit,
        maximum=board.ladder.maximum,
        evidenced=total(board.evidenced),
        claimed=total(board.claimed),
        official=official_total(board),
        decisions=[_decision(one, board) for one in decisions(assessment, board, today=today)],
        clusters=cluster_entries(board.clusters),
        awards=[AwardedYear(one.year, one.predikat) for one in awards],
    )


def _decision(one: Decision, board: YearBoard) -> LeadershipDecision:
    codes = {str(row.opd.pk): row.opd.code for row in board.opds}
    return LeadershipDecision(
        matter=one.matter,
        title=one.title,
        fact=one.fact,
        opd=codes[one.subject] if one.matter == Matter.OPD else None,
        cluster=one.subject if one.matter == Matter.CLUSTER else None,
    )
