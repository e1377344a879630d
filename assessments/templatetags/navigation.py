"""What the head of a page tells and where its navigation leads."""

from __future__ import annotations

from django import template

from assessments.models import Assessment, Notification
from cities.models import Membership, User

register = template.Library()


@register.simple_tag
def unread_count(user: User) -> int:
    """How many notices a person has not read; for the header of every page."""
    return Notification.objects.of(user).unread().count()


@register.simple_tag
def current_year(member: Membership, assessment: Assessment | None) -> Assessment | None:
    """The year a city page is about, else the one the city works on; for the navigation."""
    return assessment or Assessment.objects.current(member.city)
