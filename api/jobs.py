"""What the interface has done outside of requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from api.services import deliveries, kept
from jobs.kinds import Clock, job


@job(_("Jawaban antarmuka yang lama"))
def forget_answers(*, now: Clock) -> None:
    kept.forget(at=now())


@job(_("Pengiriman webhook"))
def send_webhook(webhook_id: int, *, now: Clock) -> None:
    deliveries.send_due(webhook_id, now=now)


@job(_("Webhook yang menunggu"))
def ask_for_webhooks(*, now: Clock) -> None:
    deliveries.ask_for_due(at=now())


@job(_("Pengiriman webhook yang lama"))
def forget_deliveries(*, now: Clock) -> None:
    deliveries.forget_old(at=now())
