"""What a person does with what they were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.choices import NotificationKind
from assessments.models import Notification, NotificationPreference
from assessments.services.notifications import Channels, default_channels
from cities.models import User
from texts.languages import deed


def mark_read(*, notification: Notification, at: datetime) -> None:
    """Remember when it was read first; a second time changes nothing."""
    Notification.objects.filter(pk=notification.pk).unread().update(read_at=at)


def mark_all_read(*, by: User, at: datetime) -> int:
    """Mark everything that has come up to this moment and return how many that were."""
    return Notification.objects.of(by).unread().filter(created_at__lte=at).update(read_at=at)


@deed
def set_preferences(*, chosen: Mapping[NotificationKind, Channels], by: User) -> None:
    """Store how a person wants to hear of each kind; the usual way needs no row."""
    NotificationPreference.objects.filter(user=by, kind__in=chosen).delete()
    NotificationPreference.objects.bulk_create(
        NotificationPreference(user=by, kind=kind, in_app=ways.in_app, email=ways.email)
        for kind, ways in chosen.items()
        if ways != default_channels(kind)
    )
