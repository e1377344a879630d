"""What belongs to the account alone: its inbox, of all its cities."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from api.answers.own import NotificationEntry
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from assessments.choices import NotificationKind
from assessments.models import Notification


def _entries(notifications: Sequence[Notification]) -> list[NotificationEntry]:
    return [
        NotificationEntry(
            id=one.pk,
            city=one.assessment.city.slug,
            year=one.assessment.year,
            kind=NotificationKind(one.kind),
            text=one.text,
            url=one.url,
            created_at=one.created_at,
            read_at=one.read_at,
        )
        for one in notifications
    ]


def _notifications(call: Call) -> Page[NotificationEntry]:
    rows = Notification.objects.of(call.user).select_related("assessment__city")
    return page_of(call.request, rows, key="pk", shown=_entries)


notifications = resource(
    get=Endpoint(
        _notifications,
        _("Kotak masuk akun ini di semua kotanya"),
        returns=NotificationEntry,
        is_page=True,
    )
)
