"""What people and places have done outside of requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cities.services import reset_letters
from jobs.kinds import Clock, job


@job(_("Tautan untuk kata sandi baru"))
def send_reset_letters(*, now: Clock) -> None:
    reset_letters.send_reset_letters(now=now)
