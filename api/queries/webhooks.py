"""The webhooks of a city, and what was sent to them."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from api.models import Webhook
from cities.models import City


def webhooks_of(city: City) -> QuerySet[Webhook]:
    """Each with `waiting`, `parked` and `last_delivered_at`; one query."""
    waiting = Q(deliveries__delivered_at=None, deliveries__parked_at=None)
    return (
        Webhook.objects.filter(city=city)
        .annotate(
            waiting=Count("deliveries", filter=waiting & Q(deliveries__isnull=False)),
            parked=Count("deliveries", filter=Q(deliveries__parked_at__isnull=False)),
            last_delivered_at=Max("deliveries__delivered_at"),
        )
        .order_by("created_at", "pk")
    )
