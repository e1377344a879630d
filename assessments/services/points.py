"""The record of every points that a question ever had: written beside the value itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from assessments.choices import ScoreKind
from assessments.models import Answer, PointsRecord
from cities.models import User


def keep_points(
    rows: Iterable[tuple[Answer, Decimal | None]],
    *,
    kind: ScoreKind,
    why: str,
    by: User,
    at: datetime,
) -> None:
    """Note what each answer is now worth, in the transaction that makes it so.

    For our review, `kind` is EVIDENCED: what it granted, whether proven already or not.
    """
    PointsRecord.objects.bulk_create(
        PointsRecord(answer=answer, kind=kind, points=points, why=why, by=by, at=at)
        for answer, points in rows
    )
