"""What webhooks are sent: codes and addresses, never names or what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from api.choices import WebhookEvent


@dataclass(frozen=True, slots=True)
class EventData:
    """`questions` are codes; `due_on` is told of deadlines alone. `url` tells more, to a token."""

    city: str
    city_code: str
    year: int
    questions: list[str]
    due_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """`timestamp` is when it happened; the header `webhook-timestamp` is when it was sent."""

    type: WebhookEvent
    timestamp: datetime
    data: EventData
