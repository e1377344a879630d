"""Freezing a year, and proving that what was frozen is still the same."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from assessments.choices import OFFICIAL_KINDS, Stage
from assessments.models import (
    Answer,
    Assessment,
    ClusterScore,
    Evidence,
    OfficialIndicatorScore,
    PointsRecord,
    Snapshot,
    StageScore,
    TotalScore,
    Waiver,
)
from cities.models import User

# 2: waivers, and who entered which official points of a question or an indicator, and why.
# What was frozen in an earlier format stays as it was; its checksum covers what it holds.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Damage:
    """A snapshot that is not as it was frozen."""

    snapshot: Snapshot
    what: str


def freeze(
    assessment: Assessment, *, left: Stage, entered: Stage, by: User, at: datetime
) -> Snapshot:
    """Record all that counts of a year. The caller holds the year in the same transaction."""
    last = assessment.snapshots.order_by("number").last()
    number = last.number + 1 if last else 1
    content = {
        "format": FORMAT,
        "number": number,
        "previous": last.checksum if last else None,
        "left": left.value,
        "stage": entered.value,
        "at": at.astimezone(UTC).isoformat(),
        "by": {"id": by.pk, "name": by.name},
        **_contents(assessment),
    }
    return Snapshot.objects.create(
        assessment=assessment,
        number=number,
        left=left,
        stage=entered,
        content=content,
        checksum=checksum(content),
        at=at,
        by=by,
    )


def checksum(content: dict[str, Any]) -> str:
    """The SHA-256 of the content as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def damaged() -> Iterator[Damage]:
    """Every snapshot whose content, columns or place in the row of its year was changed."""
    previous: Snapshot | None = None
    rows = Snapshot.objects.select_related("assessment__city").order_by("assessment", "number")
    for snapshot in rows.iterator(chunk_size=20):
        if previous is not None and previous.assessment_id != snapshot.assessment_id:
            previous = None
        yield from (Damage(snapshot, what) for what in _faults(snapshot, previous))
        previous = snapshot


def _faults(snapshot: Snapshot, previous: Snapshot | None) -> Iterator[str]:
    if checksum(snapshot.content) != snapshot.checksum:
        yield "isi tidak cocok dengan SHA-256-nya"
    columns = {
        "number": snapshot.number,
        "left": snapshot.left,
        "stage": snapshot.stage,
        "at": snapshot.at.astimezone(UTC).isoformat(),
    }
    told = {name: snapshot.content.get(name) for name in columns}
    author = snapshot.content.get("by") or {}
    if told != columns or author.get("id") != snapshot.by_id:
        yield "kolom tidak cocok dengan isi"
    expected = previous.checksum if previous else None
    if snapshot.content.get("previous") != expected:
        yield "rekaman sebelumnya hilang atau berubah"


def _contents(assessment: Assessment) -> dict[str, Any]:
    instrument = assessment.instrument
    return {
        "city": {"code": assessment.city.code, "name": assessment.city.name},
        "year": assessment.year,
        "instrument": {
            "code": instrument.code,
            "title": instrument.title,
            "checksum": instrument.checksum,
            "maximum": number(instrument.max_points),
            "measure": instrument.measure,
        },
        "band_table": str(assessment.band_table) if assessment.band_table else None,
        "totals": {
            row.kind: {
                "points": number(row.points),
                "predikat": row.predikat,
                "answered": row.answered,
            }
            for row in TotalScore.objects.filter(assessment=assessment).order_by("kind")
        },
        "clusters": _clusters(assessment),
        "official_indicators": _official_indicators(assessment),
        "answers": _answers(assessment),
    }


def _clusters(assessment: Assessment) -> list[dict[str, Any]]:
    points: defaultdict[int, dict[str, str | None]] = defaultdict(dict)
    for row in ClusterScore.objects.filter(assessment=assessment):
        points[row.cluster_id][row.kind] = number(row.points)
    return [
        {
            "code": cluster.code,
            "label": cluster.label,
            "name": cluster.name,
            "maximum": number(cluster.max_points),
            "points": points[cluster.pk],
        }
        for cluster in assessment.instrument.clusters.all()
    ]


