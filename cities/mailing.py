"""Sending the letters of invitations; what could not be sent stays waiting."""

from __future__ import annotations

import logging
import secrets
import smtplib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Invitation
from cities.models.invitation import VALID_FOR, fingerprint

logger = logging.getLogger(__name__)

# Long enough for one letter. A sender that dies in between gives the rest free by itself.
HOLD = timedelta(minutes=10)

# The server refused this one letter; the next may well be taken.
REFUSED_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many letters went out, and whether some that should have did not."""

    sent: int
    is_complete: bool


def send_invitations(*, at: datetime, only: Collection[Invitation] | None = None) -> Outcome:
    """Send each waiting invitation, or those of `only`, with a link made for this letter.

    Called right after the deed, so that people get their letter at once, and by
    `send_reminders`, which makes up for a mail server that was away. No lock is held while it
    is spoken to.
    """
    waiting = Invitation.objects.to_mail(at)
    if only is not None:
        waiting = waiting.filter(pk__in=[invitation.pk for invitation in only])
    invitations = list(waiting.select_related("city", "opd", "invited_by").order_by("pk"))
    if not invitations:
        return Outcome(sent=0, is_complete=True)
    connection = get_connection()
    sent, is_complete = 0, True
    try:
        connection.open()
        for invitation in invitations:
            try:
                sent += _send(invitation, connection, at=at)
            except REFUSED_LETTER:
                logger.exception("The mail server refused invitation %s", invitation.pk)
                is_complete = False
    except (smtplib.SMTPException, OSError):
        logger.exception("Sending invitations failed; what is left stays waiting")
        is_complete = False
    finally:
        connection.close()
    return Outcome(sent, is_complete)


def _send(invitation: Invitation, connection: Any, *, at: datetime) -> int:
    """Send one letter; 0 when somebody else is sending it or has sent it."""
    token = secrets.token_urlsafe(32)
    mark = fingerprint(token)
    # Conditions on the row itself: the database judges them anew once it has the row.
    free = Invitation.objects.to_mail(at).filter(pk=invitation.pk)
    if not free.update(token_hash=mark, held_until=at + HOLD):
        return 0
    # Sent again or revoked meanwhile, the row has another mark and is left alone.
    mine = Invitation.objects.filter(pk=invitation.pk, token_hash=mark)
    expires_at = at + VALID_FOR
    try:
        _letter(invitation, token, expires_at, connection).send()
    except BaseException:
        mine.update(held_until=None)
        raise
    mine.update(sent_at=at, expires_at=expires_at, held_until=None)
    return 1


def _letter(
    invitation: Invitation, token: str, expires_at: datetime, connection: Any
) -> EmailMultiAlternatives:
    path = reverse("cities:invitation_accept", args=[token])
    context = {
        "invitation": invitation,
        "url": f"{settings.KLA_BASE_URL}{path}",
        "expires_at": expires_at,
        "base_url": settings.KLA_BASE_URL,
    }
    subject = _("Undangan bergabung dengan %(city)s") % {"city": invitation.city.name}
    with timezone.override(invitation.city.zone):
        text = render_to_string("cities/mail/invitation.txt", context)
        html = render_to_string("cities/mail/invitation.html", context)
    letter = EmailMultiAlternatives(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
        body=text,
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    letter.attach_alternative(html, "text/html")
    return letter
