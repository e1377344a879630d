"""A form of a page does its deed once, however often it arrives."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cities.models import SentForm, User

KEPT_FOR = timedelta(days=7)


def claim(*, key: str, by: User, at: datetime) -> tuple[SentForm, bool]:
    """The row of this form, and whether it is new: only then may its deed be done.

    Must be called first in the transaction of the deed. Of several that arrive at once one goes
    on and the others wait here until its transaction has ended: it is theirs if it came to nothing.
    """
    try:
        with transaction.atomic():
            return SentForm.objects.create(user=by, key=key, at=at), True
    except IntegrityError:
        return SentForm.objects.get(user=by, key=key), False


def done(sent: SentForm, *, location: str) -> None:
    """Note where the answer of the deed led, for whoever sends the same form again."""
    sent.location = location
    sent.save(update_fields=["location"])


def release(sent: SentForm) -> None:
    """Give the form back: it was refused, and may be sent again."""
    sent.delete()


def sweep(*, at: datetime) -> int:
    """Forget forms that nobody will send again; return how many."""
    deleted, _by_model = SentForm.objects.filter(at__lt=at - KEPT_FOR).delete()
    return deleted
