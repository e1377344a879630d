from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from assessments.choices import Deed
from assessments.models import Activity, Answer, Assessment
from cities.models import User


def record(
    deed: Deed,
    *,
    assessment: Assessment,
    by: User,
    at: datetime,
    answer: Answer | None = None,
    detail: str = "",
) -> Activity:
    """Add one line to the history of a year, in the transaction of the deed itself."""
    return Activity.objects.create(
        assessment=assessment, answer=answer, deed=deed, detail=detail, by=by, at=at
    )


def shown(points: Decimal | None) -> str:
    """Points as people write them, without trailing zeros: 0,66 and 12; – for none."""
    return "–" if points is None else f"{points.normalize():f}".replace(".", ",")


def change(before: Decimal | None, after: Decimal | None) -> str:
    return f"{shown(before)} → {shown(after)}"
