"""The history of a question's points: claimed, granted, and by official stage."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.choices import OFFICIAL_KINDS, ScoreKind
from assessments.models import Answer, PointsRecord

KINDS = (ScoreKind.CLAIMED, ScoreKind.EVIDENCED, *OFFICIAL_KINDS)


@dataclass(frozen=True, slots=True)
class KindColumn:
    """One kind of points with the record that holds now; None where there never was any."""

    kind: ScoreKind
    is_official: bool
    latest: PointsRecord | None


@dataclass(frozen=True, slots=True)
class PointsHistory:
    columns: list[KindColumn]
    records: list[PointsRecord]  # all of them, newest first


def points_history(answer: Answer) -> PointsHistory:
    """Every points that a question ever had, in one query."""
    records = list(answer.points_records.select_related("by"))
    latest: dict[str, PointsRecord] = {}
    for record in records:
        latest.setdefault(record.kind, record)
    columns = [KindColumn(kind, kind in OFFICIAL_KINDS, latest.get(kind)) for kind in KINDS]
    return PointsHistory(columns, records)
