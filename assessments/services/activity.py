"""The only writer of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from assessments.choices import TrailEvent
from assessments.models import Activity, Answer, Assessment
from assessments.services.years import lock
from cities import chain
from cities.address import current_address
from cities.models import User
from figures.numbers import format_points, format_ungrouped


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
) -> Activity:
    """Add one line to the trail of a year, in the transaction of the deed itself.

    `before` and `after` say what the deed changed, under the keys of `activity.CHANGED`.
    The line takes the year's lock, which most deeds hold already: no two lines can ever
    follow the same one, whoever calls.
    """
    lock(assessment.pk)
    last = (
        Activity.objects.filter(assessment=assessment)
        .order_by("-position")
        .values_list("position", "hash")
        .first()
    )
    position, previous_hash = last or (0, chain.START)
    activity = Activity(
        assessment=assessment,
        position=position + 1,
        answer=answer,
        deed=deed,
        detail=str(detail),  # a sentence still to be translated has no fingerprint
        before=_kept(before),
        after=_kept(after),
        by=by,
        at=at,
        address=current_address(),
        previous_hash=previous_hash,
    )
    activity.hash = chain.digest(activity.line)
    activity.save(force_insert=True)
    return activity


def change(before: Decimal | None, after: Decimal | None) -> str:
    return f"{format_points(before)} → {format_points(after)}"


def _kept(values: Mapping[str, object] | None) -> dict[str, object]:
    return {key: _plain(value) for key, value in (values or {}).items()}


def _plain(value: object) -> object:
    """What JSON gives back as it was put in, on every database: no number is a fraction."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return format_ungrouped(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)
