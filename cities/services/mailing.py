"""The letters of invitations, as the outbox sends them, and the letters that failed for reading."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Invitation, InvitationState, Membership, User
from cities.models.invitation import VALID_FOR, fingerprint
from outbox.composing import new_letter
from outbox.models import Letter, LetterKind
from outbox.sending import Clock, Outcome, Waiting, send_letters, try_once


def send_invitations(*, now: Clock, only: Collection[Invitation] | None = None) -> Outcome:
    """Send each waiting invitation, or those of `only`, with a link made for this letter.

    Called right after the deed, so that people get their letter at once, and by
    `send_reminders`, which makes up for a mail server that was away.
    """
    return send_letters(_Invitations(only), now=now)


def with_letters(
    invitations: Iterable[Invitation], *, at: datetime
) -> list[tuple[Invitation, InvitationState, Letter | None]]:
    """Each invitation with its state and, where its letter failed, the letter; one query."""
    rows = list(invitations)
    letters = Letter.objects.failed_of(LetterKind.INVITATION, [row.pk for row in rows])
    return [(row, row.state_at(at), letters.get(row.pk)) for row in rows]


def with_failed_notices(
    memberships: Iterable[Membership], *, at: datetime
) -> list[tuple[Membership, Letter | None, bool]]:
    """Each member with the letter of notices that failed and whether it was given up; one query."""
    rows = list(memberships)
    letters = Letter.objects.failed_of(LetterKind.NOTICES, [row.user_id for row in rows])
    found = [(row, letters.get(row.user_id)) for row in rows]
    return [(row, one, one is not None and one.is_given_up(at)) for row, one in found]


def send_test_letter(*, to: User) -> str | None:
    """None once the mail server took a letter to the person who asked, else why it did not."""
    sentence = _("%(name)s mengirim surat ini untuk menguji server e-mail KLA di %(url)s.")
    facts = {"name": to.name, "url": settings.KLA_BASE_URL}
    return try_once(new_letter(subject=_("Surat uji"), text=sentence % facts, to=to.email))


class _Invitations:
    """A `Mailbag`: each invitation is a letter. Its link exists only in the letter itself.

    Signed once: `delivered` sets `sent_at`, which takes the row out of `to_mail`.
    """

    kind = LetterKind.INVITATION

    def __init__(self, only: Collection[Invitation] | None) -> None:
        self.only = None if only is None else [invitation.pk for invitation in only]
        self.marks: dict[int, str] = {}

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        rows = Invitation.objects.to_mail(at)
        if self.only is not None:
            rows = rows.filter(pk__in=self.only)
        for pk, invited_at in rows.order_by("pk").values_list("pk", "invited_at"):
            yield Waiting(pk, invited_at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        token = secrets.token_urlsafe(32)
        mark = fingerprint(token)
        # Conditions on the row itself: the database judges them anew once it has the row.
        if not Invitation.objects.to_mail(at).filter(pk=subject).update(token_hash=mark):
            return None
        self.marks[subject] = mark
        rows = Invitation.objects.select_related("city", "opd", "invited_by")
        return _letter(rows.get(pk=subject), token, at + VALID_FOR)

    def delivered(self, subject: int, at: datetime) -> None:
        # Sent again or revoked meanwhile, the row has another mark and is left alone.
        mine = Invitation.objects.filter(pk=subject, token_hash=self.marks[subject])
        mine.update(sent_at=at, expires_at=at + VALID_FOR)


def _letter(invitation: Invitation, token: str, expires_at: datetime) -> EmailMessage:
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
    return new_letter(subject=subject, text=text, html=html, to=invitation.email)
