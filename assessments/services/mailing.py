"""The letters of notices, as the outbox sends them: one letter a person, each notice once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.models import Assessment, Notification
from outbox.composing import new_letter
from outbox.models import LetterKind
from outbox.sending import Clock, Outcome, Waiting, send_letters


def send_pending(*, now: Clock) -> Outcome:
    """Send each person one letter with everything that waits for them."""
    return send_letters(_Notices(), now=now)


class _Notices:
    """A `Mailbag`: each person is a letter, with all notices that wait for them.

    Signed once: `delivered` sets `emailed_at` of those notices, which takes them out of `to_mail`.
    """

    kind = LetterKind.NOTICES

    def __init__(self) -> None:
        self.written: dict[int, list[int]] = {}

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        people = Notification.objects.to_mail(at).order_by("user").values("user")
        newest = people.annotate(newest=Max("created_at"))
        for user, created_at in newest.values_list("user", "newest"):
            yield Waiting(user, created_at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        notices = list(
            Notification.objects.to_mail(at)
            .filter(user=subject)
            .select_related("user", "assessment__city")
            .order_by("assessment__city__name", "assessment", "created_at", "pk")
        )
        if not notices:
            return None
        self.written[subject] = [notice.pk for notice in notices]
        return _letter(notices)

    def delivered(self, subject: int, at: datetime) -> None:
        Notification.objects.filter(pk__in=self.written[subject]).update(emailed_at=at)


def _letter(notices: list[Notification]) -> EmailMessage:
    user = notices[0].user
    years: list[tuple[Assessment, list[Notification]]] = [
        (year, list(rows)) for year, rows in groupby(notices, lambda notice: notice.assessment)
    ]
    context = {"user": user, "years": years, "base_url": settings.KLA_BASE_URL}
    if len(notices) == 1:
        subject = notices[0].get_kind_display()
    else:
        subject = _("%(count)d pemberitahuan") % {"count": len(notices)}
    text = render_to_string("assessments/mail/notifications.txt", context)
    return new_letter(subject=subject, text=text, to=user.email)
