"""Stages and snapshots of a year, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from api.answers.stages import (
    AllowedAction,
    FrozenAnswer,
    FrozenCluster,
    FrozenDocument,
    FrozenOfficial,
    FrozenTotal,
    FrozenWaiver,
    SnapshotDetail,
    SnapshotEntry,
    StageDeed,
    StageEntry,
    YearStages,
)
from assessments.choices import ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import Assessment, Snapshot
from assessments.services.snapshots import checksum
from assessments.stages import ACTION_LABELS, STAGE_ACTIONS, STAGE_DEEDS, StageAction, preceding


def year_stages(assessment: Assessment) -> YearStages:
    """As their page; one query."""
    current = Stage(assessment.stage)
    past = preceding(current)
    deeds = assessment.activities.filter(deed__in=STAGE_DEEDS).select_related("by")
    return YearStages(
        current=current,
        sentence=assessment.standing_sentence,
        stages=[
            StageEntry(
                stage=stage,
                name=str(stage.label),
                is_current=stage == current,
                is_past=stage in past,
                actions=[
                    AllowedAction(action, str(ACTION_LABELS[action]))
                    for action in StageAction
                    if action in STAGE_ACTIONS[stage]
                ],
            )
            for stage in Stage
        ],
        history=[
            StageDeed(TrailEvent(one.deed), one.get_deed_display(), one.detail, one.at, one.by.name)
            for one in deeds
        ],
    )


def snapshot_entries(snapshots: Sequence[Snapshot]) -> list[SnapshotEntry]:
    """Without a query."""
    return [
        SnapshotEntry(
            number=one.number,
            left=Stage(one.left),
            left_name=one.get_left_display(),
            stage=Stage(one.stage),
            stage_name=one.get_stage_display(),
            at=one.at,
            by=one.by.name,
            checksum=one.checksum,
        )
        for one in snapshots
    ]


def snapshot_detail(snapshot: Snapshot) -> SnapshotDetail:
    """What its page shows; without a query."""
    content = snapshot.content
    [entry] = snapshot_entries([snapshot])
    totals = content["totals"]
    return SnapshotDetail(
        snapshot=entry,
        is_intact=checksum(content) == snapshot.checksum,
        instrument=content["instrument"]["code"],
        instrument_title=content["instrument"]["title"],
        totals=[_total(kind, totals[kind]) for kind in ScoreKind],
        clusters=[_cluster(row) for row in content["clusters"]],
        answers=[_answer(row) for row in content["answers"]],
        official=[*_official(content)],
    )


def _total(kind: ScoreKind, row: dict[str, Any]) -> FrozenTotal:
    return FrozenTotal(kind, Decimal(row["points"]), row["predikat"], row["answered"])


def _cluster(row: dict[str, Any]) -> FrozenCluster:
    return FrozenCluster(
        code=row["code"],
        label=row["label"],
        name=row["name"],
        maximum=Decimal(row["maximum"]),
        claimed=_points(row["points"].get(ScoreKind.CLAIMED)),
        evidenced=_points(row["points"].get(ScoreKind.EVIDENCED)),
    )


def _answer(row: dict[str, Any]) -> FrozenAnswer:
    """Snapshots of the first format hold no waivers."""
    return FrozenAnswer(
        code=row["code"],
        claimed=_points(row["claimed"]),
        granted=_points(row["granted"]),
        documents=[_document(one) for one in row["documents"]],
        waivers=[
            FrozenWaiver(one["kind"], one["name"], one["reason"], one["by"])
            for one in row.get("waivers", ())
        ],
    )


def _document(row: dict[str, Any]) -> FrozenDocument:
    """The day on which a page was seen stands on the page with its address alone."""
    link, seen_on = row.get("address"), row.get("seen_on")
    return FrozenDocument(
        title=row["title"],
        kind=row["kind"],
        verdict=Verdict(row["verdict"]),
        link=link,
        seen_on=date.fromisoformat(seen_on) if link and seen_on else None,
    )


def _official(content: dict[str, Any]) -> Iterator[FrozenOfficial]:
    """Nothing of snapshots that were frozen before they told of it."""
    for row in content.get("official_indicators", ()):
        yield _given(row, indicator=row["code"])
    for answer in content["answers"]:
        for row in answer.get("official_entries", ()):
            yield _given(row, question=answer["code"])


def _given(
    row: dict[str, Any], *, question: str | None = None, indicator: str | None = None
) -> FrozenOfficial:
    return FrozenOfficial(
        question=question,
        indicator=indicator,
        kind=ScoreKind(row["kind"]),
        points=Decimal(row["points"]),
        source=row["why"],
        by=row["by"],
    )


def _points(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)
