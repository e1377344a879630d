"""What every letter of ours looks like before it is sent."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


def new_letter(*, subject: str, text: str, to: str, html: str = "") -> EmailMultiAlternatives:
    """A letter to one address, marked as written by a machine so that no absence note answers."""
    letter = EmailMultiAlternatives(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
        body=text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    if html:
        letter.attach_alternative(html, "text/html")
    return letter
