"""Tokens with which other systems act for a person, and what was answered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from api.choices import Scope, WebhookEvent
from cities.models import City


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive_at(self, at: datetime) -> Self:
        """Those that open something. What ends all sessions of a person ends their tokens too."""
        ended = F("user__sessions_ended_at")
        return self.filter(
            Q(user__sessions_ended_at=None) | Q(created_at__gt=ended),
            revoked_at=None,
            expires_at__gt=at,
            user__is_active=True,
        )


class ApiToken(models.Model):
    """A token of a person or of a service account; of the token itself only its SHA-256.

    `made_by` is the person themselves or, of a service account, an administrator of its city.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("akun"),
    )
    name = models.CharField(_("nama"), max_length=100)
    scope = models.CharField(_("kewenangan"), max_length=10, choices=Scope.choices)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    ending = models.CharField(_("karakter terakhir"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("dibuat pada"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever gave a system its key stays named
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )
    expires_at = models.DateTimeField(_("berlaku sampai"))
    last_used_at = models.DateTimeField(_("terakhir dipakai"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("token")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="api_token_known_scope", condition=Q(scope__in=Scope.values)
            ),
            models.CheckConstraint(
                name="api_token_ends_after_it_began", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_write(self) -> bool:
        return self.scope == Scope.WRITE


class KeptAnswer(models.Model):
    """What a deed was answered with, for whoever sends the same request again.

    `key` is the `Idempotency-Key`; `request` the SHA-256 of method, path and body.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+", verbose_name=_("token"))
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    etag = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("jawaban tersimpan")
        verbose_name_plural = _("jawaban tersimpan")
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="api_keptanswer_once_per_key")
        ]
        indexes = [models.Index(fields=["at"], name="api_keptanswer_by_age")]

    def __str__(self) -> str:
        return self.key


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def active(self) -> Self:
        return self.filter(paused_at=None)


class Webhook(models.Model):
    """The address of another system of a city that is told of events, and what it asked for."""

    city = models.ForeignKey(
        City, models.CASCADE, related_name="webhooks", verbose_name=_("kabupaten/kota")
    )
    url = models.CharField(_("alamat"), max_length=500)
    events = models.JSONField(_("peristiwa"))  # values of WebhookEvent
    secret = models.CharField(_("rahasia"), max_length=200, editable=False)  # sealed
    created_at = models.DateTimeField(_("dibuat pada"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever sent news of the city elsewhere stays named
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )
    paused_at = models.DateTimeField(_("dijeda pada"), null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhook")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "url"],
                name="api_webhook_once_per_address",
                violation_error_message=_("Alamat ini sudah terdaftar."),
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[str]:
        return [str(one.label) for one in WebhookEvent if one.value in self.events]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(delivered_at=None, parked_at=None)

    def due(self, at: datetime) -> Self:
        """Those that go out now. Of a paused webhook they wait until it goes on."""
        return self.waiting().filter(next_try_at__lte=at, webhook__paused_at=None)


class Delivery(models.Model):
    """One event for one webhook: written with the deed, kept until its time is over.

    `uuid` is its `webhook-id`: the same however often it is sent, so that its receiver can tell.
    """

    webhook = models.ForeignKey(
        Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.CharField(_("peristiwa"), max_length=30, choices=WebhookEvent.choices)
    key = models.CharField(_("kunci"), max_length=200)  # nothing is told twice under it
    body = models.TextField(_("isi"))
    created_at = models.DateTimeField(_("terjadi pada"))
    next_try_at = models.DateTimeField(_("dicoba mulai"))
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    status = models.PositiveSmallIntegerField(_("kode HTTP"), null=True, blank=True)
    fault = models.TextField(_("sebab"), blank=True)
    delivered_at = models.DateTimeField(_("terkirim pada"), null=True, blank=True)
    parked_at = models.DateTimeField(_("dihentikan pada"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengiriman webhook")
        verbose_name_plural = _("pengiriman webhook")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="api_delivery_once"),
            models.CheckConstraint(
                name="api_delivery_known_event", condition=Q(event__in=WebhookEvent.values)
            ),
            models.CheckConstraint(
                name="api_delivery_delivered_or_parked",
                condition=Q(delivered_at=None) | Q(parked_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="api_delivery_waiting",
                condition=Q(delivered_at=None, parked_at=None),
            ),
            models.Index(fields=["created_at"], name="api_delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.uuid}"
