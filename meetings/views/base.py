"""What the pages of meetings share."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from cities.models import Membership
from meetings.models import Meeting


def meeting_or_404(member: Membership, pk: int) -> Meeting:
    visible = Meeting.objects.visible_to(member)
    return get_object_or_404(visible.select_related("city", "closed_by", "minutes_by"), pk=pk)
