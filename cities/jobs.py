"""What people and places have done outside of requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cities.services import email_changes, reset_letters
from jobs.kinds import Clock, job


@job(_("Tautan untuk kata sandi baru"))
def send_reset_letters(*, now: Clock) -> None:
    reset_letters.send_reset_letters(now=now)


@job(_("Surat tentang perubahan alamat e-mail"))
def send_email_changes(*, now: Clock) -> None:
    email_changes.send_email_changes(now=now)
