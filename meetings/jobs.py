"""What meetings have done outside of requests."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cities.services.retention import kept_since, responsible_admin
from jobs.kinds import Clock, job
from meetings.services.retention import remove_names


@job(_("Masa simpan daftar hadir"), hold=timedelta(hours=2))
def remove_attendance_names(*, now: Clock) -> None:
    """Nothing where the installation keeps the lists."""
    at = now()
    until = kept_since("attendances", at=at)
    if until is not None:
        remove_names(until=until, by=responsible_admin(), at=at)
