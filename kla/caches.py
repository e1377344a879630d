"""The cache on Redis, which holds even while Redis does not answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

AWAY_SECONDS = 5.0  # so long nobody waits for a Redis that did not answer
PATIENCE = 0.5  # seconds for an answer
FALLBACK = "database"


class RedisOrDatabaseCache(RedisCache):
    """Django's own cache on Redis; the cache in the database takes over while that is away.

    What counts attempts to sign in must neither stop counting nor shut people out, so it counts
    on in the database, over all processes as before. Each engine then has its own count: at most
    twice the limit gets through, once. A code of a second factor, refused a second time for 30
    seconds, could be used again in the moment of the change.

    Asked in turn by each process: after a failure it leaves Redis alone for `AWAY_SECONDS`.
    """

    asked_again_at = 0.0  # of time.monotonic(), in seconds; of the class, as its failure is

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            # Once more at once, for connections kept from before Redis was started anew.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})

    def _or_database(self, name: str, *args: Any, **kwargs: Any) -> Any:
        ours = type(self)
        if time.monotonic() >= ours.asked_again_at:
            method: Callable[..., Any] = getattr(super(), name)
            try:
                found = method(*args, **kwargs)
            except RedisError as error:
                ours.asked_again_at = time.monotonic() + AWAY_SECONDS
                # Its name alone: the address may have a password in it.
                logger.warning(
                    "Redis does not answer (%s); the cache is in the database until it does",
                    type(error).__name__,
                )
            else:
                if ours.asked_again_at:
                    ours.asked_again_at = 0.0
                    logger.warning("Redis answers again; the cache is there")
                return found
        return getattr(caches[FALLBACK], name)(*args, **kwargs)

    def require_answer(self) -> None:
        """Raises RedisError where Redis itself does not answer, whatever takes over meanwhile."""
        self._cache.get_client(None, write=True).ping()

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_database("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_database("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or_database("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_database("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_database("delete", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._or_database("get_many", *args, **kwargs)
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or_database("has_key", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._or_database("incr", *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        return list(self._or_database("set_many", *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._or_database("delete_many", *args, **kwargs)

    def clear(self) -> bool | None:  # type: ignore[override]
        cleared: bool | None = self._or_database("clear")
        return cleared
