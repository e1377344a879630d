"""Reading large pages from a copy of the database that follows it (`DATABASE_REPLICA_URL`).

A page that may do so is marked `@reads_replica` and says how old its figures are. It reads the
primary where there is no replica, where that one is away, and while it may lack something that the
very person has done. Who may see what is asked of the primary: `on_primary`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from cities.access import person
from cities.models import User

logger = logging.getLogger(__name__)

REPLICA = "replica"
REMEMBERED = timedelta(days=1)  # a deed; no replica that is used lags longer
# Clocks of the web server and the database differ by less.
CLOCKS = timedelta(seconds=5)
PAUSE = 10  # seconds

_read_from: ContextVar[str] = ContextVar("read_from", default=DEFAULT_DB_ALIAS)


class ReplicaRouter:
    """Reads go where the page that is made has said; everything else to the primary."""

    def db_for_read(self, _model: type[Model], **_hints: Any) -> str:
        return _read_from.get()

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        return True  # the same rows

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


@contextmanager
def reading(alias: str) -> Iterator[None]:
    before = _read_from.set(alias)
    try:
        yield
    finally:
        _read_from.reset(before)


@contextmanager
def on_primary() -> Iterator[None]:
    """For questions whose answer must not be old."""
    with reading(DEFAULT_DB_ALIAS):
        yield


def has_replica() -> bool:
    return REPLICA in connections.settings


def note_deed(user: User, *, at: datetime) -> None:
    """Remember that the person has changed something, or may have."""
    if has_replica():
        cache.set(_key_of(user), at, REMEMBERED.total_seconds())


def reads_replica(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page that may read the replica; `request.figures_at` says how old its figures are.

    Stands below the gate, which asks the primary, and above a page that changes nothing. None: its
    figures are of this moment.
    """

    @wraps(view)
    def reader(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = replica_for(person(request))
        if at is not None:
            request.figures_at = at  # type: ignore[attr-defined]
            try:
                with reading(REPLICA):
                    return view(request, *args, **kwargs)
            except Error as error:  # it went away meanwhile, or had to change what was read
                _leave_alone(error)
        request.figures_at = None  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return reader


def replica_for(user: User) -> datetime | None:
    """The moment as of which the replica holds everything; None where it must not be read now."""
    if not has_replica() or time.monotonic() < _Away.until:
        return None
    at = replayed_until()
    done_at = cache.get(_key_of(user))
    if at is None or (done_at is not None and at < done_at + CLOCKS):
        return None
    return at


def replayed_until() -> datetime | None:
    """When the last transaction that the replica has was committed at the primary.

    Also where nothing was done since. None where it does not answer or follows nobody.
    """
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT pg_last_xact_replay_timestamp()")
            [at] = cursor.fetchone()
    except Error as error:
        _leave_alone(error)
        return None
    return None if at is None else at.astimezone(timezone.get_default_timezone())


class _Away:
    """Until when this process leaves the replica alone, by the clock that never goes back."""

    until = 0.0


def _leave_alone(error: Error) -> None:
    said = type(error).__name__  # never its words: they may hold what people entered
    logger.error("The replica does not answer (%s); the primary is read for %s s", said, PAUSE)
    _Away.until = time.monotonic() + PAUSE
    connections[REPLICA].close()


def _key_of(user: User) -> str:
    return f"deed:{user.pk}"
