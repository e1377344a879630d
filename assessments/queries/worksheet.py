"""The content of a year's working sheet."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils.timezone import localtime

from assessments.choices import AnswerState, Verdict
from assessments.models import Answer, Assessment, Assignment, Evidence
from assessments.worksheets.contents import (
    ClusterSheet,
    IndicatorBlock,
    QuestionRow,
    WorkingSheet,
)
from assessments.worksheets.layout import Identity
from cities.models import User
from figures.numbers import format_moment


def identity_of(assessment: Assessment) -> Identity:
    instrument = assessment.instrument
    return Identity(assessment.city.slug, assessment.year, instrument.code, instrument.checksum)


def working_sheet(assessment: Assessment, *, by: User, at: datetime) -> WorkingSheet:
    """Every question in the instrument's order. Three queries, whatever the size."""
    instrument = assessment.instrument
    return WorkingSheet(
        identity=identity_of(assessment),
        city=assessment.city.name,
        instrument=instrument.title,
        maximum=instrument.max_points,
        stage=assessment.get_stage_display(),
        exported_by=str(by),
        exported_at=format_moment(localtime(at, assessment.city.zone)),
        clusters=_clusters(assessment),
    )


def _clusters(assessment: Assessment) -> list[ClusterSheet]:
    answers = (
        Answer.objects.filter(assessment=assessment)
        .with_state()
        .select_related("question__indicator__cluster")
        .in_order()
    )
    holders, reasons = _holders(assessment), _reasons(assessment)
    clusters: dict[int, ClusterSheet] = {}
    indicators: dict[int, IndicatorBlock] = {}
    for answer in answers:
        indicator = answer.question.indicator
        cluster = indicator.cluster
        if cluster.pk not in clusters:
            clusters[cluster.pk] = ClusterSheet(cluster.label, cluster.name, cluster.max_points)
        if indicator.pk not in indicators:
            block = IndicatorBlock(indicator.code, indicator.name, indicator.max_points)
            indicators[indicator.pk] = block
            clusters[cluster.pk].indicators.append(block)
        row = _row(answer, holders[answer.pk], reasons[answer.pk])
        indicators[indicator.pk].questions.append(row)
    return list(clusters.values())


def _row(answer: Answer, holders: list[Assignment], reasons: list[str]) -> QuestionRow:
    question = answer.question
    return QuestionRow(
        code=question.code,
        text=question.text,
        maximum=question.max_points,
        claim=answer.claimed_points,
        granted=answer.granted_points,
        opds=tuple(holder.opd.code for holder in holders),
        has_lead=any(holder.is_lead for holder in holders),
        state=str(AnswerState(answer.state).label),
        reasons=tuple(reasons),
        note=answer.note,
    )


def _holders(assessment: Assessment) -> dict[int, list[Assignment]]:
    """Who holds each answer; who leads comes first."""
    holders: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(answer__assessment=assessment).select_related("opd"):
        holders[row.answer_id].append(row)
    return holders


def _reasons(assessment: Assessment) -> dict[int, list[str]]:
    """Why documents of each answer were sent back and wait to be mended."""
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    returned = Evidence.objects.current().filter(
        answer__assessment=assessment, verdict=Verdict.RETURNED
    )
    rows = returned.order_by("decided_at", "pk").values_list("answer", "document__title", "reason")
    for answer, title, reason in rows:
        reasons[answer].append(f"{title}: {reason}")
    return reasons
