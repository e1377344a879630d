"""How often a token may ask."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from api.problems import Problem

WINDOW = 60  # seconds


def count(token_id: int, *, at: datetime) -> None:
    """Count a request of this minute, over all workers. Raises Problem (429) beyond the limit."""
    second = int(at.timestamp())
    key = f"api-{token_id}-{second // WINDOW}"
    cache.add(key, 0, 2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out of the cache in between
        return
    if used > settings.KLA_API_RATE:
        wait = WINDOW - second % WINDOW
        raise Problem(
            429,
            "rate",
            _("Paling banyak %(most)d permintaan dalam satu menit. Coba lagi %(wait)d detik lagi.")
            % {"most": settings.KLA_API_RATE, "wait": wait},
            headers={"Retry-After": str(wait)},
        )
