"""Tokens in the administration: to look up, never to edit."""

from __future__ import annotations

from django.contrib import admin

from api.models import ApiToken, Delivery, Webhook
from texts.searching import searched
from trail.admin import ReadOnly


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "user", "scope", "created_at", "expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = searched("name", "user__name")
    exclude = ["digest"]


@admin.register(Webhook)
class WebhookAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["url", "city", "created_at", "paused_at"]
    list_select_related = ["city"]
    search_fields = searched("url", "city__name")
    exclude = ["secret"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["event", "webhook", "created_at", "attempts", "delivered_at", "parked_at"]
    list_select_related = ["webhook"]
    list_filter = ["event"]
