"""Addresses of other systems that are told of events: registered by an administrator of the city."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from api.choices import WebhookEvent
from api.models import Webhook
from api.outgoing import clean_target
from api.services.events import SEND
from api.signing import new_webhook_secret
from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.sealing import seal, unseal
from cities.services.activity import NewEntry, record
from jobs.running import ask
from texts.languages import deed

MOST = 10  # of one city
PURPOSE = b"kla.webhook"  # what its secret is sealed for


@deed
def create_webhook(
    *, city: City, url: str, events: Collection[str], by: User, at: datetime
) -> tuple[Webhook, str]:
    """The second value is the secret itself, shown once.

    Raises PermissionDenied, ValidationError (`events`, `taken`, `too_many`, and as `clean_target`).
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    url, events = clean_target(url, is_local=settings.IS_LOCAL), _known(events)
    registered = Webhook.objects.filter(city=city)
    if registered.filter(url=url).exists():
        raise ValidationError(
            _lazy("Alamat ini sudah terdaftar. Ubah peristiwanya pada webhook itu."), code="taken"
        )
    if registered.count() >= MOST:
        raise ValidationError(
            _lazy("Paling banyak %(most)d webhook. Hapus yang tidak dipakai."),
            code="too_many",
            params={"most": MOST},
        )
    secret = new_webhook_secret()
    webhook = Webhook.objects.create(
        city=city,
        url=url,
        events=events,
        secret=seal(secret, PURPOSE),
        created_at=at,
        made_by=by,
    )
    after = {"kind": _labels(webhook)}
    _record(CityTrailEvent.WEBHOOK_CREATED, webhook, by=by, at=at, after=after)
    return webhook, secret


@deed
def choose_events(*, webhook: Webhook, events: Collection[str], by: User, at: datetime) -> Webhook:
    """Raises PermissionDenied, ValidationError (`events`)."""
    webhook = _held(webhook, by=by)
    before = {"kind": _labels(webhook)}
    webhook.events = _known(events)
    after = {"kind": _labels(webhook)}
    if before != after:
        webhook.save(update_fields=["events"])
        _record(CityTrailEvent.WEBHOOK_CHANGED, webhook, by=by, at=at, before=before, after=after)
    return webhook


@deed
def renew_secret(*, webhook: Webhook, by: User, at: datetime) -> str:
    """The new secret, shown once; the old one signs nothing from now on. Raises PermissionDenied."""
    webhook = _held(webhook, by=by)
    secret = new_webhook_secret()
    webhook.secret = seal(secret, PURPOSE)
    webhook.save(update_fields=["secret"])
    after = {"note": _("Rahasia diperbarui")}
    _record(CityTrailEvent.WEBHOOK_CHANGED, webhook, by=by, at=at, after=after)
    return secret


@deed
def pause(*, webhook: Webhook, by: User, at: datetime) -> None:
    """What happens meanwhile waits. A second time changes nothing. Raises PermissionDenied."""
    webhook = _held(webhook, by=by)
    if webhook.paused_at is None:
        _set_paused(webhook, at, by=by, at=at)


@deed
def resume(*, webhook: Webhook, by: User, at: datetime) -> None:
    """Send what has waited. A second time changes nothing. Raises PermissionDenied."""
    webhook = _held(webhook, by=by)
    if webhook.paused_at is not None:
        _set_paused(webhook, None, by=by, at=at)
        ask(SEND, webhook.pk, at=at)


@deed
def delete_webhook(*, webhook: Webhook, by: User, at: datetime) -> None:
    """With its deliveries, also those that wait. Raises PermissionDenied."""
    webhook = _held(webhook, by=by)
    before = {"kind": _labels(webhook)}
    _record(CityTrailEvent.WEBHOOK_REMOVED, webhook, by=by, at=at, before=before)
    webhook.delete()


def unsealed(webhook: Webhook) -> str:
    """The secret, to sign with. Raises SealedElsewhereError."""
    return unseal(webhook.secret, PURPOSE)


def _held(webhook: Webhook, *, by: User) -> Webhook:
    city = held_city(webhook.city, by=by, permission=Permission.MANAGE_MEMBERS)
    return Webhook.objects.select_related("city").get(pk=webhook.pk, city=city)


def _set_paused(webhook: Webhook, paused_at: datetime | None, *, by: User, at: datetime) -> None:
    before, webhook.paused_at = webhook.paused_at, paused_at
    webhook.save(update_fields=["paused_at"])
    words = {True: _("Dijeda"), False: _("Aktif")}
    _record(
        CityTrailEvent.WEBHOOK_CHANGED,
        webhook,
        by=by,
        at=at,
        before={"state": words[before is not None]},
        after={"state": words[paused_at is not None]},
    )


def _known(events: Collection[str]) -> list[str]:
    chosen = [one.value for one in WebhookEvent if one.value in events]
    if not chosen or len(chosen) != len(set(events)):
        raise ValidationError(_lazy("Pilih paling sedikit satu peristiwa."), code="events")
    return chosen


def _labels(webhook: Webhook) -> str:
    return ", ".join(webhook.event_labels)


def _record(
    event: CityTrailEvent,
    webhook: Webhook,
    *,
    by: User,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    entry = NewEntry(event, webhook.url, before=before or {}, after=after or {})
    record(entry, city=webhook.city, by=by, at=at)
