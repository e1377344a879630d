"""What goes into the trail of a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.choices import TrailEvent
from assessments.models import Activity, Answer, Assessment
from assessments.services.years import lock
from cities.models import User
from figures.numbers import format_points
from trail.writing import append


def record(
    deed: TrailEvent,
    *,
    assessment: Assessment,
    by: User,
    at: datetime,
    answer: Answer | None = None,
    detail: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add one entry to the trail of a year, in the transaction of what it tells of.

    `before` and `after` say what was changed, under the keys of `Activity.LABELS`. Packages above
    hear of it in the same transaction: the setting KLA_TRAIL_LISTENERS names their functions.
    """
    entry = Activity(
        assessment=assessment,
        answer=answer,
        deed=deed,
        detail=str(detail),  # a sentence still to be translated has no hash
        before=before or {},
        after=after or {},
        by=by,
        at=at,
    )
    append([entry], to=assessment.activities.all(), lock=lambda: lock(assessment.pk))
    for path in settings.KLA_TRAIL_LISTENERS:
        import_string(path)(entry)


def change(before: Decimal | None, after: Decimal | None) -> str:
    return f"{format_points(before)} → {format_points(after)}"
