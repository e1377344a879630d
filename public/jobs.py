"""What the public page has done outside of requests."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cities.services.retention import kept_since, responsible_admin
from jobs.kinds import Clock, job
from public.services import retention


@job(_("Masa simpan pesan warga"), hold=timedelta(hours=2))
def remove_messages(*, now: Clock) -> None:
    """Nothing where the installation keeps them, or where none is old enough."""
    at = now()
    until = kept_since("messages", at=at)
    if until is not None and retention.messages_until(until).exists():
        retention.remove_messages(until=until, by=responsible_admin(), at=at)
