"""Sending what webhooks are told, again after growing pauses, and never for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from api.models import Delivery, Webhook
from api.outgoing import UnreachedError, post
from api.services.events import SEND
from api.services.webhooks import unsealed
from api.signing import signed_headers
from cities.models import User
from cities.permissions import held_city
from cities.roles import Permission
from cities.sealing import SealedElsewhereError
from cities.services.retention import kept_since
from jobs.running import ask
from texts.languages import deed

Clock = Callable[[], datetime]

# After the first failure, the second …; after the last one nothing is sent by itself.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
TRIES = len(PAUSES) + 1
BATCH = 30  # in one run of the job, far below what it is held for
BROKEN_IN_A_ROW = 3  # so many that failed one after the other: the rest waits for the next run


def send_due(webhook_id: int, *, now: Clock) -> int:
    """Send what is due for one webhook, the oldest first; return how many arrived.

    Only the worker that holds the job of the webhook is here. One that dies after the answer sends
    the same once more, under the same `webhook-id`.
    """
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        return 0
    sent = broken = 0
    for delivery in webhook.deliveries.due(now()).order_by("created_at", "pk")[:BATCH]:
        arrived = _try(delivery, webhook, now=now)
        sent += arrived
        broken = 0 if arrived else broken + 1
        if broken == BROKEN_IN_A_ROW:
            break
    return sent


def ask_for_due(*, at: datetime) -> None:
    """Have a job for each webhook for which something is due."""
    due = Delivery.objects.due(at).order_by("webhook").values_list("webhook", flat=True)
    for pk in due.distinct():
        with transaction.atomic():
            ask(SEND, pk, at=at)


@deed
def resend(*, delivery: Delivery, by: User, at: datetime) -> None:
    """Begin anew with one that was parked or has arrived, under the same `webhook-id`.

    Raises PermissionDenied, ValidationError (`waiting`, `paused`).
    """
    webhook = delivery.webhook
    held_city(webhook.city, by=by, permission=Permission.MANAGE_MEMBERS)
    if webhook.paused_at is not None:
        raise ValidationError(_lazy("Webhook ini dijeda. Lanjutkan dahulu."), code="paused")
    done = Delivery.objects.filter(pk=delivery.pk).exclude(delivered_at=None, parked_at=None)
    if not done.update(
        next_try_at=at, attempts=0, delivered_at=None, parked_at=None, status=None, fault=""
    ):
        raise ValidationError(
            _lazy("Pengiriman ini masih berjalan; tunggu hasilnya."), code="waiting"
        )
    ask(SEND, webhook.pk, at=at)


def forget_old(*, at: datetime) -> int:
    """Delete deliveries older than `KLA_KEEP_DELIVERIES_YEARS` says; return how many."""
    until = kept_since("deliveries", at=at)
    return 0 if until is None else remove_deliveries(until=until)


def deliveries_until(moment: datetime) -> QuerySet[Delivery]:
    """Those of events at that moment or before, also such as still wait."""
    return Delivery.objects.filter(created_at__lte=moment)


def remove_deliveries(*, until: datetime) -> int:
    deleted, _by_model = deliveries_until(until).delete()
    return deleted


def _try(delivery: Delivery, webhook: Webhook, *, now: Clock) -> bool:
    """One request, and what came of it. No lock is held while the other system is spoken to."""
    body = delivery.body.encode()
    status, fault = None, ""
    try:
        headers = signed_headers(
            unsealed(webhook),
            message_id=str(delivery.uuid),
            timestamp=int(now().timestamp()),
            body=body,
        )
        headers |= {"Content-Type": "application/json", "User-Agent": "KLA-Webhook/1"}
        status = post(webhook.url, body, headers, is_local=settings.IS_LOCAL)
    except UnreachedError as error:
        fault = str(error)
    except SealedElsewhereError:
        fault = _("Rahasianya tidak terbaca lagi. Perbarui rahasia webhook ini.")
    if status is not None and not 200 <= status < 300:
        fault = _refusal(status)
    _note(delivery, status, fault, at=now())
    return not fault


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return _("Sistem itu mengalihkan ke alamat lain, yang tidak diikuti.")
    if status >= 500:
        return _("Sistem itu sedang terganggu.")
    return _("Sistem itu menolak pengiriman ini.")


def _note(delivery: Delivery, status: int | None, fault: str, *, at: datetime) -> None:
    attempts = delivery.attempts + 1
    is_last = attempts >= TRIES
    changes: dict[str, object] = {"attempts": attempts, "status": status, "fault": fault}
    if not fault:
        changes["delivered_at"] = at
    elif is_last:
        changes["parked_at"] = at
    else:
        changes["next_try_at"] = at + PAUSES[attempts - 1]
    Delivery.objects.filter(pk=delivery.pk).waiting().update(**changes)
