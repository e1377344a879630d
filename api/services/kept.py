"""A deed that was asked for twice under one `Idempotency-Key` is done once and answered twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from api.models import ApiToken, KeptAnswer

KEPT_FOR = timedelta(days=1)


def kept_answer(*, token: ApiToken, key: str) -> KeptAnswer | None:
    """What was answered under the key, if its deed is done."""
    return KeptAnswer.objects.filter(token=token, key=key).first()


def claim(*, token: ApiToken, key: str, request: str, at: datetime) -> tuple[KeptAnswer, bool]:
    """The row of this key, and whether it is new: only then may its deed be done.

    Must be called first in the transaction of the deed; whoever comes second waits here for its end.
    """
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(token=token, key=key, request=request, at=at), True
    except IntegrityError:
        return KeptAnswer.objects.get(token=token, key=key), False


def settle(kept: KeptAnswer, *, status: int, body: str, etag: str) -> None:
    kept.status, kept.body, kept.etag = status, body, etag
    kept.save(update_fields=["status", "body", "etag"])


def release(kept: KeptAnswer) -> None:
    """Give the key back: its deed was refused, and may be asked for again."""
    kept.delete()


def forget(*, at: datetime) -> int:
    """Forget what nobody will ask for again; return how many."""
    deleted, _by_model = KeptAnswer.objects.filter(at__lte=at - KEPT_FOR).delete()
    return deleted
