"""A person's own agreement to be reminded by WhatsApp; nobody gives it for anybody else."""

from __future__ import annotations

from datetime import datetime

from assessments.models import WhatsappConsent
from cities.models import User


def agree_to_whatsapp(*, number: str, most_a_day: int, by: User, at: datetime) -> None:
    """Remember the number (E.164) and limit at which the person wants to be reminded."""
    said = {"number": number, "most_a_day": most_a_day, "agreed_at": at}
    WhatsappConsent.objects.update_or_create(user=by, defaults=said)


def withdraw_from_whatsapp(*, by: User) -> None:
    """Forget the number; what still waits for it is not sent any more."""
    WhatsappConsent.objects.filter(user=by).delete()