def _official_indicators(assessment: Assessment) -> list[dict[str, Any]]:
    """What official stages gave an indicator as a whole."""
    rows = OfficialIndicatorScore.objects.filter(assessment=assessment)
    return [
        {
            "code": row.indicator.code,
            "kind": row.kind,
            "points": number(row.points),
            "why": row.why,
            "at": _moment(row.at),
            "by": row.by.name,
        }
        for row in rows.select_related("indicator", "by").order_by(
            "indicator__cluster__position", "indicator__position", "kind"
        )
    ]


def _official(assessment: Assessment) -> dict[int, list[dict[str, Any]]]:
    """What official stages gave each question, with the source of the figure that counts."""
    why: dict[tuple[int, str], str] = {}
    records = PointsRecord.objects.filter(answer__assessment=assessment, kind__in=OFFICIAL_KINDS)
    for answer_id, kind, source in records.order_by("pk").values_list("answer", "kind", "why"):
        why[answer_id, kind] = source
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    scores = StageScore.objects.filter(answer__assessment=assessment).select_related("entered_by")
    for score in scores.order_by("answer", "kind"):
        found[score.answer_id].append(
            {
                "kind": score.kind,
                "points": number(score.points),
                "why": why.get((score.answer_id, score.kind), ""),
                "at": _moment(score.entered_at),
                "by": score.entered_by.name,
            }
        )
    return found


def _waivers(assessment: Assessment) -> dict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Waiver.objects.filter(answer__assessment=assessment).select_related("kind", "by")
    for row in rows.order_by("kind__position", "pk"):
        found[row.answer_id].append(
            {
                "kind": row.kind.code,
                "name": row.kind.name,
                "reason": row.reason,
                "at": _moment(row.at),
                "by": row.by.name,
            }
        )
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _answers(assessment: Assessment) -> list[dict[str, Any]]:
    documents: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    offered = Evidence.objects.filter(answer__assessment=assessment)
    for evidence in offered.select_related("document__rendition", "kind").order_by(
        "offered_at", "pk"
    ):
        documents[evidence.answer_id].append(_document(evidence))
    official = _official(assessment)
    waivers = _waivers(assessment)
    answers = Answer.objects.filter(assessment=assessment).with_state().select_related("question")
    return [
        {
            "code": answer.question.code,
            "claimed": number(answer.claimed_points),
            "granted": number(answer.granted_points),
            "is_proven": answer.is_proven,
            "value": number(answer.value),
            "choice": answer.choice,
            "note": answer.note,
            "official": {row["kind"]: row["points"] for row in official[answer.pk]},
            "official_entries": official[answer.pk],
            "waivers": waivers[answer.pk],
            "documents": documents[answer.pk],
        }
        for answer in answers.in_order()
    ]


def _document(evidence: Evidence) -> dict[str, Any]:
    """`shown` is the SHA-256 of the rendition that people saw, None where there was none yet.

    Everybody of the city reads a frozen year, so of a sensitive link it holds only that its
    address can be proven: the SHA-256 of it.
    """
    document = evidence.document
    shown = document.preview
    told: dict[str, Any] = {
        "title": document.title,
        "sha256": document.sha256,
        "findings": document.findings,
        "shown": shown.sha256 if shown else None,
        "kind": evidence.kind.code,
        "verdict": evidence.verdict,
        "reason": evidence.reason,
    }
    if document.is_link:
        seen_on = document.seen_on.isoformat() if document.seen_on else None
        told["seen_on"] = seen_on
        if document.is_sensitive:
            told["address_sha256"] = hashlib.sha256(document.address.encode()).hexdigest()
        else:
            told["address"] = document.address
    return told


def number(value: Decimal | None) -> str | None:
    """Three decimals, always: what the database keeps, and the same text on every database."""
    return None if value is None else f"{value:.3f}"
