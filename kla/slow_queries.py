"""A line in the log for each query that takes longer than `KLA_SLOW_QUERY_MS`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)

SHOWN = 2000  # characters of the statement


def watch() -> None:
    """From now on, on every connection that this process opens: of pages, jobs and commands."""
    if settings.KLA_SLOW_QUERY_MS:
        connection_created.connect(_watched, dispatch_uid="kla.slow_queries")


def _watched(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    if _timed not in connection.execute_wrappers:  # a connection that was opened again
        connection.execute_wrappers.append(_timed)


def _timed(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """The statement is logged without its values, which may be anybody's name."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round((time.perf_counter() - begun) * 1000)
        if milliseconds >= settings.KLA_SLOW_QUERY_MS:
            statement = " ".join(str(sql).split())[:SHOWN]
            logger.warning(
                "Slow query, %s ms: %s",
                milliseconds,
                statement,
                extra={"milliseconds": milliseconds, "statement": statement},
            )
