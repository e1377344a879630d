"""Which documents wait for a member's decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from assessments.choices import Verdict
from assessments.models import Assessment, Evidence
from cities.models import Membership


def review_queue_of(
    member: Membership,
    assessment: Assessment,
    *,
    condition: Q,
    order: Sequence[Any],
    beside: Evidence | None = None,
) -> QuerySet[Evidence]:
    """The undecided documents that the member may decide on, narrowed and ordered.

    `beside` stays in its place whatever became of it, so that whoever looks at it finds
    the way on even when somebody else has just decided.
    """
    own = Q(document__uploaded_by=member.user) | Q(offered_by=member.user)
    waiting = Q(verdict=Verdict.WAITING, superseded_by=None) & ~own & condition
    if beside is not None:
        waiting |= Q(pk=beside.pk)
    return (
        Evidence.objects.visible_to(member)
        .filter(waiting, answer__assessment=assessment)
        .order_by(*order)
    )
