"""Which documents wait for a member's decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

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
    offered = Evidence.objects.visible_to(member).filter(answer__assessment=assessment)
    queue = offered.waiting().not_belonging_to(member.user).filter(condition)
    if beside is not None:
        # Joined to the queue, not looked up apart: its neighbours are those of its own position.
        queue |= offered.filter(pk=beside.pk)
    return queue.order_by(*order)
