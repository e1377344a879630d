"""The link for a forgotten password: ordered in the request, made and sent behind it.

The order is stored, the token is not: it comes into being in the letter itself. Whether the
address has an account, the request does the same work and takes the same time: for an unknown
address it orders a letter to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cities.emails import comparable
from cities.models import User
from jobs.running import ask
from outbox.composing import new_letter
from outbox.models import Letter, LetterKind
from outbox.sending import Clock, Outcome, Waiting, is_set_up, send_letters
from texts.languages import deed

NOBODY = 0  # the subject of a letter that goes nowhere
# So long whoever asked may still wait; then they have asked again.
WORTH_SENDING = timedelta(hours=1)


@deed
def order_reset_letter(*, email: str, at: datetime) -> None:
    """Let a link for a new password go to this address, if an active account has it.

    Anybody may ask. Without a mail server nothing is ordered.
    """
    if not is_set_up():
        return
    owner = User.objects.filter(email__iexact=comparable(email), is_active=True, service_since=None)
    subject = owner.values_list("pk", flat=True).first() or NOBODY
    order = Letter(kind=LetterKind.RESET, subject=subject, ordered_at=at)
    Letter.objects.bulk_create(
        [order],
        update_conflicts=True,
        unique_fields=["kind", "subject"],
        update_fields=["ordered_at"],
    )
    ask("cities.jobs.send_reset_letters", at=at)


def send_reset_letters(*, now: Clock) -> Outcome:
    """Send the links that were ordered within the hour; older orders are dropped."""
    return send_letters(_ResetLetters(), now=now)


class _ResetLetters:
    """A `Mailbag`: each account is a letter, and its row in the outbox is the order.

    A row that a late sender makes anew carries no order, so nothing is sent twice.
    """

    kind = LetterKind.RESET

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        orders = Letter.objects.filter(kind=self.kind, ordered_at__isnull=False)
        orders.filter(ordered_at__lte=at - WORTH_SENDING).delete()
        for order in orders.order_by("ordered_at"):
            if order.ordered_at is not None:
                yield Waiting(order.subject, order.ordered_at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        orders = Letter.objects.of(self.kind, subject)
        user = User.objects.filter(pk=subject, is_active=True).first()
        if user is None or not orders.filter(ordered_at__gt=at - WORTH_SENDING).exists():
            return None
        return _letter(user)

    def delivered(self, subject: int, at: datetime) -> None:
        """The row goes with its order."""


def _letter(user: User) -> EmailMessage:
    path = reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(user), default_token_generator.make_token(user)],
    )
    context = {
        "password_reset_url": f"{settings.KLA_BASE_URL}{path}",
        "current_site": {"domain": urlsplit(settings.KLA_BASE_URL).netloc},
    }
    subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
    text = render_to_string("account/email/password_reset_key_message.txt", context).strip()
    return new_letter(subject=subject, text=text, to=user.email)
