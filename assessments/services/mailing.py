"""Sending what is waiting to be mailed: one letter a person, each notice once."""

from __future__ import annotations

import logging
import smtplib
import uuid
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.models import Assessment, Notification
from cities.mailing import HOLD, REFUSED_LETTER, Outcome
from cities.models import User

logger = logging.getLogger(__name__)


def send_pending(*, at: datetime) -> Outcome:
    """Send each person one letter with everything that waits for them.

    No lock is held while the mail server is spoken to: each letter's notices are first
    taken by one short update, so two senders never hold the same ones. What could not be
    sent stays waiting and is logged; when the server itself fails, nobody else is tried.
    """
    people = list(
        Notification.objects.to_mail(at).order_by("user").values_list("user", flat=True).distinct()
    )
    if not people:
        return Outcome(sent=0, is_complete=True)
    connection = get_connection()
    sent, is_complete = 0, True
    try:
        connection.open()
        for user_id in people:
            try:
                sent += _send_to(user_id, connection, at=at)
            except REFUSED_LETTER:
                logger.exception("The mail server refused the letter to user %s", user_id)
                is_complete = False
    except (smtplib.SMTPException, OSError):
        logger.exception("Sending e-mail failed; what is left stays waiting")
        is_complete = False
    finally:
        connection.close()
    return Outcome(sent, is_complete)


def _send_to(user_id: int, connection: object, *, at: datetime) -> int:
    """Send one person's letter; 0 when somebody else is sending it or has sent it."""
    claim = uuid.uuid4()
    notices = _taken(user_id, claim, at=at)
    if not notices:
        return 0
    mine = Notification.objects.filter(held_by=claim)
    try:
        _letter(notices[0].user, notices, connection).send()
    except BaseException:
        mine.update(held_by=None, held_until=None)
        raise
    mine.update(emailed_at=at, held_by=None, held_until=None)
    return 1


def _taken(user_id: int, claim: uuid.UUID, *, at: datetime) -> list[Notification]:
    """The person's waiting notices, held for this sender alone."""
    waiting = list(
        Notification.objects.to_mail(at).filter(user=user_id).values_list("pk", flat=True)
    )
    # Conditions on the row itself: the database judges them anew once it has the row.
    free = Notification.objects.filter(
        Q(held_until=None) | Q(held_until__lte=at), pk__in=waiting, emailed_at=None
    )
    free.update(held_by=claim, held_until=at + HOLD)
    return list(
        Notification.objects.filter(held_by=claim)
        .select_related("user", "assessment__city")
        .order_by("assessment__city__name", "assessment", "created_at", "pk")
    )


def _letter(user: User, notices: list[Notification], connection: object) -> EmailMessage:
    years: list[tuple[Assessment, list[Notification]]] = [
        (year, list(rows)) for year, rows in groupby(notices, lambda notice: notice.assessment)
    ]
    context = {"user": user, "years": years, "base_url": settings.KLA_BASE_URL}
    if len(notices) == 1:
        subject = notices[0].get_kind_display()
    else:
        subject = _("%(count)d pemberitahuan") % {"count": len(notices)}
    return EmailMessage(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
        body=render_to_string("assessments/mail/notifications.txt", context),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,  # type: ignore[arg-type]  # a backend; its type is the setting's
    )
