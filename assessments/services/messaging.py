"""Reminders that go out by WhatsApp: one message a person, each notice once, within their limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from assessments.models import Notification, WhatsappConsent
from outbox.gateways import TextMessage, configured
from outbox.models import LetterKind
from outbox.sending import Clock, Outcome, Waiting, send_letters

LONGEST = 700  # characters; a place in a template holds 1,024


def send_messages(*, now: Clock) -> Outcome:
    """Send each person who agreed one message with all that waits; nothing without a gateway."""
    gateway = configured()
    if gateway is None:
        return Outcome()
    return send_letters(_Messages(), now=now, gateway=gateway)


class _Messages:
    """A `Mailbag`: each person is a message, with all reminders that wait for them.

    Signed once: `delivered` sets `messaged_at`, which takes them out of `to_message`. The limit is
    asked again when the message is written, once it is held.
    """

    kind = LetterKind.WHATSAPP

    def __init__(self) -> None:
        self.written: dict[int, list[int]] = {}

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        people = Notification.objects.to_message(at).order_by("user").values("user")
        newest = people.annotate(newest=Max("created_at"))
        for user, created_at in newest.values_list("user", "newest"):
            yield Waiting(user, created_at)

    def compose(self, subject: int, at: datetime) -> TextMessage | None:
        consent = WhatsappConsent.objects.filter(user=subject).first()
        waiting = Notification.objects.to_message(at).filter(user=subject)
        notices = list(waiting.order_by("-created_at", "-pk"))
        if consent is None or not notices or _sent_today(subject, at) >= consent.most_a_day:
            return None
        self.written[subject] = [notice.pk for notice in notices]
        is_one = len(notices) == 1
        where = notices[0].url if is_one else reverse("assessments:inbox")
        return TextMessage(
            to=consent.number,
            sentence=" ".join(notice.text for notice in notices)[:LONGEST],
            url=f"{settings.KLA_BASE_URL}{where}",
        )

    def delivered(self, subject: int, at: datetime) -> None:
        Notification.objects.filter(pk__in=self.written[subject]).update(messaged_at=at)


def _sent_today(user_id: int, at: datetime) -> int:
    """How many messages have gone to a person on this day of the site; one is one moment."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Notification.objects.filter(user=user_id, messaged_at__gte=midnight)
    return sent.order_by().values("messaged_at").distinct().count()
